// Accounts without a name, and what becomes of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { at, device, isSignedIn, PASSWORD } from "./lab.mjs";

async function nameless() {
  const client = device();
  const success = await client.anonymousIdp.login();
  await client.auth.set(success);
  return { client, id: success.authUserId };
}

test("an account without a name is made at a tap, and is nobody else's", async () => {
  const [one, other] = [await nameless(), await nameless()];
  assert.ok(await isSignedIn(one.client));
  assert.notEqual(one.id, other.id);
  assert.equal(await one.client.emailIdp.hasAccount(), false);
});

test("an account without a name is kept when its owner signs up by e-mail", async () => {
  const { client, id } = await nameless();
  const email = lab.address();
  const success = await lab.register(client, email);
  assert.equal(success.authUserId, id);
  await client.auth.set(success); // a sign-in takes the place of the one it came with
  assert.equal((await lab.signIn(email)).success.authUserId, id);
  assert.equal(await client.emailIdp.hasAccount(), true);
});

test("an account without a name is kept when its owner signs in with Google", async () => {
  const { client, id } = await nameless();
  const idToken = await lab.idToken({ iss: "https://accounts.google.com", aud: at.google, sub: lab.subject() });
  const success = await client.googleIdp.login({ idToken, accessToken: null });
  assert.equal(success.authUserId, id);
  await client.auth.set(success);
  assert.equal((await device().googleIdp.login({ idToken, accessToken: null })).authUserId, id);
  assert.equal(await client.googleIdp.hasAccount(), true);
});

test("an account without a name does not become that of somebody who has one", async () => {
  const { email, id: known } = await lab.user();
  const { client, id } = await nameless();
  const signIn = client.emailIdp.login({ email, password: PASSWORD });
  await lab.refused(signIn, lab.auth.SignInWhileAuthenticatedException);
  assert.notEqual(id, known);
  assert.ok(await isSignedIn(client));
});
