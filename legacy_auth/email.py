"""E-mail address and password, in the steps of the legacy module. Each ends in accounts/sign_in/email.py.

The module gives no request id to its clients. So a code for a new account counts only from the network and the kind of
client that requested it: otherwise, an attacker could sign up with another user's address and have the owner confirm
it. A code for a new password has to find the account by itself, and is longer.

As everywhere, no answer reveals whether an address has an account; those of Serverpod's own module do.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.hashers import make_password
from django.utils.crypto import salted_hmac

from accounts.audit import audit
from accounts.models import Challenge, User, normalize_email
from accounts.notices import notices
from accounts.passwords import legacy_hashers
from accounts.profile import profile
from accounts.protocol import (
    EmailAccountPasswordResetException,
    EmailAccountRequestException,
    ProfileException,
    ReauthenticationException,
)
from accounts.sessions import sessions
from accounts.sign_in import email as email_
from accounts.sign_in import reauthentication
from accounts.throttling import throttling
from accounts.throttling.captcha import CaptchaFailed
from legacy_auth import bringing, users
from legacy_auth.answers import answer
from legacy_auth.conf import conf
from legacy_auth.models import AuthenticationResponse, EmailAuth, EmailPasswordReset, UserInfo
from legacy_auth.receivers import write_password
from podium.core import clock
from podium.endpoints.addresses import networks
from podium.endpoints.calls import Call

REGISTER, RESET = "legacy_auth.register", "legacy_auth.reset"


def authenticate(call: Call, email: str, password: str) -> AuthenticationResponse:
    """Sign in. Passwords lose the blanks around them, as with Serverpod."""
    return answer(call, email_.METHOD, lambda: email_.authenticated(call, email, password.strip()))


def create_account_request(call: Call, user_name: str, email: str, password: str) -> bool:
    """Mail a code to sign up with. False for a name, address or password that is refused, and after too many."""
    password = password.strip()
    try:
        name = profile.checked_name(user_name)
        if name is None:
            return False
        address = email_.allowed_to_register(call, email)
    except (ProfileException, EmailAccountRequestException, CaptchaFailed):
        return False
    if not email_.is_good(password, User(name=name), address):
        return False
    kept = {"name": name, "password": make_password(password)}
    if conf.SIDE_BY_SIDE:
        kept["serverpod"] = legacy_hashers.stored(password)
    email_.mail_registration_code(call, address, REGISTER, id=_request_id(call, address), data=kept)
    return True


def create_account(call: Call, email: str, code: str) -> UserInfo | None:
    """Make the account that the mailed code confirms. None for a wrong code."""
    answered = email_.answer(call, REGISTER, _request_id(call, normalize_email(email)), code)
    if isinstance(answered, str):
        return None
    user = User(name=answered.data["name"])
    try:
        email_.store(call, user, answered.data["email"], answered.data["password"])
    except EmailAccountRequestException:  # the address has an owner by now
        return None
    info = users.of(user)
    if stored := answered.data.get("serverpod"):
        EmailAuth.objects.get_or_create(
            email=answered.data["email"], defaults={"user_id": info.pk, "hash": stored}
        )
        bringing.keep_in_their_form(user, stored)
    return info


def initiate_password_reset(call: Call, email: str) -> bool:
    """Mail a code to set a new password with, or a notice that there is no account. False after too many."""
    try:
        email_.mail_reset_code(call, email, RESET, length=conf.RESET_CODE_LENGTH, id_of=_reset_id)
    except (EmailAccountPasswordResetException, CaptchaFailed):
        return False
    return True


def verify_password_reset(call: Call, code: str) -> EmailPasswordReset | None:
    """Find the address for a reset code, which stays valid. None for a wrong code, and after too many."""
    try:
        throttling.count(call, "code")
    except throttling.TooMany:
        return None
    waiting = Challenge.objects.select_related("user").filter(pk=_reset_id(code.strip()), kind=RESET)
    found = waiting.filter(expires_at__gt=clock.now()).first()
    if found is None or found.user is None:
        return None
    return EmailPasswordReset(user_name=found.user.name or None, email=found.data["email"])


def reset_password(call: Call, code: str, password: str) -> bool:
    """Set a new password, which signs out everywhere. False for a wrong code or a password that is refused."""
    code = code.strip()
    try:
        email_.set_new_password(
            call, lambda: email_.answer(call, RESET, _reset_id(code), code), password.strip()
        )
    except EmailAccountPasswordResetException:
        return False
    return True


def change_password(call: Call, old: str, new: str) -> bool:
    """Set another password, and sign out all other devices and browsers. False if one of the two is refused."""
    user = User.objects.filter(pk=call.user_id).first()
    if user is None or not user.has_usable_password():
        return False
    new = new.strip()
    try:
        reauthentication.require(call, user, password=old.strip())
    except ReauthenticationException:
        return False
    if not email_.is_good(new, user, user.email or ""):
        return False
    user.password = make_password(new)  # set_password would end this sign-in as well
    user.save(update_fields=["password"])
    write_password(user, new)
    sessions.revoke_others(user, call.identity.token_id if call.identity is not None else "")
    notices.send(user, "password_changed", call=call)
    audit.record("password_changed", user=user, call=call)
    return True


def _request_id(call: Call, address: str) -> uuid.UUID:
    """The id of a sign-up that waits for its code, of which there is one for each address and caller."""
    network = networks(call.address)[0]
    return _id(f"{address} {network} {call.headers.get('user-agent', '')}")


def _reset_id(code: str) -> uuid.UUID:
    """The id of a reset that waits for its code."""
    return _id(code)


def _id(text: str) -> uuid.UUID:
    return uuid.UUID(bytes=salted_hmac("legacy_auth.email", text, algorithm="sha256").digest()[:16])
