"""Consents of users: given, withdrawn, given again, and never overwritten."""

from __future__ import annotations

import pytest

from accounts.data import consents
from accounts.models import Consent, SecurityEvent, User
from podium.endpoints import testing
from podium.endpoints.errors import NotSignedIn


def give(user: User, document: str = "terms", version: str = "1") -> object:
    return testing.call("accountData.giveConsent", user=user, document=document, version=version)


def test_consents_are_given_taken_back_and_kept(anna: User) -> None:
    ben = User.objects.create_user("ben@example.com")
    first = give(anna)
    assert give(anna) == first  # a second time changes nothing
    give(anna, version="2")
    give(anna, document="newsletter", version="2026-01")
    give(ben)
    assert consents.holds(anna, "terms") and consents.holds(anna, "terms", "2")
    assert not consents.holds(anna, "terms", "3")

    taken_back = testing.call("accountData.withdrawConsent", user=anna, document="terms")

    assert {each.version for each in taken_back} == {"1", "2"}
    assert not consents.holds(anna, "terms")
    assert consents.holds(anna, "newsletter") and consents.holds(ben, "terms")
    again = give(anna)
    assert again != first
    listed = testing.call("accountData.listConsents", user=anna)
    assert [(each.document, each.version, each.withdrawn_at is None) for each in listed] == [
        ("terms", "1", True), ("newsletter", "2026-01", True), ("terms", "2", False), ("terms", "1", False),
    ]  # fmt: skip
    assert Consent.objects.filter(user=anna).first().address == "127.0.0.1"  # type: ignore[union-attr]
    assert SecurityEvent.objects.filter(user=anna, event="consent_withdrawn").count() == 1


def test_a_consent_that_was_never_given_is_not_withdrawn(anna: User) -> None:
    give(User.objects.create_user())
    with pytest.raises(consents.NoConsent) as refused:
        testing.call("accountData.withdrawConsent", user=anna, document="terms")
    assert refused.value.status == 404
    assert Consent.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("document", "version"),
    [("", "1"), ("terms", ""), ("a" * 81, "1"), ("terms", "1" * 41), ("<b>", "1"), ("a\n", "1")],
)
def test_names_are_plain(anna: User, document: str, version: str) -> None:
    with pytest.raises(consents.BadConsent):
        give(anna, document, version)
    assert not Consent.objects.exists()


def test_nobody_agrees_to_nothing(db: None) -> None:
    for method, arguments in (
        ("giveConsent", {"document": "terms", "version": "1"}),
        ("withdrawConsent", {"document": "terms"}),
        ("listConsents", {}),
    ):
        with pytest.raises(NotSignedIn):
            testing.call(f"accountData.{method}", **arguments)
