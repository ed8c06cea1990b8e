// E-mail address and password: signing up, in, and a new password.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { device, idp, isSignedIn, PASSWORD, user, refused } from "./lab.mjs";

const { EmailAccountLoginException, EmailAccountPasswordResetException, EmailAccountRequestException } = idp;

test("who has the mailed code signs up, is signed in, and signs in again elsewhere", async () => {
  const { client, email, success } = await user();
  assert.equal(success.authStrategy, lab.TOKENS);
  assert.ok(await isSignedIn(client));
  assert.equal(await client.emailIdp.hasAccount(), true);
  assert.equal((await client.modules.serverpod_auth_core.userProfileInfo.get()).email, email);
  const other = await lab.signIn(email.toUpperCase());
  assert.equal(other.success.authUserId, success.authUserId);
  assert.notEqual(other.success.token, success.token);
});

test("a wrong code is refused, and three of them end the request", async () => {
  const [client, email] = [device(), lab.address()];
  const accountRequestId = await client.emailIdp.startRegistration({ email });
  const code = await lab.mailedCode(email);
  const hand = (verificationCode) => client.emailIdp.verifyRegistrationCode({ accountRequestId, verificationCode });
  for (let tries = 0; tries < 3; tries++) {
    await refused(hand(lab.wrong(code)), EmailAccountRequestException, { reason: "invalid" });
  }
  await refused(hand(code), EmailAccountRequestException, { reason: "tooManyAttempts" });
});

test("a code that is too old is refused", async () => {
  const [client, email] = [device(), lab.address()];
  const accountRequestId = await client.emailIdp.startRegistration({ email });
  await lab.operator.expire(accountRequestId);
  const verificationCode = await lab.mailedCode(email);
  const handed = client.emailIdp.verifyRegistrationCode({ accountRequestId, verificationCode });
  await refused(handed, EmailAccountRequestException, { reason: "expired" });
});

test("a code works once, and for its own request alone", async () => {
  const [client, email] = [device(), lab.address()];
  const first = await client.emailIdp.startRegistration({ email });
  const verificationCode = await lab.mailedCode(email);
  const second = await client.emailIdp.startRegistration({ email });
  const hand = (accountRequestId) => client.emailIdp.verifyRegistrationCode({ accountRequestId, verificationCode });
  await refused(hand(second), EmailAccountRequestException, { reason: "invalid" });
  const registrationToken = await hand(first);
  await refused(hand(first), EmailAccountRequestException, { reason: "invalid" });
  await client.emailIdp.finishRegistration({ registrationToken, password: PASSWORD });
  const again = client.emailIdp.finishRegistration({ registrationToken, password: PASSWORD });
  await refused(again, EmailAccountRequestException, { reason: "invalid" });
});

test("an address that is taken is answered as one that is free, and its owner is told", async () => {
  const { email } = await user();
  const mails = (await lab.mailsTo(email)).length;
  const client = device();
  const accountRequestId = await client.emailIdp.startRegistration({ email });
  const free = await client.emailIdp.startRegistration({ email: lab.address() });
  assert.equal(accountRequestId.length, free.length);
  const told = (await lab.mailsTo(email)).slice(mails);
  assert.equal(told.length, 1);
  assert.doesNotMatch(told[0], /^\d{8}$/m);
  for (const id of [accountRequestId, free]) {
    const guess = client.emailIdp.verifyRegistrationCode({ accountRequestId: id, verificationCode: "00000000" });
    await refused(guess, EmailAccountRequestException, { reason: "invalid" });
  }
});

test("a weak password is refused, and the next one is taken", async () => {
  const [client, email] = [device(), lab.address()];
  const registrationToken = await lab.registrationToken(client, email);
  for (const password of ["short", "password123", "1234567890", email]) {
    const weak = client.emailIdp.finishRegistration({ registrationToken, password });
    await refused(weak, EmailAccountRequestException, { reason: "policyViolation" });
  }
  assert.ok((await client.emailIdp.finishRegistration({ registrationToken, password: PASSWORD })).token);
});

