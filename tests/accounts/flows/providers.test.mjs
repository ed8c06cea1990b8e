// Signing in with each provider.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { app, at, code, device, idp, idToken, user, refused } from "./lab.mjs";

const TENANT = "11111111-2222-3333-4444-555555555555";
const { redirectUri, codeVerifier } = at;

const google = (sub, aud = at.google) => idToken({ iss: "https://accounts.google.com", aud, sub });
const apple = (sub, aud = at.bundle) => idToken({ iss: "https://appleid.apple.com", aud, sub });
const ours = (sub, aud = at.client) => idToken({ aud, sub });

function firebase(sub, project = at.project) {
  const auth_time = Math.floor(Date.now() / 1000) - 5;
  return idToken({ iss: `https://securetoken.google.com/${project}`, aud: project, auth_time, sub });
}

async function microsoft(sub, aud = at.client) {
  const id_token = await idToken({ iss: `${at.url}/${TENANT}/v2.0`, tid: TENANT, aud, sub });
  return code({ access_token: `of:${sub}`, id_token });
}

async function appleSignIn(client, identityToken, sub, names = {}) {
  const answer = { access_token: "a", refresh_token: "r", id_token: await apple(sub) };
  const authorizationCode = await code(answer, { client_id: at.bundle, redirect_uri: "", verifier: "" });
  const given = { identityToken, authorizationCode, isNativeApplePlatformSignIn: true, ...names };
  return client.appleIdp.login(given);
}

/** The way in with a good token of the user `sub`; with one that was made for another app; how that is refused. */
const WAYS = {
  google: {
    good: async (client, sub) => client.googleIdp.login({ idToken: await google(sub), accessToken: `of:${sub}` }),
    another: async (client, sub) =>
      client.googleIdp.login({ idToken: await google(sub, "999-x.apps.googleusercontent.com"), accessToken: null }),
    refusal: idp.GoogleIdTokenVerificationException,
    has: (client) => client.googleIdp.hasAccount(),
  },
  googleInBrowsers: {
    good: async (client, sub) =>
      client.googleIdp.loginWithCode({
        code: await code({ id_token: await google(sub) }, { client_id: at.google }),
        codeVerifier,
        redirectUri,
      }),
    another: async (client, sub) =>
      client.googleIdp.loginWithCode({
        code: await code({ id_token: await google(sub, "another-app") }, { client_id: at.google }),
        codeVerifier,
        redirectUri,
      }),
    refusal: idp.GoogleIdTokenVerificationException,
    has: (client) => client.googleIdp.hasAccount(),
  },
  apple: {
    good: async (client, sub) => appleSignIn(client, await apple(sub), sub),
    another: async (client, sub) => appleSignIn(client, await apple(sub, "com.example.another"), sub),
    refusal: app.IdentityVerificationException,
    has: (client) => client.appleIdp.hasAccount(),
  },
  firebase: {
    good: async (client, sub) => client.firebaseIdp.login({ idToken: await firebase(sub) }),
    another: async (client, sub) => client.firebaseIdp.login({ idToken: await firebase(sub, "another-project") }),
    refusal: idp.FirebaseIdTokenVerificationException,
    has: (client) => client.firebaseIdp.hasAccount(),
  },
  github: {
    good: async (client, sub) =>
      client.gitHubIdp.login({ code: await code({ access_token: `of:${sub}` }), codeVerifier, redirectUri }),
    another: async (client, sub) =>
      client.gitHubIdp.login({ code: await code({ access_token: `not-ours:${sub}` }), codeVerifier, redirectUri }),
    refusal: idp.GitHubAccessTokenVerificationException,
    has: (client) => client.gitHubIdp.hasAccount(),
  },
  microsoft: {
    good: async (client, sub) =>
      client.microsoftIdp.login({ code: await microsoft(sub), codeVerifier, redirectUri, isWebPlatform: false }),
    another: async (client, sub) => {
      const given = { code: await microsoft(sub, "another-app"), codeVerifier, redirectUri, isWebPlatform: true };
      return client.microsoftIdp.login(given);
    },
    refusal: idp.MicrosoftAccessTokenVerificationException,
    has: (client) => client.microsoftIdp.hasAccount(),
  },
  facebook: {
    good: (client, sub) => client.facebookIdp.login({ accessToken: `of:${sub}` }),
    another: (client, sub) => client.facebookIdp.login({ accessToken: `not-ours:${sub}` }),
    refusal: idp.FacebookAccessTokenVerificationException,
    has: (client) => client.facebookIdp.hasAccount(),
  },
  oidc: {
    good: async (client, sub) => client.oidcIdp.login({ provider: "ours", idToken: await ours(sub) }),
    another: async (client, sub) => client.oidcIdp.login({ provider: "ours", idToken: await ours(sub, "other") }),
    refusal: app.IdentityVerificationException,
    has: (client) => client.oidcIdp.hasAccount({ provider: "ours" }),
  },
};

