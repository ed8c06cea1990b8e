"""Actions of operators on the accounts of users. The audit log gets each with the operator and the reason.

No pages here: admin/staff_actions.py has them, and checks `rights.may_change` first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Internal: the public form looks a user up by a typed address; staff choose the user.
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts.audit import audit
from accounts.data import erasure, export, merging
from accounts.models import Session, User
from accounts.notices import notices
from accounts.sessions import sessions
from accounts.sign_in import ownership
from accounts.staff.rights import may_change, may_impersonate
from podium.core.errors import PodiumError


class CannotConfirm(PodiumError):
    """Another user has confirmed this address."""

    status = 409
    code = "accounts.cannot_confirm"


class CannotMail(PodiumError):
    """This user has no e-mail address."""

    status = 409
    code = "accounts.cannot_mail"


class NotYourself(PodiumError):
    """You can't block or delete yourself: ask another operator."""

    status = 409
    code = "accounts.not_yourself"


class CannotImpersonate(PodiumError):
    """Nobody can act as this user, who may open the admin or is blocked."""

    status = 403
    code = "accounts.cannot_impersonate"


@transaction.atomic
def block(user: User, *, request: HttpRequest, reason: str) -> None:
    """Block a user, and sign them out everywhere; their streams and calls end. Raises NotYourself."""
    if user.pk == request.user.pk:
        raise NotYourself
    user.is_active = False
    with audit.because(reason):
        user.save(
            update_fields=["is_active"]
        )  # this ends all sign-ins (sessions.py) and is logged (rights_audit.py)


def delete(user: User, *, request: HttpRequest, reason: str) -> None:
    """Delete a user with all their data. Asks providers, so call it outside of a transaction. Raises NotYourself."""
    if user.pk == request.user.pk:
        raise NotYourself
    key = str(user.pk)
    sign_out(user, request=request, reason=reason)
    erasure.delete(user)
    record("deleted", None, request, gone=key, reason=reason)


def merge(keep: User, gone: User, *, request: HttpRequest, reason: str) -> None:
    """Merge two accounts. Raises CannotMerge."""
    if not may_change(request.user, gone):
        raise merging.CannotMerge(
            "The account to delete has rights in the admin: only superusers can merge it."
        )
    key = str(gone.pk)
    with transaction.atomic():
        merging.merge(keep, gone, request=request)
        record("merged_by_operator", keep, request, gone=key, reason=reason)


def export_of(user: User, *, request: HttpRequest, reason: str) -> Iterator[bytes]:
    """Export all data of a user, as a ZIP in pieces."""
    record("exported_by_operator", user, request, reason=reason)
    return export.stream(user)


def unblock(user: User, *, request: HttpRequest, reason: str) -> None:
    """Allow a user to sign in again."""
    user.is_active = True
    with audit.because(reason):
        user.save(update_fields=["is_active"])


@transaction.atomic
def sign_out(user: User, *, request: HttpRequest, reason: str = "") -> int:
    """Sign a user out everywhere, in browsers too. Returns the number of devices and browsers."""
    count = sessions.revoke_all(user)
    record("signed_out_everywhere", user, request, reason=reason)
    return count


def end_devices(chosen: list[Session], *, request: HttpRequest, reason: str = "") -> int:
    """Sign out single devices. Returns the number that were signed in."""
    ended = sessions.revoke(Session.objects.filter(pk__in=[each.pk for each in chosen]))
    for each in chosen:
        record(
            "device_signed_out", each.user, request, device=each.user_agent, method=each.method, reason=reason
        )
    return ended


def mail_password_reset(user: User, *, request: HttpRequest, reason: str = "") -> str:
    """Mail a link to set a new password. Returns the address. Raises CannotMail."""
    if not user.email or not user.is_active:
        raise CannotMail
    request_password_reset(request, user.email, [user], None)
    record("password_reset_mailed", user, request, reason=reason)
    return user.email


@transaction.atomic
def confirm_address(user: User, address: str, *, request: HttpRequest, reason: str = "") -> None:
    """Mark an address of a user as confirmed, as if they had followed its link. Raises CannotConfirm."""
    try:
        ownership.prove(user, address, request=request)
    except ownership.Owned:
        raise CannotConfirm from None
    record("address_confirmed", user, request, account=address, reason=reason)


def unconfirmed(user: User) -> list[str]:
    """The addresses of a user that nobody has confirmed. One SELECT."""
    known = dict(EmailAddress.objects.filter(user=user).order_by("pk").values_list("email", "verified"))
    if user.email:
        known.setdefault(user.email, False)
    return [address for address, verified in known.items() if not verified]


@transaction.atomic
def reset_second_factors(user: User, *, request: HttpRequest, reason: str) -> int:
    """Remove authenticator app, recovery codes, keys and passkeys, and mail all addresses. Return the number removed.

    For a user who lost their phone: the first factor alone signs in again, until they set up another second factor.
    """
    rows = Authenticator.objects.filter(user=user)
    types = sorted(rows.values_list("type", flat=True))
    rows.delete()
    record("second_factors_reset", user, request, types=types, reason=reason)
    notices.send(user, "second_factors_reset", request=request)
    return len(types)


def impersonate(user: User, *, request: HttpRequest, reason: str) -> sessions.Issued:
    """Create a token to act as this user for minutes. It can't be read again. Raises CannotImpersonate."""
    operator = request.user
    assert isinstance(operator, User)
    if not may_impersonate(operator, user):
        raise CannotImpersonate
    issued = sessions.impersonate(user, operator=operator, address=request.META.get("REMOTE_ADDR") or "")
    record("impersonated", user, request, device_id=str(issued.row.pk), reason=reason)
    return issued


def record(event: str, user: User | None, request: HttpRequest, **details: Any) -> None:
    """Record what the signed-in operator did to a user."""
    given = {name: value for name, value in details.items() if value != ""}
    audit.record(event, user=user, request=request, by=str(request.user.pk), **given)
