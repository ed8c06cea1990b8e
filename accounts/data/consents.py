"""Consents of users to documents, by version. A withdrawal does not overwrite them, so they can be proved later."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import QuerySet

from accounts.audit import audit
from accounts.models import Consent, User
from podium.core import clock
from podium.core.errors import PodiumError
from podium.endpoints.calls import Call

_NAME = re.compile(r"[\w.:/+ -]+")


class BadConsent(PodiumError):
    """A document is named by 1 to 80 letters, digits, spaces and . : / + - _, its version by 1 to 40 of them."""

    code = "accounts.bad_consent"


class NoConsent(PodiumError):
    """There is no consent to this document to withdraw."""

    status = 404
    code = "accounts.no_consent"


def give(user: User, document: str, version: str, *, address: str = "", call: Call | None = None) -> Consent:
    """Record a user's consent. If there is one already, returns it. Raises BadConsent (400)."""
    for text, length in ((document, 80), (version, 40)):
        if len(text) > length or not _NAME.fullmatch(text):
            raise BadConsent
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=user.pk).first()  # makes simultaneous calls wait
        known = of(user).filter(document=document, version=version, withdrawn_at=None).first()
        if known is not None:
            return known
        given = Consent.objects.create(
            user=user, document=document, version=version, address=(call.address if call else address)[:45]
        )
        audit.record("consent_given", user=user, call=call, document=document, version=version)
    return given


def withdraw(user: User, document: str, *, call: Call | None = None) -> list[Consent]:
    """Withdraw a user's consent to all versions. Raises NoConsent (404)."""
    with transaction.atomic():
        given = list(of(user).select_for_update().filter(document=document, withdrawn_at=None))
        if not given:
            raise NoConsent(document=document)
        now = clock.now()
        for each in given:
            each.withdrawn_at = now
        Consent.objects.bulk_update(given, ["withdrawn_at"])
        audit.record("consent_withdrawn", user=user, call=call, document=document)
    return given


def of(user: User) -> QuerySet[Consent]:
    """All consents of a user, newest first, including withdrawn ones."""
    return Consent.objects.filter(user=user).order_by("-id")


def holds(user: User, document: str, version: str | None = None) -> bool:
    """Test whether a user consents to a document now; to that version, if one is given. One SELECT."""
    given = of(user).filter(document=document, withdrawn_at=None)
    return (given if version is None else given.filter(version=version)).exists()
