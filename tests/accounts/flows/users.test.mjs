// The profile, consents, a copy of all data, and the end of an account.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as lab from "./lab.mjs";
import { app, device, ending, PASSWORD, user, refused } from "./lab.mjs";

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const picture = new Uint8Array(Buffer.from(PIXEL, "base64"));

test("one changes one's names and picture, and everybody with its address sees the picture", async () => {
  const { client } = await user();
  assert.equal((await client.userProfileEdit.changeUserName("anna")).userName, "anna");
  assert.equal((await client.userProfileEdit.changeFullName("Anna Berg")).fullName, "Anna Berg");
  const { imageUrl } = await client.userProfileEdit.setUserImage(picture);
  const shown = await fetch(imageUrl);
  assert.deepEqual([shown.status, shown.headers.get("content-type")], [200, "image/webp"]);
  const profile = await client.modules.serverpod_auth_core.userProfileInfo.get();
  assert.deepEqual([profile.userName, profile.fullName, profile.imageUrl], ["anna", "Anna Berg", imageUrl]);
  assert.equal((await client.userProfileEdit.removeUserImage()).imageUrl, null);
  assert.equal((await fetch(imageUrl)).status, 404);
});

test("what is no name or no picture is refused", async () => {
  const { client } = await user();
  await refused(client.userProfileEdit.changeUserName("a\nb"), app.ProfileException, { reason: "badName" });
  const text = new Uint8Array(Buffer.from("<svg/>"));
  await refused(client.userProfileEdit.setUserImage(text), app.ProfileException, { reason: "noPicture" });
  await assert.rejects(device().userProfileEdit.changeUserName("anna"), app.UnauthorizedError);
});

test("consents are given and taken back, and both is kept", async () => {
  const { client } = await user();
  const { version, withdrawnAt } = await client.accountData.giveConsent("terms", "2");
  assert.deepEqual([version, withdrawnAt], ["2", null]);
  const [taken] = await client.accountData.withdrawConsent("terms");
  assert.ok(taken.withdrawnAt instanceof Date);
  const listed = await client.accountData.listConsents();
  assert.deepEqual(listed.map((each) => [each.document, each.version]), [["terms", "2"]]);
});

test("one gets a copy of all that is stored of one, at an address that nobody can guess", async () => {
  const { client } = await user();
  const { url, expiresAt } = await client.accountData.exportData();
  assert.ok(expiresAt > new Date());
  const answer = await fetch(url);
  const zip = Buffer.from(await answer.arrayBuffer());
  assert.equal(answer.status, 200);
  assert.equal(zip.subarray(0, 2).toString(), "PK");
  assert.ok(zip.includes("devices.json"), "the names in the ZIP");
  const other = url.replace(/.(?=\/?$)/, (last) => (last === "A" ? "B" : "A"));
  assert.notEqual((await fetch(other)).status, 200);
});

test("who deletes the account is out at once, and gone a moment later", async () => {
  const { client, email, id } = await user();
  const other = await lab.signIn(email);
  const ended = await ending(other.client);
  await client.accountData.deleteAccount();
  assert.ok((await ended()) < 5000);
  await assert.rejects(client.accounts.listDevices(), app.UnauthorizedError);
  await assert.rejects(device().emailIdp.login({ email, password: PASSWORD }));
  await lab.operator.work();
  assert.equal(await lab.operator.exists(id), false);
  const again = await user({ email });
  assert.notEqual(again.id, id);
});

test("a sign-in of long ago needs the password to delete the account", async () => {
  const { client, id } = await user();
  await lab.operator.ageSignIns(id);
  const { ReauthenticationException } = app;
  await refused(client.accountData.deleteAccount(), ReauthenticationException, { reason: "required" });
  const guess = client.accountData.deleteAccount({ password: "wrong" });
  await refused(guess, ReauthenticationException, { reason: "invalidCredentials" });
  assert.ok(await lab.operator.exists(id));
  await client.accountData.deleteAccount({ password: PASSWORD });
  await lab.operator.work();
  assert.equal(await lab.operator.exists(id), false);
});
