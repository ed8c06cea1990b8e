"""A passkey in software, with real keys and signatures; each part can be forged."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.protocol import PasskeyLoginRequest, PasskeyRegistrationRequest

FLAG = AuthenticatorData.FLAG
VERIFIED = FLAG.UP | FLAG.UV


class SoftwareKey:
    """One passkey. `counter` increases with each use, like that of a key that can't be copied; 0 stays 0."""

    def __init__(self, *, rp_id: str = "example.com", origin: str = "https://example.com") -> None:
        self.rp_id, self.origin = rp_id, origin
        self.id = secrets.token_bytes(32)
        self.private_key: Any = ec.generate_private_key(ec.SECP256R1())
        self.counter = 1

    def register(self, challenge: Any, /, **forged: Any) -> PasskeyRegistrationRequest:
        """The app's request after `createChallenge`. `forged`: see `_client_data` and `_authenticator_data`."""
        public_key = forged.pop("public_key", None) or ES256.from_cryptography_key(
            self.private_key.public_key()
        )
        attested = AttestedCredentialData.create(bytes(16), self.id, public_key)
        key_id = forged.pop("key_id", self.id)
        client_data = self._client_data("webauthn.create", challenge.challenge, forged)
        flags = forged.pop("flags", VERIFIED)
        data = self._authenticator_data(flags | FLAG.AT, forged, attested)
        return PasskeyRegistrationRequest(
            challenge_id=challenge.id,
            key_id=key_id,
            client_data_json=client_data,
            attestation_object=bytes(AttestationObject.create("none", data, {})),
        )

    def sign_in(self, challenge: Any, /, **forged: Any) -> PasskeyLoginRequest:
        if self.counter:
            self.counter += 1
        client_data = self._client_data("webauthn.get", challenge.challenge, forged)
        data = self._authenticator_data(forged.pop("flags", VERIFIED), forged)
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        return PasskeyLoginRequest(
            challenge_id=challenge.id,
            key_id=self.id,
            authenticator_data=bytes(data),
            client_data_json=client_data,
            signature=forged.pop("signature", None)
            or self.private_key.sign(signed, ec.ECDSA(hashes.SHA256())),
        )

    def for_browsers(self, request: PasskeyLoginRequest, user_id: uuid.UUID) -> dict[str, Any]:
        """The request in the form of a browser's `toJSON()`."""
        id = websafe_encode(request.key_id)
        return {
            "id": id,
            "rawId": id,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": websafe_encode(request.client_data_json),
                "authenticatorData": websafe_encode(request.authenticator_data),
                "signature": websafe_encode(request.signature),
                "userHandle": websafe_encode(user_id.hex.encode()),
            },
        }

    def _client_data(self, kind: str, challenge: bytes, forged: dict[str, Any]) -> bytes:
        return bytes(
            CollectedClientData.create(
                forged.pop("type", kind),
                forged.pop("challenge", challenge),
                forged.pop("origin", self.origin),
                forged.pop("cross_origin", False),
            )
        )

    def _authenticator_data(
        self, flags: Any, forged: dict[str, Any], attested: bytes = b""
    ) -> AuthenticatorData:
        rp_id = forged.pop("rp_id", self.rp_id)
        counter = forged.pop("counter", self.counter)
        return AuthenticatorData.create(hashlib.sha256(rp_id.encode()).digest(), flags, counter, attested)
