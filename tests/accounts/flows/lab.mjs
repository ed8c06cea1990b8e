// What the steps have in common: devices, users, mails, and what the played providers give.

import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export { sleep };
export const app = await import(process.env.CLIENT);
export const auth = app.serverpodAuthCoreModule;
export const idp = app.serverpodAuthIdpModule;
export const TOKENS = process.env.TOKENS;
export const PASSWORD = "correct horse battery 7";
export const at = JSON.parse(process.env.PROVIDER);


/** A device on which nobody is signed in; `name` is what it calls itself. */
export function device(name = "Phone/1.0", host = process.env.HOST) {
  const client = new app.Client(host, {
    headers: { "X-Device-Id": randomUUID(), "User-Agent": name },
    auth: { refresh: (refreshToken) => client.jwtRefresh.refreshAccessToken({ refreshToken }) },
  });
  return client;
}

/** A proxy that forwards requests to the server and hangs up instead of returning the response, until it is repaired. */
export async function cutLine() {
  const server = new URL(process.env.HOST);
  let [cut, lost] = [true, 0];
  const line = createServer((down) => {
    const up = connect(Number(server.port), server.hostname);
    for (const end of [down, up]) end.on("error", () => undefined);
    down.pipe(up);
    if (!cut) {
      up.pipe(down);
      return;
    }
    up.once("data", () => {
      lost += 1;
      down.destroy();
      up.destroy();
    });
  });
  await new Promise((done) => line.listen(0, "127.0.0.1", done));
  return {
    host: `http://127.0.0.1:${line.address().port}/`,
    lost: () => lost,
    repair: () => (cut = false),
    close: () => line.close(),
  };
}

/** The client of who does what takes an operator elsewhere. */
export const operator = new app.Client(process.env.HOST).lab;

export const address = () => `anna-${randomUUID()}@example.com`;

/** Somebody new with an address and a password, signed in: the device, and what the sign-in gave. */
export async function user({ email = address(), name } = {}) {
  const client = device(name);
  const success = await register(client, email);
  await client.auth.set(success);
  return { client, email, success, id: success.authUserId };
}

/** The three steps of a registration. */
export async function register(client, email, password = PASSWORD) {
  return client.emailIdp.finishRegistration({ registrationToken: await registrationToken(client, email), password });
}

export async function registrationToken(client, email) {
  const accountRequestId = await client.emailIdp.startRegistration({ email });
  return client.emailIdp.verifyRegistrationCode({ accountRequestId, verificationCode: await mailedCode(email) });
}

/** Sign somebody in on another device. */
export async function signIn(email, { password = PASSWORD, name } = {}) {
  const client = device(name);
  const success = await client.emailIdp.login({ email, password });
  await client.auth.set(success);
  return { client, success };
}

/** Texts of the mails to an address, the newest last. */
export async function mailsTo(email) {
  const files = await readdir(process.env.MAILS);
  const dated = await Promise.all(
    files.map(async (name) => {
      const path = join(process.env.MAILS, name);
      return { at: (await stat(path)).mtimeMs, text: await readFile(path, "utf8") };
    }),
  );
  return dated.filter(({ text }) => text.includes(`To: ${email}`)).sort((a, b) => a.at - b.at).map(({ text }) => text);
}

export async function mailedCode(email) {
  const found = (await mailsTo(email)).at(-1)?.match(/^\d{8}$/m);
  assert.ok(found, `no code was mailed to ${email}`);
  return found[0];
}

/** Another code of the same form. */
export const wrong = (code) => code.replace(/^./, (digit) => (digit === "1" ? "2" : "1"));

export async function refused(promise, type, fields = {}) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof type, `${type.name} was expected: ${error?.stack ?? error}`);
    for (const [name, value] of Object.entries(fields)) assert.deepEqual(error[name], value);
    return true;
  });
}

/** Whether the server takes who calls from this device. */
export const isSignedIn = (client) => client.modules.serverpod_auth_core.status.isSignedIn();

/** Have a stream on a device; gives a function that waits for its end and says how many ms it lived. */
export async function ending(client) {
  const stream = client.watch.watch();
  await stream.next();
  const from = performance.now();
  const end = stream.next().then(
    ({ done }) => assert.ok(done),
    (error) => assert.ok(error instanceof app.StreamClosedError, String(error)),
  );
  return async () => {
    const late = new AbortController();
    const tooLate = sleep(30_000, "late", { signal: late.signal, ref: false });
    assert.notEqual(await Promise.race([end, tooLate]), "late", "the stream did not end");
    late.abort();
    tooLate.catch(() => undefined);
    return performance.now() - from;
  };
}

// Providers -----------------------------------------------------------------------------------------------------------

async function made(what, given) {
  const answer = await fetch(`${at.url}/make/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(given),
  });
  return (await answer.json())[what];
}

/** An ID token with these claims. */
export const idToken = (claims) => made("token", claims);

/** An authorization code that stands for an answer. */
export const code = (answer, more = {}) => made("code", { answer, ...more });

/** The id of somebody whom no provider has seen yet; a number, as GitHub has it. */
export const subject = () => String(randomInt(1, 2 ** 40));
