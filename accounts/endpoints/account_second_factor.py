"""Second factors, which Serverpod's modules do not have."""

from __future__ import annotations

from accounts.protocol import AuthSuccess, PasskeyLoginRequest, SecondFactorStatus, TotpSetup
from accounts.second_factor import second_factor
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, credential_optional, unfinished_allowed


@unfinished_allowed
class SecondFactorEndpoint(Endpoint):
    """Second factors: codes of an authenticator app, recovery codes, and passkeys."""

    @credential_optional
    def finish_sign_in(self, call: Call, token: str, code: str) -> AuthSuccess:
        """Sign in with a code, after SecondFactorRequiredException gave the token. Throws SecondFactorException."""
        return second_factor.finish_sign_in(call, token, code)

    @credential_optional
    def finish_sign_in_with_passkey(
        self, call: Call, token: str, login_request: PasskeyLoginRequest
    ) -> AuthSuccess:
        """Sign in with a passkey as second factor. Throws SecondFactorException, and what `passkeyIdp.login` throws."""
        return second_factor.finish_sign_in_with_passkey(call, token, login_request)

    def status(self, call: Call) -> SecondFactorStatus:
        """Return the caller's second factors."""
        return second_factor.status(call)

    def start_totp(self, call: Call, proof: str | None = None) -> TotpSetup:
        """Return a secret for an authenticator app. It takes effect after `confirmTotp`.

        The proof is a code if there is a second factor already, else the password. Without either, a recent sign-in is
        needed. Throws SecondFactorException.
        """
        return second_factor.start_totp(call, proof)

    def confirm_totp(self, call: Call, code: str) -> list[str]:
        """Require codes at sign-ins from now on. Returns the recovery codes. Throws SecondFactorException."""
        return second_factor.confirm_totp(call, code)

    def disable(self, call: Call, code: str) -> None:
        """Stop asking for codes of an authenticator app at sign-ins. Throws SecondFactorException."""
        second_factor.disable(call, code)

    def new_recovery_codes(self, call: Call, code: str) -> list[str]:
        """Return new recovery codes; older ones no longer work. Throws SecondFactorException."""
        return second_factor.new_recovery_codes(call, code)

    def remove_passkey(self, call: Call, passkey_id: int, proof: str | None = None) -> None:
        """Remove a passkey. The proof is the same as for `startTotp`. Throws SecondFactorException."""
        second_factor.remove_passkey(call, passkey_id, proof)
