"""Passwords of other systems: published vectors, damaged hashes, and the cost of a wrong password."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from argon2.low_level import Type, core, ffi, lib  # type: ignore[attr-defined]
from django.contrib.auth.hashers import (
    check_password,
    get_hasher,
    get_hashers,
    identify_hasher,
    make_password,
)
from django.utils.module_loading import import_string

from accounts.passwords import hashers, legacy_hashers
from podium import settings as project_settings

SIGNER_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
FIREBASE = (
    "firebase$14$8$Bw$42xEC+ixf3L2lw$"
    "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ"
)
"""Source: https://github.com/firebase/scrypt/blob/main/README.md"""


def argon2id_by_the_reference_code(password: str, pepper: str) -> str:
    """A hash as Serverpod stores it, made by the C code of Argon2's authors; the hasher uses OpenSSL's."""
    salt = b"sixteen bytes..."
    parts = [
        base64.b64encode(each).decode() for each in (salt, argon2_tag(password, salt, pepper, 32, lanes=6))
    ]
    return f"$argon2id$v=19$m=4096,t=3,p=6${parts[0]}$${parts[1]}"


def argon2_tag(password: str, salt: bytes, pepper: str, length: int, *, lanes: int) -> bytes:
    out = ffi.new("uint8_t[]", length)
    kept = [ffi.new("uint8_t[]", text) for text in (password.encode(), salt, pepper.encode())]
    context = ffi.new(
        "argon2_context *",
        {
            **{"version": 0x13, "out": out, "outlen": length, "ad": ffi.NULL, "adlen": 0},
            **{"pwd": kept[0], "pwdlen": len(password.encode()), "salt": kept[1], "saltlen": len(salt)},
            **{"secret": kept[2], "secretlen": len(pepper.encode()), "flags": lib.ARGON2_DEFAULT_FLAGS},
            **{"t_cost": 3, "m_cost": 4096, "lanes": lanes, "threads": 1},
            **{"allocate_cbk": ffi.NULL, "free_cbk": ffi.NULL},
        },
    )
    assert core(context, Type.ID.value) == lib.ARGON2_OK
    return bytes(ffi.buffer(out))


