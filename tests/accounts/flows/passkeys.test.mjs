// Passkeys, by a key in software.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { app, device, idp, user, refused } from "./lab.mjs";
import { Passkey } from "./passkey.mjs";
import { freshCode } from "./totp.mjs";

const { PasskeyRefusedException } = app;
const { PasskeyChallengeNotFoundException, PasskeyPublicKeyNotFoundException } = idp;

async function keep(client, passkey) {
  const registrationRequest = passkey.registration(await client.passkeyIdp.createChallenge());
  await client.passkeyIdp.register({ registrationRequest });
}

async function signIn(client, passkey, options) {
  const loginRequest = passkey.login(await client.passkeyIdp.createChallenge(), options);
  return client.passkeyIdp.login({ loginRequest });
}

/** Somebody with a passkey. */
async function holder(options) {
  const anna = await user();
  const passkey = new Passkey(options);
  await keep(anna.client, passkey);
  return { ...anna, passkey };
}

test("a passkey signs in who added it, and the password still does", async () => {
  const { client, email, id, passkey } = await holder();
  assert.equal(await client.passkeyIdp.hasAccount(), true);
  const other = device();
  const success = await signIn(other, passkey);
  assert.equal(success.authUserId, id);
  await other.auth.set(success);
  assert.ok(await lab.isSignedIn(other));
  assert.ok((await lab.signIn(email)).success.token);
});

test("only who is signed in adds a passkey", async () => {
  await assert.rejects(keep(device(), new Passkey()), app.UnauthorizedError);
});

test("an answer works once, for the page of this app, and with this key alone", async () => {
  const { passkey } = await holder();
  const client = device();
  const loginRequest = passkey.login(await client.passkeyIdp.createChallenge());
  assert.ok((await client.passkeyIdp.login({ loginRequest })).token);
  await refused(client.passkeyIdp.login({ loginRequest }), PasskeyChallengeNotFoundException);
  await refused(signIn(client, passkey, { origin: "https://evil.example" }), PasskeyRefusedException);
  await refused(signIn(client, new Passkey()), PasskeyPublicKeyNotFoundException);
  const impostor = new Passkey();
  impostor.id = passkey.id;
  await refused(signIn(client, impostor), PasskeyRefusedException, { reason: "invalid" });
});

test("a passkey is removed with a proof, and opens nothing any more", async () => {
  const { client, passkey } = await holder();
  const { passkeys } = await client.secondFactor.status();
  assert.equal(passkeys.length, 1);
  await refused(client.secondFactor.removePasskey(passkeys[0].id), app.SecondFactorException, { reason: "proofRequired" });
  await client.secondFactor.removePasskey(passkeys[0].id, lab.PASSWORD);
  await refused(signIn(device(), passkey), PasskeyPublicKeyNotFoundException);
});

test("with a face, finger or PIN it is two factors, without it is one", async () => {
  for (const verified of [true, false]) {
    const { client, passkey } = await holder({ verified });
    const { secret } = await client.secondFactor.startTotp(lab.PASSWORD);
    await client.secondFactor.confirmTotp(await freshCode(secret));
    if (verified) assert.ok((await signIn(device(), passkey)).token);
    else await assert.rejects(signIn(device(), passkey), app.SecondFactorRequiredException);
  }
});

test("a passkey is the second factor beside a password", async () => {
  const { client, email, id, passkey } = await holder();
  const { secret } = await client.secondFactor.startTotp(lab.PASSWORD);
  await client.secondFactor.confirmTotp(await freshCode(secret));
  const other = device();
  const due = await other.emailIdp.login({ email, password: lab.PASSWORD }).catch((error) => error);
  assert.ok(due instanceof app.SecondFactorRequiredException);
  const loginRequest = passkey.login(await other.passkeyIdp.createChallenge());
  const success = await other.secondFactor.finishSignInWithPasskey(due.token, loginRequest);
  assert.equal(success.authUserId, id);
});

test("who is blocked does not come in with a passkey", async () => {
  const { id, passkey } = await holder();
  await lab.operator.block(id);
  await refused(signIn(device(), passkey), lab.auth.AuthUserBlockedException);
});
