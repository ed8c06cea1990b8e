"""Signing in and what it opens: users of accounts/, seen by clients as the module serverpod_auth has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from serverpod_auth.models import AuthenticationFailReason, AuthenticationResponse, UserInfo
from serverpod_test.models import SessionAuthInfo

from accounts import scopes, tokens
from accounts.models import User
from core import clock
from endpoints.calls import Call
from endpoints.endpoint import Endpoint
from tests.testserver.faults import NoSuchRow, NotBuilt

TEST_EMAIL, TEST_PASSWORD = "test@foo.bar", "password"
"""Who may sign in without having been made before."""
ALLOWED_DOMAIN = ".bar"
ADMIN = "serverpod.admin"
"""Serverpod's name of the scope of administrators."""


class AuthenticationEndpoint(Endpoint):
    """Users with a number, as the older module has them: that of a UserInfo beside the account."""

    def authenticate(
        self, call: Call, email: str, password: str, scopes: list[str] | None = None
    ) -> AuthenticationResponse:
        """Sign in; `scopes` are given to the person then."""
        user = User.objects.filter(email=email).first()
        if user is None and (email, password) == (TEST_EMAIL, TEST_PASSWORD):
            user = User.objects.create_user(email, password)
        if user is None or not user.check_password(password):
            return AuthenticationResponse(
                success=False, fail_reason=AuthenticationFailReason.INVALID_CREDENTIALS
            )
        info = _info(user)
        if scopes is not None:
            _set_scopes(info, scopes)
        secret = tokens.issue(user).token
        return AuthenticationResponse(success=True, key=secret, key_id=info.pk, user_info=info)

    def create_user(self, call: Call, email: str, password: str) -> None:
        """Make an account. Addresses of other domains than ALLOWED_DOMAIN are passed over."""
        if email.endswith(ALLOWED_DOMAIN):
            _info(User.objects.create_user(email, password))

    def count_users(self, call: Call) -> int:
        return UserInfo.objects.count()

    def remove_all_users(self, call: Call) -> None:
        User.objects.filter(pk__in=list(UserInfo.objects.values_list("user_identifier", flat=True))).delete()
        UserInfo.objects.all().delete()

    def sign_out(self, call: Call) -> None:
        """End all tokens of who calls."""
        if call.identity is not None:
            tokens.revoke_all(User.objects.get(pk=call.user_id))

    def update_scopes(self, call: Call, user_id: int, scopes: list[str]) -> None:
        info = UserInfo.objects.filter(pk=user_id).first()
        if info is None:
            raise NoSuchRow
        _set_scopes(info, scopes)


def _info(user: User) -> UserInfo:
    found, _ = UserInfo.objects.get_or_create(
        user_identifier=str(user.pk),
        defaults={
            "email": user.email,
            "created": clock.now(),
            "scope_names": sorted(scopes.of(user)),
            "blocked": False,
        },
    )
    return found


def _set_scopes(info: UserInfo, scopes: list[str]) -> None:
    user = User.objects.get(pk=info.user_identifier)
    user.groups.set([Group.objects.get_or_create(name=scope)[0] for scope in scopes])
    info.scope_names = sorted(scopes)
    info.save()


class EmailAuthTestMethodsEndpoint(Endpoint):
    """What tests of the older module's e-mail accounts ask behind its back."""

    def create_user(self, call: Call, user_name: str, email: str, password: str) -> bool:
        """Make an account that needs no verification; false where there is one already."""
        if User.objects.filter(email=email).exists():
            return False
        user = User.objects.create_user(email, password, name=user_name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        _info(user)
        return True

    def find_verification_code(self, call: Call, user_name: str, email: str) -> str | None:
        """Not built: accounts/ keeps no code, it sends a link with an HMAC."""
        raise NotBuilt

    def find_reset_code(self, call: Call, email: str) -> str | None:
        """Not built, for the same reason."""
        raise NotBuilt

    def tear_down(self, call: Call) -> None:
        AuthenticationEndpoint().remove_all_users(call)


class SessionAuthenticationEndpoint(Endpoint):
    """What a method knows of who calls."""

    async def get_authenticated_user_id(self, call: Call) -> str | None:
        return call.identity.user_id if call.identity else None

    async def get_authenticated_scopes(self, call: Call) -> list[str]:
        return sorted(call.identity.scopes) if call.identity else []

    async def get_authenticated_auth_id(self, call: Call) -> str | None:
        return call.identity.token_id if call.identity else None

    async def get_authentication_info(self, call: Call) -> SessionAuthInfo:
        identity = call.identity
        return SessionAuthInfo(
            is_authenticated=identity is not None,
            user_id=identity.user_id if identity else None,
            scopes=sorted(identity.scopes) if identity else [],
            auth_id=identity.token_id if identity else None,
        )

    async def is_authenticated(self, call: Call) -> bool:
        return call.identity is not None

    async def stream_authenticated_user_id(self, call: Call) -> AsyncIterator[str | None]:
        yield call.identity.user_id if call.identity else None

    async def stream_is_authenticated(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None


class SignInRequiredEndpoint(Endpoint):
    require_login: ClassVar[bool] = True

    async def test_method(self, call: Call) -> bool:
        return True


class AdminScopeRequiredEndpoint(Endpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({ADMIN})

    async def test_method(self, call: Call) -> bool:
        return True


class RequireLoginEndpoint(Endpoint):
    """Serverpod lets such a method be called without a credential, which its server then refuses.

    Podium refuses that contradiction when it starts, so clients send what they have: who is not signed in is refused
    all the same.
    """

    require_login: ClassVar[bool] = True

    async def unauthenticated_method(self, call: Call) -> bool:
        return call.identity is None

    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is None


class AuthenticatedMethodStreamingEndpoint(Endpoint):
    """Streams for administrators."""

    required_scopes: ClassVar[frozenset[str]] = frozenset({ADMIN})

    async def simple_stream(self, call: Call) -> AsyncIterator[int]:
        for number in range(10):
            yield number

    async def int_echo_stream(self, call: Call, stream: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in stream:
            yield each


class AuthenticatedTestToolsEndpoint(Endpoint):
    """What only who is signed in may call, of each kind of method."""

    require_login: ClassVar[bool] = True
    required_scopes: ClassVar[frozenset[str]] = frozenset({"user"})

    async def returns_string(self, call: Call, string: str) -> str:
        return string

    async def returns_stream(self, call: Call, n: int) -> AsyncIterator[int]:
        for number in range(n):
            yield number

    async def returns_list_from_input_stream(self, call: Call, numbers: AsyncIterator[int]) -> list[int]:
        return [each async for each in numbers]

    async def int_echo_stream(self, call: Call, stream: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in stream:
            yield each