/** The same with each provider. */
const each = (step) => async (context) => {
  for (const [name, way] of Object.entries(WAYS)) await context.test(name, () => step(way));
};

test("a good token makes an account, and opens it again from another device", each(async ({ good }) => {
  const [sub, client] = [lab.subject(), device()];
  const success = await good(client, sub);
  await client.auth.set(success);
  assert.ok(await lab.isSignedIn(client));
  assert.equal((await good(device(), sub)).authUserId, success.authUserId);
  assert.notEqual((await good(device(), lab.subject())).authUserId, success.authUserId);
}));

test("a token that was made for another app is refused", each(async ({ another, refusal }) => {
  const client = device();
  await refused(another(client, lab.subject()), refusal);
  assert.equal(await lab.isSignedIn(client), false);
}));

test("a provider becomes a further way in for who is signed in", each(async ({ good, has }) => {
  const { client, id } = await user();
  const sub = lab.subject();
  assert.equal(await has(client), false);
  const success = await good(client, sub);
  assert.equal(success.authUserId, id);
  await client.auth.set(success);
  assert.equal(await has(client), true);
  assert.equal((await good(device(), sub)).authUserId, id);
  assert.ok((await lab.operator.eventsOf(id)).includes("identity_linked"));
}));

test("the identity of another stays theirs", each(async ({ good, has }) => {
  const sub = lab.subject();
  const owner = (await good(device(), sub)).authUserId;
  const { client } = await user();
  await refused(good(client, sub), lab.auth.SignInWhileAuthenticatedException);
  assert.equal(await has(client), false);
  assert.equal((await good(device(), sub)).authUserId, owner);
}));

test("a blocked user does not come in with any provider", each(async ({ good }) => {
  const sub = lab.subject();
  await lab.operator.block((await good(device(), sub)).authUserId);
  await refused(good(device(), sub), lab.auth.AuthUserBlockedException);
}));

test("a code is good once, with its verifier and its address of return", async () => {
  const login = (more) => device().gitHubIdp.login({ code: used, codeVerifier, redirectUri, ...more });
  let used = await code({ access_token: `of:${lab.subject()}` });
  await refused(login({ redirectUri: "https://evil.example" }), idp.GitHubAccessTokenVerificationException);
  assert.ok((await login()).token);
  await refused(login(), idp.GitHubAccessTokenVerificationException);
  used = await code({ access_token: `of:${lab.subject()}` });
  await refused(login({ codeVerifier: "w".repeat(50) }), idp.GitHubAccessTokenVerificationException);
});

test("an ID token counts with the nonce that the app sent", async () => {
  const [sub, client] = [lab.subject(), device()];
  const token = await idToken({ sub, nonce: "n-1" });
  const login = (nonce) => client.oidcIdp.login({ provider: "ours", idToken: token, nonce });
  await refused(login("n-2"), app.IdentityVerificationException, { provider: "ours" });
  assert.ok((await login("n-1")).token);
});

test("the same id at two providers is two users", async () => {
  const sub = lab.subject();
  const ids = [];
  for (const { good } of [WAYS.google, WAYS.github, WAYS.facebook, WAYS.oidc]) {
    ids.push((await good(device(), sub)).authUserId);
  }
  assert.equal(new Set(ids).size, ids.length);
});

test("a provider's word for an address does not open the account that has it", async () => {
  const { email, id } = await user();
  const token = await idToken({ sub: lab.subject(), email, email_verified: true });
  assert.notEqual((await device().oidcIdp.login({ provider: "ours", idToken: token })).authUserId, id);
});

test("Apple tells the name the first time, and it is kept", async () => {
  const [client, sub] = [device(), lab.subject()];
  const names = { firstName: "Anna", lastName: "Berg" };
  await client.auth.set(await appleSignIn(client, await apple(sub), sub, names));
  assert.equal((await client.modules.serverpod_auth_core.userProfileInfo.get()).userName, "Anna Berg");
});