def base64_of(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


SCRYPT = base64_of(  # RFC 7914 section 12
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d"
    "8360cbdfa2cc0640"
)
PBKDF2 = base64_of(  # RFC 7914 section 11: the first 32 bytes
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
)
VECTORS = {
    "bcrypt": ("abc", "bcrypt$$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),  # jBCrypt's
    "bcrypt, version b": ("abc", "bcrypt$$2b$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
    "pbkdf2": ("passwd", f"pbkdf2_sha256$1$salt${PBKDF2}"),
    "scrypt": ("password", f"scrypt$1024$NaCl$8$16${SCRYPT}"),
    "firebase": ("user1password", FIREBASE),
    "serverpod": (
        "höre 7 Wale",
        "serverpod" + argon2id_by_the_reference_code("höre 7 Wale", "the new pepper"),
    ),
    "serverpod, an old pepper": (
        "höre 7 Wale",
        "serverpod" + argon2id_by_the_reference_code("höre 7 Wale", "the old one"),
    ),
}


SALT = "serverpod password salt"
"""The default of serverpod_auth if email_password_salt is not set."""
SERVERPOD_TAG = (  # of `migratedLegacyToArgon2idHash('legacyHash', salt: 'saltySalt')` in Serverpod's own tests
    "aF5cAla/wBZ6Ka/kpGfmBC9kOftCRBr5srDZFhtAiF9SUqNUwefbsHBJZDX9cOo2B7MHNZzJDbNRg2VH6+VJtp70gHdveN7EJGrcSsaiReI1x4pX"
    "/sQ0l78FhIZ/+vYsuFGDCcr4qg1bkIk6apwmGMzJjKMSKy07bPXNcemm3EPhuCC9OLeBQHtS642TsWVKX9412XxGR2aDbRIDJItBMfWlLH0i3JSW"
    "xqcUZLtES7bwcvPdqj68jHT6nzAzFJAiOg4NkaTLye/SlKe/q6LjUci/NYYkJ9ujNnJD410E4AR6yVJqWZaGJMTrr38A0Vigayj4IvPaYaMCwho9"
    "Pr8/Jg=="
)


def plain_hash(password: str, salt: str) -> str:
    return hashlib.sha256((password + salt).encode()).hexdigest()


def legacy_hash(kind: str, text: str, pepper: str) -> str:
    tag = argon2_tag(text, b"Ab1Cd2Ef3Gh4Ij5K", pepper, 256, lanes=1)
    return f"${kind}$Ab1Cd2Ef3Gh4Ij5K${base64.b64encode(tag).decode()}"


def legacy_vectors() -> dict[str, tuple[str, str, str]]:
    """Password, hash as in serverpod_email_auth, and address."""
    anna = "anna@example.com"
    of_anna = plain_hash("hunter2", f"{SALT}:{anna}")
    return {
        "Serverpod's own": ("legacyHash", f"$argon2id$c2FsdHlTYWx0${SERVERPOD_TAG}", anna),
        "with a pepper": ("hunter2", legacy_hash("argon2id", "hunter2", "the old one"), anna),
        "SHA-256": ("hunter2", of_anna, anna),
        "SHA-256 without the address": ("hunter2", plain_hash("hunter2", SALT), anna),
        "SHA-256 with a salt of one's own": ("hunter2", plain_hash("hunter2", f"our salt:{anna}"), anna),
        "migrated": ("hunter2", legacy_hash("migratedLegacy", of_anna, "the new pepper"), anna),
    }


@pytest.mark.parametrize("name", legacy_vectors())
def test_each_kind_of_serverpod_auth_is_checked_and_renewed(name: str, settings: Any) -> None:
    settings.ACCOUNTS_SERVERPOD_PASSWORD_SALTS = ["our salt", SALT]
    password, stored, address = legacy_vectors()[name]
    encoded = legacy_hashers.encoded(stored, address)
    renewed: list[str] = []
    assert check_password(password, encoded, renewed.append)
    assert renewed == [password]
    assert not check_password(password + "x", encoded)
    assert not check_password(stored, encoded)
    assert len(encoded) <= 128


def test_the_oldest_hashes_count_with_their_own_address_only() -> None:
    _, stored, _ = legacy_vectors()["SHA-256"]
    assert not check_password("hunter2", legacy_hashers.encoded(stored, "ben@example.com"))


@pytest.mark.parametrize("stored", ["", "$invalid$password$hash", "x" * 64, "$argon2id$salt$short", "a" * 32])
def test_an_invalid_hash_of_serverpod_auth_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match="its kind of hash is unknown"):
        legacy_hashers.encoded(stored, "anna@example.com")


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.ACCOUNTS_FIREBASE_SIGNER_KEYS = [base64.b64encode(b"another project's" * 3).decode(), SIGNER_KEY]
    settings.ACCOUNTS_SERVERPOD_PEPPERS = ["the new pepper", "the old one"]


@pytest.fixture
def new_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords hashed by the first hasher: the costly part of a sign-in, counted instead of timed."""
    hashed: list[str] = []
    encode = hashers.Argon2.encode

    def counted(self: hashers.Argon2, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.Argon2, "encode", counted)
    return hashed


def test_new_passwords_are_hashed_by_argon2id() -> None:
    assert make_password("x").startswith("argon2$argon2id$v=19$")
    assert isinstance(get_hasher(), hashers.Argon2)


def test_outside_of_tests_a_new_password_costs_an_attacker_enough() -> None:
    """tests/settings.py has a quick hasher in the place of this one. Source: OWASP Password Storage Cheat Sheet."""
    first = import_string(project_settings.PASSWORD_HASHERS[0])
    assert first is hashers.Argon2
    assert first.memory_cost >= 19 * 1024 and first.time_cost >= 2


@pytest.mark.parametrize("name", VECTORS)
def test_a_password_of_another_system_is_accepted_and_hashed_again(name: str) -> None:
    password, encoded = VECTORS[name]
    kept: list[str] = []
    assert not check_password(password + "!", encoded, kept.append)
    assert not check_password(password.upper() + "?", encoded, kept.append)
    assert kept == []
    assert check_password(password, encoded, kept.append)
    assert kept == [password]


@pytest.mark.parametrize("name", VECTORS)
def test_a_wrong_password_costs_what_a_right_one_costs(name: str, new_hashes: list[str]) -> None:
    password, encoded = VECTORS[name]
    assert check_password(password, encoded, make_password)
    assert len(new_hashes) == 1
    assert not check_password("wrong", encoded, make_password)
    assert len(new_hashes) == 2


def test_an_argon2_hash_with_lesser_parameters_is_hashed_anew_and_a_wrong_password_costs_the_same(
    new_hashes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = make_password("right")
    monkeypatch.setattr(hashers.Argon2, "time_cost", 3)
    new_hashes.clear()
    assert check_password("right", encoded, make_password)
    assert len(new_hashes) == 1
    assert not check_password("wrong", encoded, make_password)
    assert len(new_hashes) == 2


@pytest.mark.parametrize("algorithm", [hasher.algorithm for hasher in get_hashers()])
@pytest.mark.parametrize(
    "rest",
    [
        "",
        "$",
        "$$",
        "$$$$$$$$$",
        "$argon2id$v=19$m=4096,t=3,p=6$AAAA$$AAAA",  # Argon2 takes no salt as short as this
        "$argon2id$v=19$m=0,t=0,p=0$AAAAAAAAAAAAAAAAAAAAAA$$AAAAAAAA",
        "$argon2id$v=19$m=1$!$!",
        "$$2a$99$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
        "$99$999$Bw$AAAA$AAAA",
        "$14$8$=$$A",
        "$99999999999999999999$salt$8$16$x",
        "$16777216$salt$8$16$x",
        "$ä$\u0660$\u0661$x$y",
    ],
)
def test_a_damaged_hash_is_a_wrong_password(algorithm: str, rest: str, new_hashes: list[str]) -> None:
    assert not check_password("x", algorithm + rest, make_password)
    assert len(new_hashes) == 1


def test_without_its_secret_a_password_is_wrong(settings: Any) -> None:
    settings.ACCOUNTS_FIREBASE_SIGNER_KEYS = []
    settings.ACCOUNTS_SERVERPOD_PEPPERS = []
    assert not check_password(*VECTORS["firebase"])
    assert not check_password(*VECTORS["serverpod"])


def test_a_signer_key_that_is_not_base64_raises_nothing(settings: Any) -> None:
    settings.ACCOUNTS_FIREBASE_SIGNER_KEYS = ["what is this?"]
    assert not check_password(*VECTORS["firebase"])


def test_serverpod_without_a_pepper(settings: Any) -> None:
    settings.ACCOUNTS_SERVERPOD_PEPPERS = []
    encoded = "serverpod" + argon2id_by_the_reference_code("x", "")
    assert check_password("x", encoded)
    assert not check_password("y", encoded)
    assert check_password("x", encoded.replace("$$", "$"))  # as the PHC string format has it


def test_bcrypt_reads_72_bytes_as_it_does_elsewhere() -> None:
    encoded = hashers.BCrypt().encode("a" * 72, b"$2a$04$DCq7YPn5Rq63x1Lad4cll.")
    assert check_password("a" * 72 + "whatever", encoded)
    assert not check_password("a" * 71, encoded)


@pytest.mark.parametrize("name", ["firebase", "serverpod"])
def test_the_admin_shows_nothing_of_a_foreign_hash_but_its_kind(name: str) -> None:
    encoded = VECTORS[name][1]
    assert identify_hasher(encoded).safe_summary(encoded) == {"algorithm": name}
