"""A new password or a sign-out from everywhere ends unfinished sign-ins and resets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from accounts.protocol import (
    EmailAccountPasswordResetException,
    SecondFactorException,
    SecondFactorRequiredException,
)
from podium.endpoints import testing
from tests.accounts.conftest import PASSWORD
from tests.accounts.second_factor.test_second_factor import App, app, set_up
from tests.accounts.sign_in.test_ownership import NEW, reset
from tests.accounts.users import signed_in
from tests.accounts.webmail import code

__all__ = ["app"]

pytestmark = pytest.mark.django_db(transaction=True)


def reset_ticket(user: User) -> str:
    request = testing.call("emailIdp.start_password_reset", email=user.email)
    return str(
        testing.call(
            "emailIdp.verify_password_reset_code",
            password_reset_request_id=request,
            verification_code=code(str(user.email)),
        )
    )


def finish(ticket: str, password: str) -> None:
    testing.call("emailIdp.finish_password_reset", finish_password_reset_token=ticket, new_password=password)


def on_the_page(user: User) -> None:
    assert reset(str(user.email), NEW)


def in_an_app(user: User) -> None:
    finish(reset_ticket(user), NEW)


def by_signing_out_everywhere(user: User) -> None:
    identity, _ = signed_in(user)
    testing.call("serverpod_auth_core.status.sign_out_all_devices", user=identity)


ENDS = [on_the_page, in_an_app, by_signing_out_everywhere]


@pytest.mark.parametrize("end", ENDS)
def test_a_ticket_for_the_second_factor_is_void(end: Callable[[User], None], anna: User, app: App) -> None:
    codes = set_up(app, anna)
    with pytest.raises(SecondFactorRequiredException) as asked:
        testing.call("emailIdp.login", email=anna.email, password=PASSWORD)
    end(anna)
    with pytest.raises(SecondFactorException) as refused:
        testing.call("secondFactor.finish_sign_in", token=asked.value.token, code=codes[0])
    assert refused.value.reason.value == "expired"


@pytest.mark.parametrize("end", ENDS)
def test_a_ticket_for_a_new_password_is_void(end: Callable[[User], None], anna: User) -> None:
    ticket = reset_ticket(anna)
    end(anna)
    with pytest.raises(EmailAccountPasswordResetException):
        finish(ticket, "a stranger's battery 9")
    anna.refresh_from_db()
    assert not anna.check_password("a stranger's battery 9")


def test_the_address_of_an_export_is_void(anna: User) -> None:
    identity, _ = signed_in(anna)
    url = testing.call("accountData.export_data", user=identity).url
    path = str(url).partition("8000")[2]
    assert Client().get(path).status_code == 200
    by_signing_out_everywhere(anna)
    assert Client().get(path).status_code == 404
