// Codes of an authenticator app and recovery codes beside the first factor.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { app, device, isSignedIn, PASSWORD, user, refused } from "./lab.mjs";
import { freshCode, nextCode } from "./totp.mjs";

const { SecondFactorException, SecondFactorRequiredException } = app;

/** Somebody whose sign-ins ask for a code: the secret of their app, the code that it was set up with, recovery codes. */
async function guarded() {
  const { client, email, id } = await user();
  const { secret } = await client.secondFactor.startTotp(PASSWORD);
  const used = await freshCode(secret);
  const recoveryCodes = await client.secondFactor.confirmTotp(used);
  return { client, email, id, secret, used, recoveryCodes };
}

/** What is left to do after the password: the token that goes with a code. */
async function passwordGiven(client, { email }, password = PASSWORD) {
  let token;
  await assert.rejects(client.emailIdp.login({ email, password }), (error) => {
    token = error.token;
    return error instanceof SecondFactorRequiredException && error.methods.includes("totp");
  });
  return token;
}

test("a sign-in asks for a code of the app, each of which works once", async () => {
  const anna = await guarded();
  const client = device();
  const token = await passwordGiven(client, anna);
  assert.equal(await isSignedIn(client), false);
  const finish = (code) => client.secondFactor.finishSignIn(token, code);
  await refused(finish("000000"), SecondFactorException, { reason: "invalid" });
  await refused(finish(anna.used), SecondFactorException, { reason: "invalid" });
  await nextCode();
  const code = await freshCode(anna.secret);
  const success = await finish(code);
  assert.equal(success.authUserId, anna.id);
  await client.auth.set(success);
  assert.ok(await isSignedIn(client));
  await refused(finish(code), SecondFactorException, { reason: "expired" });
  const again = await passwordGiven(device(), anna);
  await refused(device().secondFactor.finishSignIn(again, code), SecondFactorException, { reason: "invalid" });
});

test("a recovery code signs in once, where the app is lost", async () => {
  const anna = await guarded();
  const [code] = anna.recoveryCodes;
  const client = device();
  await client.auth.set(await client.secondFactor.finishSignIn(await passwordGiven(client, anna), code));
  const { recoveryCodesLeft } = await client.secondFactor.status();
  assert.equal(recoveryCodesLeft, anna.recoveryCodes.length - 1);
  const token = await passwordGiven(device(), anna);
  await refused(device().secondFactor.finishSignIn(token, code), SecondFactorException, { reason: "invalid" });
});

test("the ticket of one sign-in bears a few wrong codes", async () => {
  const anna = await guarded();
  const token = await passwordGiven(device(), anna);
  const reasons = [];
  for (let tries = 0; tries < 7; tries++) {
    await device().secondFactor.finishSignIn(token, "000000").catch(({ reason }) => reasons.push(reason));
  }
  assert.equal(reasons[0], "invalid");
  assert.notEqual(reasons.at(-1), "invalid");
  const right = device().secondFactor.finishSignIn(token, anna.recoveryCodes[0]);
  await assert.rejects(right, SecondFactorException);
});

test("a new password does not get around the second factor", async () => {
  const anna = await guarded();
  const lost = device();
  const passwordResetRequestId = await lost.emailIdp.startPasswordReset({ email: anna.email });
  const finishPasswordResetToken = await lost.emailIdp.verifyPasswordResetCode({
    passwordResetRequestId,
    verificationCode: await lab.mailedCode(anna.email),
  });
  await lost.emailIdp.finishPasswordReset({ finishPasswordResetToken, newPassword: "another horse battery 8" });
  assert.ok(await passwordGiven(lost, anna, "another horse battery 8"));
});

test("neither does a provider", async () => {
  const anna = await guarded();
  const sub = lab.subject();
  const login = async (client) => client.oidcIdp.login({ provider: "ours", idToken: await lab.idToken({ sub }) });
  await assert.rejects(login(anna.client), SecondFactorRequiredException);
  await assert.rejects(login(device()), SecondFactorRequiredException);
});

test("setting up and ending take the password or a code, and the owner is told", async () => {
  const { client, email } = await user();
  await refused(client.secondFactor.startTotp(), SecondFactorException, { reason: "proofRequired" });
  await refused(client.secondFactor.startTotp("wrong"), SecondFactorException, { reason: "invalid" });
  const { secret, uri } = await client.secondFactor.startTotp(PASSWORD);
  assert.match(uri, /^otpauth:\/\/totp\//);
  const mails = (await lab.mailsTo(email)).length;
  const [code] = await client.secondFactor.confirmTotp(await freshCode(secret));
  assert.equal((await lab.mailsTo(email)).length, mails + 1);
  assert.equal((await client.secondFactor.status()).required, true);
  await refused(client.secondFactor.disable("000000"), SecondFactorException, { reason: "invalid" });
  await client.secondFactor.disable(code);
  assert.ok((await lab.signIn(email)).success.token);
});
