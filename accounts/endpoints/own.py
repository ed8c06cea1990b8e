"""What clients may call about accounts. Sync methods: passwords are hashed on a thread, never on the event loop."""

from __future__ import annotations

from accounts import profile, sign_in, signin, signup, tokens
from accounts.endpoints.core import person
from accounts.protocol import AuthSuccess, UserProfileModel
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, unauthenticated_call


class AccountsEndpoint(Endpoint):
    """Signing up, in and out with e-mail and password."""

    @unauthenticated_call
    def sign_up(self, call: Call, email: str, password: str) -> AuthSuccess:
        """Make an account and sign in. Throws SignUpException, also where the address must be confirmed first."""
        return sign_in.finish(call, signup.sign_up(call, email, password), method="email")

    @unauthenticated_call
    def sign_in(self, call: Call, email: str, password: str) -> AuthSuccess:
        """Sign in; send the token with every call from then on. Throws SignInException."""
        return sign_in.finish(call, signin.sign_in(call, email, password), method="email")

    def sign_out(self, call: Call) -> None:
        """End the token that this call is made with, and the streams that run on it."""
        if call.identity is not None:
            tokens.revoke(tokens.own(call.identity.token_id))

    def sign_out_everywhere(self, call: Call) -> None:
        """End all tokens of the person who calls, on all devices."""
        tokens.revoke_all(person(call))

    def who_am_i(self, call: Call) -> UserProfileModel | None:
        """The profile of the person who calls; null where nobody is signed in."""
        return None if call.identity is None else profile.of(person(call))
