"""Sign-in and methods that need it: users of accounts/, in the form of the module serverpod_auth for clients."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import ClassVar

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core import mail
from serverpod_test.models import SessionAuthInfo

from accounts.models import User
from accounts.sessions import sessions
from legacy_auth import keys, users
from legacy_auth.models import AuthenticationFailReason, AuthenticationResponse, MigratedUser, UserInfo
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from tests.testserver.faults import NoSuchRow

TEST_EMAIL, TEST_PASSWORD = "test@foo.bar", "password"
"""The users who may sign in without an existing account."""
ALLOWED_DOMAIN = ".bar"
ADMIN = "serverpod.admin"
"""Serverpod's name of the scope of administrators."""


class AuthenticationEndpoint(Endpoint):
    """Users and keys of the legacy module."""

    def authenticate(
        self, call: Call, email: str, password: str, scopes: list[str] | None = None
    ) -> AuthenticationResponse:
        """Sign in; `scopes` are given to the user then."""
        user = User.objects.filter(email=email).first()
        if user is None and (email, password) == (TEST_EMAIL, TEST_PASSWORD):
            user = User.objects.create_user(email, password, name="Test")
        if user is None or not user.check_password(password):
            return AuthenticationResponse(
                success=False, fail_reason=AuthenticationFailReason.INVALID_CREDENTIALS
            )
        if scopes is not None:
            _set_scopes(user, scopes)
        key, info = keys.issue(call, user, method="test")
        return AuthenticationResponse(success=True, key=key.key, key_id=key.pk, user_info=info)

    def create_user(self, call: Call, email: str, password: str) -> None:
        """Create an account. Addresses of other domains than ALLOWED_DOMAIN are ignored."""
        if email.endswith(ALLOWED_DOMAIN):
            users.of(User.objects.create_user(email, password))

    def count_users(self, call: Call) -> int:
        return UserInfo.objects.count()

    def remove_all_users(self, call: Call) -> None:
        User.objects.filter(
            pk__in=list(MigratedUser.objects.values_list("new_auth_user_id", flat=True))
        ).delete()
        UserInfo.objects.all().delete()

    def sign_out(self, call: Call) -> None:
        """End all sign-ins of the caller."""
        user = User.objects.filter(pk=call.user_id).first() if call.identity is not None else None
        if user is not None:
            sessions.revoke_all(user)

    def update_scopes(self, call: Call, user_id: int, scopes: list[str]) -> None:
        user = users.user_of(user_id)
        if user is None:
            raise NoSuchRow
        _set_scopes(user, scopes)


def _set_scopes(user: User, scopes: list[str]) -> None:
    user.groups.set([Group.objects.get_or_create(name=scope)[0] for scope in scopes])


class EmailAuthTestMethodsEndpoint(Endpoint):
    """Shortcuts for the legacy module's e-mail accounts: users without verification, and the mailed codes."""

    def create_user(self, call: Call, user_name: str, email: str, password: str) -> bool:
        """Create an account that needs no verification; false if one exists already."""
        if User.objects.filter(email=email).exists():
            return False
        user = User.objects.create_user(email, password, name=user_name)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        users.of(user)
        return True

    def find_verification_code(self, call: Call, user_name: str, email: str) -> str | None:
        return _mailed_code(email)

    def find_reset_code(self, call: Call, email: str) -> str | None:
        return _mailed_code(email)

    def tear_down(self, call: Call) -> None:
        AuthenticationEndpoint().remove_all_users(call)


def _mailed_code(email: str) -> str | None:
    """The code in the last mail to this address; None if there is none."""
    texts = [each.body for each in getattr(mail, "outbox", []) if email in each.to]
    codes = re.findall(r"^\s*(\d{8,})\s*$", texts[-1], re.MULTILINE) if texts else []
    return codes[-1] if codes else None


class SessionAuthenticationEndpoint(Endpoint):
    """The caller, as a method sees it."""

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
        return call.identity is not None

    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None


class AuthenticatedMethodStreamingEndpoint(Endpoint):
    """Streams for administrators."""

    require_login: ClassVar[bool] = True
    required_scopes: ClassVar[frozenset[str]] = frozenset({ADMIN})

    async def simple_stream(self, call: Call) -> AsyncIterator[int]:
        for number in range(10):
            yield number

    async def int_echo_stream(self, call: Call, stream: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in stream:
            yield each


class AuthenticatedTestToolsEndpoint(Endpoint):
    """Methods of each kind for signed-in users only."""

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