test("a wrong password and an unknown address are refused alike", async () => {
  const { email } = await user();
  const client = device();
  const [known, unknown] = [email, lab.address()];
  for (const given of [{ email: known, password: "wrong" }, { email: unknown, password: PASSWORD }]) {
    await refused(client.emailIdp.login(given), EmailAccountLoginException, { reason: "invalidCredentials" });
  }
});

test("a password may be long, of any characters, and counts to the last one", async () => {
  const [client, email] = [device(), lab.address()];
  const password = `${"pâssword 密码 🔑 ".repeat(6)}end`;
  await lab.register(client, email, password);
  assert.ok((await device().emailIdp.login({ email, password })).token);
  for (const other of [password.slice(0, -1), password.toUpperCase(), ` ${password}`]) {
    await refused(device().emailIdp.login({ email, password: other }), EmailAccountLoginException);
  }
});

test("guesses at an account have to wait, but not its owner on a device of theirs", async () => {
  const { client, email } = await user();
  await client.auth.clear();
  await client.auth.set(await client.emailIdp.login({ email, password: PASSWORD }));
  const reasons = [];
  for (let guesses = 0; guesses < 8; guesses++) {
    await device().emailIdp.login({ email, password: "wrong" }).catch((error) => reasons.push(error.reason));
  }
  assert.deepEqual([reasons[0], reasons.at(-1)], ["invalidCredentials", "tooManyAttempts"]);
  await client.auth.clear();
  assert.ok((await client.emailIdp.login({ email, password: PASSWORD })).token);
});

test("too many registrations of one address are refused", async () => {
  const email = lab.address();
  for (let mails = 0; mails < 5; mails++) await device().emailIdp.startRegistration({ email });
  const sixth = device().emailIdp.startRegistration({ email });
  await refused(sixth, EmailAccountRequestException, { reason: "tooManyAttempts" });
  assert.equal((await lab.mailsTo(email)).length, 5);
});

test("a new password by a mailed code ends all sign-ins and the old password", async () => {
  const { client, email } = await user();
  const other = await lab.signIn(email);
  const ended = await lab.ending(other.client);
  const lost = device();
  const passwordResetRequestId = await lost.emailIdp.startPasswordReset({ email });
  const verificationCode = await lab.mailedCode(email);
  const hand = (code) => lost.emailIdp.verifyPasswordResetCode({ passwordResetRequestId, verificationCode: code });
  await refused(hand(lab.wrong(verificationCode)), EmailAccountPasswordResetException, { reason: "invalid" });
  const finishPasswordResetToken = await hand(verificationCode);
  const set = (newPassword) => lost.emailIdp.finishPasswordReset({ finishPasswordResetToken, newPassword });
  await refused(set("short"), EmailAccountPasswordResetException, { reason: "policyViolation" });
  assert.ok(await isSignedIn(client));
  await set("another horse battery 8");
  assert.ok((await ended()) < 5000);
  await assert.rejects(client.accounts.listDevices(), lab.app.UnauthorizedError);
  await refused(device().emailIdp.login({ email, password: PASSWORD }), EmailAccountLoginException);
  await lab.signIn(email, { password: "another horse battery 8" });
  await refused(set(PASSWORD), EmailAccountPasswordResetException, { reason: "invalid" });
  assert.match((await lab.mailsTo(email)).at(-1), /password/i);
});

test("a new password for an address that nobody has is answered alike, and sets none", async () => {
  const email = lab.address();
  const passwordResetRequestId = await device().emailIdp.startPasswordReset({ email });
  assert.equal(passwordResetRequestId.length, 36);
  const [mail] = await lab.mailsTo(email);
  assert.doesNotMatch(mail, /^\d{8}$/m);
});

test("whoever is signed in with a password does not sign up once more", async () => {
  const { client } = await user();
  const registrationToken = await lab.registrationToken(client, lab.address());
  const finished = client.emailIdp.finishRegistration({ registrationToken, password: PASSWORD });
  await refused(finished, lab.auth.SignInWhileAuthenticatedException);
});
