"""Passwords of other systems: published vectors, damaged hashes, and what a wrong password costs."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from argon2.low_level import Type, core, ffi, lib
from django.contrib.auth.hashers import (
    check_password,
    get_hasher,
    get_hashers,
    identify_hasher,
    make_password,
)

from accounts import hashers

SIGNER_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
FIREBASE = (
    "firebase$14$8$Bw$42xEC+ixf3L2lw$"
    "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ"
)
"""Source: https://github.com/firebase/scrypt/blob/main/README.md"""


def argon2id_by_the_reference_code(password: str, pepper: str) -> str:
    """As Serverpod stores a password, made by the C code of Argon2's authors; the hasher uses OpenSSL's."""
    salt, out = b"sixteen bytes...", ffi.new("uint8_t[]", 32)
    kept = [ffi.new("uint8_t[]", text) for text in (password.encode(), salt, pepper.encode())]
    context = ffi.new(
        "argon2_context *",
        {
            **{"version": 0x13, "out": out, "outlen": 32, "ad": ffi.NULL, "adlen": 0},
            **{"pwd": kept[0], "pwdlen": len(password.encode()), "salt": kept[1], "saltlen": len(salt)},
            **{"secret": kept[2], "secretlen": len(pepper.encode()), "flags": lib.ARGON2_DEFAULT_FLAGS},
            **{"t_cost": 3, "m_cost": 4096, "lanes": 6, "threads": 1},
            **{"allocate_cbk": ffi.NULL, "free_cbk": ffi.NULL},
        },
    )
    assert core(context, Type.ID.value) == lib.ARGON2_OK
    parts = [base64.b64encode(each).decode() for each in (salt, bytes(ffi.buffer(out)))]
    return f"$argon2id$v=19$m=4096,t=3,p=6${parts[0]}$${parts[1]}"


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


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.ACCOUNTS_FIREBASE_SIGNER_KEYS = [base64.b64encode(b"another project's" * 3).decode(), SIGNER_KEY]
    settings.ACCOUNTS_SERVERPOD_PEPPERS = ["the new pepper", "the old one"]


@pytest.fixture
def new_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the first hasher hashes: the costly part of a sign-in, counted instead of timed."""
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


@pytest.mark.parametrize("name", VECTORS)
def test_a_password_of_another_system_is_known_and_hashed_anew(name: str) -> None:
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


def test_a_signer_key_that_is_no_base64_raises_nothing(settings: Any) -> None:
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
