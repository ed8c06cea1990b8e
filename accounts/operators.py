"""What operators do with the account of somebody else. Each act is in the audit log with who did it and why.

No pages here: admin/acts.py has them, and checks `rights.may_change` first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts import audit, erasure, export, merging, notices, ownership, tokens
from accounts.models import Token, User
from accounts.rights import may_change, may_impersonate
from core.errors import PodiumError


class CannotConfirm(PodiumError):
    """Somebody else has confirmed this address: it is theirs."""

    status = 409
    code = "accounts.cannot_confirm"


class CannotMail(PodiumError):
    """This person has no address to write to."""

    status = 409
    code = "accounts.cannot_mail"


class NotYourself(PodiumError):
    """Nobody blocks or deletes themselves here: ask another operator."""

    status = 409
    code = "accounts.not_yourself"


class CannotImpersonate(PodiumError):
    """Nobody can act as this person: they may open the admin or are blocked."""

    status = 403
    code = "accounts.cannot_impersonate"


@transaction.atomic
def block(person: User, *, request: HttpRequest, reason: str) -> None:
    """Keep a person from signing in, and sign them out everywhere; their streams and calls end. Raises NotYourself."""
    if person.pk == request.user.pk:
        raise NotYourself
    person.is_active = False
    with audit.because(reason):
        person.save(
            update_fields=["is_active"]
        )  # this ends all sign-ins (tokens.py) and is logged (rights_audit.py)


def delete(person: User, *, request: HttpRequest, reason: str) -> None:
    """Delete a person with all that is theirs. Asks providers, so not in a transaction. Raises NotYourself."""
    if person.pk == request.user.pk:
        raise NotYourself
    key = str(person.pk)
    sign_out(person, request=request, reason=reason)
    erasure.delete(person)
    record("deleted", None, request, gone=key, reason=reason)


def merge(keep: User, gone: User, *, request: HttpRequest, reason: str) -> None:
    """Make two accounts one. Raises CannotMerge."""
    if not may_change(request.user, gone):
        raise merging.CannotMerge(
            "The account that goes has rights in the admin: only a superuser merges it."
        )
    key = str(gone.pk)
    with transaction.atomic():
        merging.merge(keep, gone, request=request)
        record("merged_by_operator", keep, request, gone=key, reason=reason)


def export_of(person: User, *, request: HttpRequest, reason: str) -> Iterator[bytes]:
    """All that is stored of a person, as a ZIP, piece by piece."""
    record("exported_by_operator", person, request, reason=reason)
    return export.stream(person)


def unblock(person: User, *, request: HttpRequest, reason: str) -> None:
    """Let a person sign in again."""
    person.is_active = True
    with audit.because(reason):
        person.save(update_fields=["is_active"])


@transaction.atomic
def sign_out(person: User, *, request: HttpRequest, reason: str = "") -> int:
    """Sign a person out everywhere, in browsers too; gives from how many devices and browsers."""
    count = tokens.revoke_all(person)
    record("signed_out_everywhere", person, request, reason=reason)
    return count


def end_devices(chosen: list[Token], *, request: HttpRequest, reason: str = "") -> int:
    """Sign single devices out; gives how many were signed in."""
    ended = tokens.revoke(Token.objects.filter(pk__in=[each.pk for each in chosen]))
    for each in chosen:
        record(
            "device_signed_out", each.user, request, device=each.user_agent, method=each.method, reason=reason
        )
    return ended


def mail_password_reset(person: User, *, request: HttpRequest, reason: str = "") -> str:
    """Mail a link to the page where a new password is set; gives the address. Raises CannotMail."""
    if not person.email or not person.is_active:
        raise CannotMail
    request_password_reset(request, person.email, [person], None)
    record("password_reset_mailed", person, request, reason=reason)
    return person.email


@transaction.atomic
def confirm_address(person: User, address: str, *, request: HttpRequest, reason: str = "") -> None:
    """Take an address of a person as theirs, as if they had answered its mail. Raises CannotConfirm."""
    try:
        ownership.prove(person, address, request=request)
    except ownership.Owned:
        raise CannotConfirm from None
    record("address_confirmed", person, request, account=address, reason=reason)


def unconfirmed(person: User) -> list[str]:
    """The addresses of a person that nobody has confirmed. One SELECT."""
    known = dict(EmailAddress.objects.filter(user=person).order_by("pk").values_list("email", "verified"))
    if person.email:
        known.setdefault(person.email, False)
    return [address for address, verified in known.items() if not verified]


@transaction.atomic
def reset_second_factors(person: User, *, request: HttpRequest, reason: str) -> int:
    """Remove authenticator app, recovery codes, keys and passkeys, and mail all addresses. Return the number removed.

    For who lost their phone: the first factor alone signs in again, until they set up another.
    """
    rows = Authenticator.objects.filter(user=person)
    types = sorted(rows.values_list("type", flat=True))
    rows.delete()
    record("second_factors_reset", person, request, types=types, reason=reason)
    notices.send(person, "second_factors_reset", request=request)
    return len(types)


def impersonate(person: User, *, request: HttpRequest, reason: str) -> tokens.Issued:
    """A token that works as this person's for minutes; it can't be had again. Raises CannotImpersonate."""
    operator = request.user
    assert isinstance(operator, User)
    if not may_impersonate(operator, person):
        raise CannotImpersonate
    issued = tokens.impersonate(person, operator=operator, address=request.META.get("REMOTE_ADDR") or "")
    record("impersonated", person, request, device_id=str(issued.row.pk), reason=reason)
    return issued


def record(event: str, person: User | None, request: HttpRequest, **details: Any) -> None:
    """Note what who is signed in to the admin did with a person."""
    given = {name: value for name, value in details.items() if value != ""}
    audit.record(event, user=person, request=request, by=str(request.user.pk), **given)
