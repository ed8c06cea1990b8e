"""What Serverpod's modules have not: second factors."""

from __future__ import annotations

from accounts import second_factor
from accounts.protocol import AuthSuccess, PasskeyLoginRequest, SecondFactorStatus, TotpSetup
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, credential_optional, unfinished_allowed


@unfinished_allowed
class SecondFactorEndpoint(Endpoint):
    """Codes of an authenticator app, recovery codes and passkeys beside the first factor."""

    @credential_optional
    def finish_sign_in(self, call: Call, token: str, code: str) -> AuthSuccess:
        """Sign in with a code, after SecondFactorRequiredException gave the token. Throws SecondFactorException."""
        return second_factor.finish_sign_in(call, token, code)

    @credential_optional
    def finish_sign_in_with_passkey(
        self, call: Call, token: str, login_request: PasskeyLoginRequest
    ) -> AuthSuccess:
        """The same with a passkey. Throws SecondFactorException, and what `passkeyIdp.login` does."""
        return second_factor.finish_sign_in_with_passkey(call, token, login_request)

    def status(self, call: Call) -> SecondFactorStatus:
        """What the person who calls has."""
        return second_factor.status(call)

    def start_totp(self, call: Call, proof: str | None = None) -> TotpSetup:
        """A secret for an authenticator app. It counts once `confirmTotp` had a code.

        The proof is a code where there is a second factor already, else the password; who has neither signs in anew.
        Throws SecondFactorException.
        """
        return second_factor.start_totp(call, proof)

    def confirm_totp(self, call: Call, code: str) -> list[str]:
        """Have sign-ins ask for codes from now on; gives the recovery codes. Throws SecondFactorException."""
        return second_factor.confirm_totp(call, code)

    def disable(self, call: Call, code: str) -> None:
        """Have sign-ins ask for no code of an authenticator app any more. Throws SecondFactorException."""
        second_factor.disable(call, code)

    def new_recovery_codes(self, call: Call, code: str) -> list[str]:
        """Further recovery codes; the older ones are void. Throws SecondFactorException."""
        return second_factor.new_recovery_codes(call, code)

    def remove_passkey(self, call: Call, passkey_id: int, proof: str | None = None) -> None:
        """Have a passkey count no more; the proof is as for `startTotp`. Throws SecondFactorException."""
        second_factor.remove_passkey(call, passkey_id, proof)
