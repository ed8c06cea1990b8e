// What a sign-in gives, and how it ends: devices, signing out, blocking, and the next token.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { app, auth, device, ending, isSignedIn, user, refused, signIn, TOKENS } from "./lab.mjs";

const JWT = { skip: TOKENS !== "jwt" };
const SESSION = { skip: TOKENS !== "session" };

const status = (client) => client.modules.serverpod_auth_core.status;
const isRefused = (client) => assert.rejects(client.accounts.listDevices(), app.UnauthorizedError);
const refresh = (refreshToken) => device().jwtRefresh.refreshAccessToken({ refreshToken });

test("one sees one's devices, and ends one of them with its streams", async () => {
  const { client, email } = await user({ name: "Phone/1.0" });
  const laptop = await signIn(email, { name: "Laptop/1.0" });
  const ended = await ending(laptop.client);
  const listed = new Map((await client.accounts.listDevices()).map((each) => [each.name, each]));
  assert.deepEqual([...listed.keys()].sort(), ["Laptop/1.0", "Phone/1.0"]);
  assert.deepEqual([listed.get("Phone/1.0").current, listed.get("Laptop/1.0").current], [true, false]);
  assert.equal(await client.accounts.endDevice(listed.get("Laptop/1.0").id), true);
  assert.ok((await ended()) < 5000);
  await isRefused(laptop.client);
  assert.equal(await client.accounts.endDevice(listed.get("Laptop/1.0").id), false);
  assert.equal((await client.accounts.listDevices()).length, 1);
});

test("nobody ends a device of somebody else", async () => {
  const [anna, ben] = [await user(), await user()];
  const [own] = await anna.client.accounts.listDevices();
  assert.equal(await ben.client.accounts.endDevice(own.id), false);
  assert.ok(await isSignedIn(anna.client));
});

test("signing out ends this device alone", async () => {
  const { client, email } = await user();
  const other = await signIn(email);
  const { token } = client.auth;
  const ended = await ending(client);
  await status(client).signOutDevice();
  assert.ok((await ended()) < 5000);
  const thief = new app.Client(process.env.HOST, { auth: { token } });
  await isRefused(thief);
  assert.equal(await isSignedIn(thief), false);
  assert.equal(await thief.emailIdp.hasAccount(), false);
  await status(thief).signOutDevice();
  await status(thief).signOutAllDevices();
  assert.ok(await isSignedIn(other.client));
});

test("signing out everywhere ends all devices", async () => {
  const { client, email } = await user();
  const other = await signIn(email);
  const ended = await ending(other.client);
  await status(client).signOutAllDevices();
  assert.ok((await ended()) < 5000);
  await isRefused(client);
  await isRefused(other.client);
});

test("who is blocked is out within five seconds: calls, streams and the next sign-in", async () => {
  const { client, email, id } = await user();
  const ended = await ending(client);
  await lab.operator.block(id);
  assert.ok((await ended()) < 5000);
  await isRefused(client);
  const again = device().emailIdp.login({ email, password: lab.PASSWORD });
  await assert.rejects(again, (error) => {
    return error instanceof auth.AuthUserBlockedException || error.reason === "invalidCredentials";
  });
});

test("without a token, or with an invented one, nothing opens that needs one", async () => {
  const nobody = device();
  await isRefused(nobody);
  assert.equal(await isSignedIn(nobody), false);
  await assert.rejects(nobody.watch.watch().next(), app.StreamRefusedError);
  for (const token of ["podium_" + "x".repeat(43), "eyJhbGciOiJub25lIn0.e30.", "invented"]) {
    const invented = new app.Client(process.env.HOST, { auth: { token } });
    await isRefused(invented);
    assert.equal(await isSignedIn(invented), false);
  }
});

