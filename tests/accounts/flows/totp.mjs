// An authenticator app: time-based one-time passwords (RFC 6238).

import { createHmac } from "node:crypto";

import { sleep } from "./lab.mjs";

const SECONDS = 30;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export function totp(secret, at = Date.now()) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 1000 / SECONDS)));
  const digest = createHmac("sha1", decode(secret)).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Wait until the app shows another code. */
export const nextCode = () => sleep(SECONDS * 1000 - (Date.now() % (SECONDS * 1000)) + 100);

/** Not within the last second of a code's time, at whose end it would be the wrong one. */
export async function freshCode(secret) {
  if (SECONDS * 1000 - (Date.now() % (SECONDS * 1000)) < 3000) await nextCode();
  return totp(secret);
}

function decode(secret) {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
