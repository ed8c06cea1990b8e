"""Recovery codes are stored as hashes: neither the database nor its key reveals them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt, encrypt
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from accounts.second_factor.recovery_codes import HashedRecoveryCodes
from tests.accounts.conftest import PASSWORD, Make

pytestmark = pytest.mark.django_db(transaction=True)

TYPE = Authenticator.Type.RECOVERY_CODES


def stored() -> dict[str, Any]:
    return dict(Authenticator.objects.get(type=TYPE).data)


def set_up(call: Make, user: User) -> list[str]:
    token = call("emailIdp.login", email=user.email, password=PASSWORD).token
    secret = call("secondFactor.start_totp", token=token, proof=PASSWORD).secret
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    return list(call("secondFactor.confirm_totp", token=token, code=code))


def unused() -> list[str]:
    return list(Authenticator.objects.get(type=TYPE).wrap().get_unused_codes())


def test_a_salted_hash_of_each_is_stored(call: Make, anna: User) -> None:
    codes = set_up(call, anna)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert set(stored()) == {"hashes", "viewed_at"}
    hashes = [decrypt(each) for each in stored()["hashes"]]
    assert all(each.startswith("argon2$argon2id$") for each in hashes)
    assert len({each.split("$")[4] for each in hashes}) == 10  # the salts
    assert unused() == ["****"] * 10


def test_each_works_once(call: Make, anna: User) -> None:
    codes = set_up(call, anna)
    row = Authenticator.objects.get(type=TYPE)
    none_of_them = next(each for each in map("{:08}".format, range(11)) if each not in codes)
    for wrong in (none_of_them, "", "1" * 50, codes[0][:-1], f"{codes[0]}0"):
        assert not row.wrap().validate_code(wrong)
    assert row.wrap().validate_code(f" {codes[3][:4]}-{codes[3][4:]} ")
    assert not row.wrap().validate_code(codes[3])
    assert all(row.wrap().validate_code(each) for each in codes if each != codes[3])
    assert stored()["hashes"] == []


def test_the_page_shows_them_once(anna: User) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": encrypt("x")})
    browser = Client()
    browser.force_login(anna)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    page = browser.post("/account/2fa/recovery-codes/generate/", follow=True)
    codes = page.context["unused_codes"]
    assert all(len(each) == 8 and each in page.content.decode() for each in codes)
    again = browser.get("/account/2fa/recovery-codes/")
    assert again.context["unused_codes"] == ["****"] * 10
    assert Authenticator.objects.get(type=TYPE).wrap().validate_code(codes[0])


def test_the_headless_api_shows_them_once(anna: User) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": encrypt("x")})
    browser, path = Client(), "/_allauth/browser/v1/account/authenticators/recovery-codes"
    browser.force_login(anna)
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    made = browser.post(path, {}, content_type="application/json").json()["data"]
    assert (made["total_code_count"], made["unused_code_count"]) == (10, 10)
    assert Authenticator.objects.get(type=TYPE).wrap().validate_code(made["unused_codes"][0])
    later = browser.get(path).json()["data"]
    assert "unused_codes" not in later
    assert later["unused_code_count"] == 9


@pytest.fixture
def readable(anna: User) -> list[str]:
    """Codes from before codes were hashed."""
    data = {"seed": encrypt(RecoveryCodes.generate_seed()), "used_mask": 0b10}
    return list(Authenticator.objects.create(user=anna, type=TYPE, data=data).wrap().get_unused_codes())


def test_codes_of_before_go_on_working_and_are_hashed_at_their_first_use(readable: list[str]) -> None:
    assert len(readable) == 9
    assert Authenticator.objects.get().wrap().validate_code(readable[0])
    assert set(stored()) == {"hashes"}
    assert len(stored()["hashes"]) == 8
    assert not Authenticator.objects.get().wrap().validate_code(readable[0])
    assert Authenticator.objects.get().wrap().validate_code(readable[8])


def test_the_command_hashes_them_all(readable: list[str]) -> None:
    call_command("reencrypt_second_factors")
    assert len(stored()["hashes"]) == 9
    assert HashedRecoveryCodes(Authenticator.objects.get()).validate_code(readable[5])
