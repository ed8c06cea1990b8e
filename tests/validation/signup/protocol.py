"""The models of signup, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.database import base, fields
from podium.database.constraints import RuleConstraint
from podium.database.fields import Column, Key
from podium.wire import validation
from podium.wire.classes import WireClass, WireField, register

from .protocol_types import SignupQuerySet

if TYPE_CHECKING:
    from .protocol_types import SignupQ

__all__ = [
    "Signup",
    "SignupGuest",
    "SignupQuestion",
    "SignupStep",
]


class Signup(base.Model):
    """A form that somebody has filled in."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    name: Column[str] = fields.TextField(db_column="badge")
    """The name on the badge."""
    slug: Column[str | None] = fields.TextField(null=True, blank=True)
    stars: Column[int] = fields.IntegerField(default=3, db_default=3)
    price: Column[float | None] = fields.FloatField(null=True, blank=True)
    mail: Column[str | None] = fields.TextField(null=True, blank=True)
    site: Column[str | None] = fields.TextField(null=True, blank=True)
    tags: Column[list[str]] = fields.JSONField("List<String>")
    kinds: Column[set[int] | None] = fields.JSONField("Set<int>", jsonb=True, null=True, blank=True)
    photo: Column[bytes | None] = fields.BinaryField(null=True, blank=True)
    validate: Column[str | None] = fields.TextField(null=True, blank=True)
    guests: Column[list[SignupGuest] | None] = fields.JSONField("List<SignupGuest>", null=True, blank=True)
    """Not checked in this class, but in each of its own."""

    objects: ClassVar[SignupQuerySet] = SignupQuerySet.as_manager()
    Q: ClassVar[type[SignupQ]]

    class Meta:
        db_table = "validation_signup"
        constraints = [
            RuleConstraint(
                fields=["name"],
                rule=validation.Length(min=1, max=5),
                name="validation_signup__badge__length_check",
            ),
            RuleConstraint(
                fields=["slug"], rule=validation.Length(max=20), name="validation_signup__slug__length_check"
            ),
            RuleConstraint(
                fields=["slug"],
                rule=validation.Pattern(pattern="[a-z]+(-[a-z0-9]+)*"),
                name="validation_signup__slug__pattern_check",
            ),
            RuleConstraint(
                fields=["stars"],
                rule=validation.Range(min=1, max=5),
                name="validation_signup__stars__range_check",
            ),
            RuleConstraint(
                fields=["price"], rule=validation.Range(min=0.5), name="validation_signup__price__range_check"
            ),
            RuleConstraint(
                fields=["mail"], rule=validation.Email(), name="validation_signup__mail__email_check"
            ),
            RuleConstraint(fields=["site"], rule=validation.Url(), name="validation_signup__site__url_check"),
            RuleConstraint(
                fields=["tags"], rule=validation.Length(max=3), name="validation_signup__tags__length_check"
            ),
            RuleConstraint(
                fields=["kinds"],
                rule=validation.Length(min=1, max=2),
                name="validation_signup__kinds__length_check",
            ),
            RuleConstraint(
                fields=["photo"], rule=validation.Length(max=4), name="validation_signup__photo__length_check"
            ),
            RuleConstraint(
                fields=["validate"],
                rule=validation.Length(max=3),
                name="validation_signup__validate__length_check",
            ),
        ]


@dataclass(kw_only=True)
class SignupGuest:
    name: str


@dataclass(kw_only=True)
class SignupStep:
    title: str


@dataclass(kw_only=True)
class SignupQuestion(SignupStep):
    place: int


register(
    [
        WireClass(
            "Signup",
            Signup,
            [
                WireField("id", "id", "int?"),
                WireField("fullName", "name", "String", rules=[validation.Length(min=1, max=5)]),
                WireField(
                    "slug",
                    "slug",
                    "String?",
                    rules=[validation.Length(max=20), validation.Pattern(pattern="[a-z]+(-[a-z0-9]+)*")],
                ),
                WireField("stars", "stars", "int", has_default=True, rules=[validation.Range(min=1, max=5)]),
                WireField("price", "price", "double?", rules=[validation.Range(min=0.5)]),
                WireField("mail", "mail", "String?", rules=[validation.Email()]),
                WireField("site", "site", "String?", rules=[validation.Url()]),
                WireField("tags", "tags", "List<String>", rules=[validation.Length(max=3)]),
                WireField("kinds", "kinds", "Set<int>?", rules=[validation.Length(min=1, max=2)]),
                WireField("photo", "photo", "ByteData?", rules=[validation.Length(max=4)]),
                WireField("validate", "validate", "String?", rules=[validation.Length(max=3)]),
                WireField("guests", "guests", "List<SignupGuest>?"),
            ],
        ),
        WireClass(
            "SignupGuest",
            SignupGuest,
            [
                WireField("name", "name", "String", rules=[validation.Length(min=2)]),
            ],
        ),
        WireClass(
            "SignupStep",
            SignupStep,
            [
                WireField("title", "title", "String", rules=[validation.Length(max=9)]),
            ],
            sealed=True,
        ),
        WireClass(
            "SignupQuestion",
            SignupQuestion,
            [
                WireField("title", "title", "String", rules=[validation.Length(max=9)]),
                WireField("place", "place", "int", rules=[validation.Range(min=1)]),
            ],
            parent="SignupStep",
        ),
    ]
)
