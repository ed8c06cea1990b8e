"""Challenges: answered once, in time, within a few tries, and only for their purpose."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import Challenge
from accounts.sign_in import challenges
from podium.core import clock
from tests.accounts.conftest import Make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_the_right_answer_counts_once() -> None:
    made = challenges.start("test", "1234", lifetime=MINUTE, data={"email": "anna@example.com"})
    assert challenges.answer("test", made.pk, "1234").data == {"email": "anna@example.com"}
    with pytest.raises(challenges.ChallengeNotFound):
        challenges.answer("test", made.pk, "1234")


def test_after_a_few_wrong_answers_the_right_one_counts_no_more() -> None:
    made = challenges.start("test", "1234", lifetime=MINUTE, tries=2)
    for _ in range(2):
        with pytest.raises(challenges.WrongAnswer):
            challenges.answer("test", made.pk, "4321")
    with pytest.raises(challenges.TooManyTries):
        challenges.answer("test", made.pk, "1234")


def test_an_answer_that_comes_too_late_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    made = challenges.start("test", "1234", lifetime=MINUTE)
    then = clock.now() + MINUTE
    monkeypatch.setattr(clock, "now", lambda: then)
    with pytest.raises(challenges.ChallengeExpired):
        challenges.answer("test", made.pk, "1234")
    assert challenges.delete_expired() == 0
    monkeypatch.setattr(clock, "now", lambda: then + timedelta(days=2))
    assert challenges.delete_expired() == 1


def test_one_of_two_that_are_started_at_once_with_one_id_replaces_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As by a second tap on "sign up": hashing a short answer leaves time for it."""
    id, slow = uuid.uuid4(), challenges._slow

    def start(answer: str) -> None:
        challenges.start("test", answer, lifetime=MINUTE, short=True, id=id, data={"by": answer})

    def while_the_other_is_stored(digest: bytes) -> bytes:
        monkeypatch.setattr(challenges, "_slow", slow)
        start("1111")
        return slow(digest)

    monkeypatch.setattr(challenges, "_slow", while_the_other_is_stored)
    start("2222")
    assert challenges.answer("test", id, "2222").data == {"by": "2222"}


def test_an_answer_counts_for_its_kind_and_challenge_alone() -> None:
    made = challenges.start("test", "1234", lifetime=MINUTE)
    other = challenges.start("test", "4321", lifetime=MINUTE)
    with pytest.raises(challenges.ChallengeNotFound):
        challenges.answer("reset", made.pk, "1234")
    with pytest.raises(challenges.WrongAnswer):
        challenges.answer("test", other.pk, "1234")
    with pytest.raises(challenges.ChallengeNotFound):
        challenges.answer("test", uuid.uuid4(), "1234")
    assert bytes(made.digest) != bytes(challenges.start("test", "1234", lifetime=MINUTE).digest)


@pytest.mark.parametrize("text", ["", ".", "x.y", "é.é", "\0.\0", "0" * 32])
def test_an_invalid_ticket_is_refused(text: str) -> None:
    with pytest.raises(challenges.ChallengeNotFound):
        challenges.redeem("test", text)


def test_a_ticket_is_redeemed_once() -> None:
    ticket = challenges.ticket("test", lifetime=MINUTE, data={"a": 1})
    wrong = f"{ticket[:-4]}xxxx"
    with pytest.raises(challenges.WrongAnswer):
        challenges.redeem("test", wrong)
    assert challenges.redeem("test", ticket).data == {"a": 1}
    with pytest.raises(challenges.ChallengeNotFound):
        challenges.redeem("test", ticket)
    assert Challenge.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_mailed_code_is_stored_as_a_salted_password_hash(call: Make) -> None:
    ids = [call("emailIdp.start_registration", email="new@example.com") for _ in range(2)]
    stored = [bytes(Challenge.objects.get(pk=each).digest).decode() for each in ids]
    assert all(each.startswith("argon2$argon2id$") for each in stored)
    assert len({each.split("$")[4] for each in stored}) == 2  # the salts
    unknown = call("emailIdp.start_password_reset", email="nobody@example.com")
    assert bytes(Challenge.objects.get(pk=unknown).digest).startswith(b"argon2$argon2id$")
