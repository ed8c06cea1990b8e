"""Sign-ins with Google, Apple and Firebase. Tokens are checked by accounts/providers.

Serverpod stored no id of Google, and looked for users by their address first. So the first sign-in here with a
provider has to find the user that Serverpod knew: by the id that it stored of Apple and Firebase, or by an address
with which the same user had signed in with that provider before.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.audit import audit
from accounts.endpoints.idp_base import refusing
from accounts.models import User, normalize_email
from accounts.providers.apple import claims as apple
from accounts.providers.apple.setup import Apple
from accounts.providers.claims import Claims
from accounts.providers.firebase import claims as firebase
from accounts.providers.firebase.setup import Firebase
from accounts.providers.google import claims as google
from accounts.providers.google.setup import Google
from accounts.providers.refusal import Refused
from accounts.sign_in import identities, ownership
from legacy_auth import bringing, users
from legacy_auth.answers import InvalidCredentials, answer
from legacy_auth.models import AppleAuthInfo, AuthenticationResponse, AuthKey, EmailAuth, UserInfo
from podium.endpoints.calls import Call

NAMELESS = "Unknown"
"""The name that apps of the module send when Apple gives none; Apple gives it only at the first sign-in."""


def google_by_code(call: Call, code: str, redirect_uri: str | None) -> AuthenticationResponse:
    def claims() -> Claims:
        return google.redeem_server_code(code, redirect_uri)

    return _sign_in(call, Google.name, claims)


def google_by_id_token(call: Call, id_token: str) -> AuthenticationResponse:
    return _sign_in(call, Google.name, lambda: google.verify(id_token))


def apple_by_auth_info(call: Call, info: AppleAuthInfo) -> AuthenticationResponse:
    return _sign_in(call, Apple.name, lambda: _apple_claims(info))


def firebase_by_id_token(call: Call, id_token: str) -> AuthenticationResponse:
    return _sign_in(call, Firebase.name, lambda: _firebase_claims(id_token))


def _sign_in(call: Call, provider: str, verify: Callable[[], Claims]) -> AuthenticationResponse:
    def prove() -> User:
        with refusing(call, provider, InvalidCredentials()):
            claims = verify()
        _link_known(call, claims)
        return identities.recognized(call, claims)

    return answer(call, provider, prove)


def _apple_claims(info: AppleAuthInfo) -> Claims:
    """Verify the token. Raises Refused, also if the app names another user than Apple does."""
    native = apple.is_native(info.identity_token)
    name = "" if info.full_name == NAMELESS else info.full_name
    claims = apple.verify(info.identity_token, info.authorization_code, native=native, name=name)
    if info.user_identifier != claims.subject:
        raise Refused("the app names another user than the ID token")
    if info.email and normalize_email(info.email) != normalize_email(claims.email):
        raise Refused("the app names another address than the ID token")
    return claims


def _firebase_claims(id_token: str) -> Claims:
    try:
        return firebase.verify(id_token)
    except firebase.EmailNotVerified:
        raise Refused("the address is not verified, which FIREBASE_REQUIRE_VERIFIED_EMAIL asks for") from None


def _link_known(call: Call, claims: Claims) -> None:
    """Link an identity that is new here to the user who had it on Serverpod, if there was one."""
    if SocialAccount.objects.filter(provider=claims.provider, uid=claims.subject).exists():
        return
    info = _by_identifier(claims) or _by_address(claims)
    user = bringing.bring_user(info) if info is not None else None
    if user is None:
        return
    SocialAccount.objects.get_or_create(
        provider=claims.provider, uid=claims.subject, defaults={"user": user, "extra_data": {}}
    )
    audit.record("identity_linked", user=user, call=call, method=claims.provider)


def _by_identifier(claims: Claims) -> UserInfo | None:
    """The user whose first sign-in was with this identity. Serverpod kept Google's address in the same column."""
    if claims.provider == Google.name or "@" in claims.subject:
        return None
    return UserInfo.objects.filter(user_identifier=claims.subject).first()


def _by_address(claims: Claims) -> UserInfo | None:
    """The user with this address who has used this provider before.

    Serverpod took the word of every provider for every address. Here that is not enough to open an account which has
    been opened by a password only.
    """
    address = identities.verified_email(claims)
    info = UserInfo.objects.filter(email=address).order_by("pk").first() if address else None
    if info is None:
        return None
    owner = ownership.owner(address)
    user = users.user_of(info.pk)  # whom that has brought over, if need be
    if user is not None and identities.has(str(user.pk), claims.provider):
        return None  # it has another identity there: perhaps of another user with the same address
    used = AuthKey.objects.filter(user_id=info.pk, method=claims.provider).exists()
    if not used and not (claims.provider == Google.name and _only_google_opened(info, user)):
        return None
    return info if owner is None or owner == user else None


def _only_google_opened(info: UserInfo, user: User | None) -> bool:
    """Test for a user whom Serverpod made at a sign-in with Google, and who has had no other sign-in method since.

    Accounts that were made here have the address as their identifier, too, but they always have a sign-in method.
    """
    if info.user_identifier != info.email or EmailAuth.objects.filter(user_id=info.pk).exists():
        return False
    if user is None:
        return True
    others = (SocialAccount.objects.filter(user=user), Authenticator.objects.filter(user=user))
    return not user.has_usable_password() and not any(each.exists() for each in others)
