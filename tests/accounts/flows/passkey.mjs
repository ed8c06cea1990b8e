// A passkey in software: an ES256 key, and over what a phone or browser would sign.

import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

import { idp } from "./lab.mjs";

const RP_ID = "example.com";
const ORIGIN = "https://example.com";
const PRESENT = 0x01, VERIFIED = 0x04, ATTESTED = 0x40;

const sha256 = (data) => createHash("sha256").update(data).digest();
const uint16 = (number) => Buffer.from([number >> 8, number & 0xff]);
const uint32 = (number) => Buffer.concat([uint16(number >>> 16), uint16(number & 0xffff)]);
const bytes = (buffer) => new Uint8Array(buffer);

export class Passkey {
  id = randomBytes(32);
  #counter = 1;
  #pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #verified;

  /** verified: whether it asks for a face, finger or PIN. */
  constructor({ verified = true } = {}) {
    this.#verified = verified ? VERIFIED : 0;
  }

  /** What the app sends to keep it. */
  registration({ id, challenge }) {
    const key = Buffer.concat([this.id, this.#publicKey()]);
    const attested = Buffer.concat([Buffer.alloc(16), uint16(this.id.length), key]);
    return new idp.PasskeyRegistrationRequest({
      challengeId: id,
      keyId: bytes(this.id),
      clientDataJSON: clientData("webauthn.create", challenge),
      attestationObject: attestationObject(this.#authenticatorData(ATTESTED, attested)),
    });
  }

  /** What the app sends to sign in; `origin` is that of the page or app that asked. */
  login({ id, challenge }, { origin = ORIGIN } = {}) {
    this.#counter += 1;
    const data = this.#authenticatorData();
    const clientDataJSON = clientData("webauthn.get", challenge, origin);
    return new idp.PasskeyLoginRequest({
      challengeId: id,
      keyId: bytes(this.id),
      authenticatorData: bytes(data),
      clientDataJSON,
      signature: bytes(sign("sha256", Buffer.concat([data, sha256(clientDataJSON)]), this.#pair.privateKey)),
    });
  }

  /** Source: Web Authentication Level 2, section 6.1. */
  #authenticatorData(more = 0, attested = Buffer.alloc(0)) {
    const flags = Buffer.from([PRESENT | this.#verified | more]);
    return Buffer.concat([sha256(RP_ID), flags, uint32(this.#counter), attested]);
  }

  /** As a COSE_Key (RFC 9053 7.1.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
  #publicKey() {
    const { x, y } = this.#pair.publicKey.export({ format: "jwk" });
    const of = (label, value) => Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, "base64url")]);
    return Buffer.concat([Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]), of(0x21, x), of(0x22, y)]);
  }
}

function clientData(type, challenge, origin = ORIGIN) {
  const told = { type, challenge: Buffer.from(challenge).toString("base64url"), origin, crossOrigin: false };
  return bytes(Buffer.from(JSON.stringify(told)));
}

/** CBOR of {"fmt": "none", "attStmt": {}, "authData": data}; data has 24 to 255 bytes. */
function attestationObject(data) {
  const text = (word) => Buffer.concat([Buffer.from([0x60 + word.length]), Buffer.from(word)]);
  const none = [text("fmt"), text("none"), text("attStmt"), Buffer.from([0xa0])];
  return bytes(Buffer.concat([Buffer.from([0xa3]), ...none, text("authData"), Buffer.from([0x58, data.length]), data]));
}