test("a session is one key that holds for months", SESSION, async () => {
  const { success } = await user();
  assert.match(success.token, /^podium_[\w-]{43}$/);
  assert.equal(success.refreshToken, null);
  assert.ok(success.tokenExpiresAt - Date.now() > 80 * 86_400_000);
});

test("a sign-in has a token for minutes, which the client renews before its end", JWT, async () => {
  const { client, success } = await user();
  const minutes = (success.tokenExpiresAt - Date.now()) / 60_000;
  assert.ok(minutes > 5 && minutes <= 10, `${minutes} minutes`);
  const { token, refreshToken } = success;
  await client.auth.set({ token, refreshToken, tokenExpiresAt: new Date(Date.now() + 30_100) });
  await lab.sleep(200);
  assert.equal((await client.accounts.listDevices()).length, 1);
  assert.notEqual(client.auth.token, token);
});

test("a token that the server takes no longer is renewed, and the call goes through", JWT, async () => {
  const { client, success } = await user();
  await client.auth.set({ ...success, token: `${success.token.slice(0, -4)}AAAA` });
  const calls = await Promise.all([1, 2, 3].map(() => client.accounts.listDevices()));
  assert.deepEqual(calls.map((each) => each.length), [1, 1, 1]);
  assert.ok(client.auth.isSignedIn);
});

test("an answer that was lost may be asked for again", JWT, async () => {
  const { success } = await user();
  const [first, second] = [await refresh(success.refreshToken), await refresh(success.refreshToken)];
  assert.equal(first.refreshToken, second.refreshToken);
  assert.notEqual(first.refreshToken, success.refreshToken);
});

test("who lost the answer of a refresh stays signed in, a day later too", JWT, async () => {
  const { success, id } = await user();
  const line = await lab.cutLine();
  const client = device("Phone/1.0", line.host);
  const aboutToEnd = () => client.auth.set({ ...success, tokenExpiresAt: new Date(Date.now() + 30_100) });
  await aboutToEnd();
  await lab.sleep(200);
  for (const lost of [1, 2]) {
    await assert.rejects(client.accounts.listDevices(), app.NetworkError);
    assert.deepEqual([client.auth.isSignedIn, client.auth.token, line.lost()], [true, success.token, lost]);
    await lab.operator.ageSignIns(id);
  }
  line.repair();
  assert.equal((await client.accounts.listDevices()).length, 1);
  assert.notEqual(client.auth.token, success.token);
  line.close();
});

test("a refresh token that comes back after its time ends the sign-in on all sides", JWT, async () => {
  const { client, email, id, success } = await user();
  const other = await signIn(email);
  const thief = await refresh((await refresh(success.refreshToken)).refreshToken);
  await lab.operator.ageSignIns(id);
  await client.auth.set({ ...success, tokenExpiresAt: new Date() });
  await refused(refresh(success.refreshToken), auth.RefreshTokenInvalidSecretException);
  await refused(refresh(thief.refreshToken), auth.RefreshTokenNotFoundException);
  await isRefused(new app.Client(process.env.HOST, { auth: { token: thief.token } }));
  await isRefused(client);
  assert.equal(client.auth.isSignedIn, false);
  assert.ok(await isSignedIn(other.client));
  assert.ok((await lab.operator.eventsOf(id)).includes("refresh_token_reused"));
});

test("a refresh token is no access token, and what is none is refused", JWT, async () => {
  const { success } = await user();
  await isRefused(new app.Client(process.env.HOST, { auth: { token: success.refreshToken } }));
  await refused(refresh("invented"), auth.RefreshTokenMalformedException);
  await refused(refresh(success.token), auth.RefreshTokenMalformedException);
});

test("who signed out or is blocked gets no further token", JWT, async () => {
  const [anna, ben] = [await user(), await user()];
  await status(anna.client).signOutDevice();
  await lab.operator.block(ben.id);
  for (const { success } of [anna, ben]) {
    await refused(refresh(success.refreshToken), auth.RefreshTokenNotFoundException);
  }
});
