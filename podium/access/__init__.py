"""Access rules: who may read, create, update and delete which rows. docs/how-to/access-rules.md

An app writes its rules in `<app>/access.py` with the names below. It knows no endpoints, REST or admin.

    conditions.py    Me, SignedIn, Everyone, Scope, through
    rules.py         Rules, the class of a model's rules, and their registry
    alternatives.py  a rule as a list of alternatives, each a list of literals
    predicates.py    alternatives and a caller -> a Q for Django
    rows.py          visible, require, create, update, delete
    explain.py       why a caller may, or may not, do something with a row
    results.py       rows in the results of methods that their callers may not read
    inverse.py       which users may do something with given rows
    grants.py        the same for one row: named users, and all users with certain scopes
    words.py         rules as text
    checks.py        `manage.py check`
"""

from podium.access.callers import Caller
from podium.access.conditions import Everyone, Me, Scope, SignedIn, through
from podium.access.errors import RowNotFound, RowRefused
from podium.access.rows import acreate, adelete, arequire, aupdate, create, delete, require, update, visible
from podium.access.rules import Rules

__all__ = [
    "Caller",
    "Everyone",
    "Me",
    "RowNotFound",
    "RowRefused",
    "Rules",
    "Scope",
    "SignedIn",
    "acreate",
    "adelete",
    "arequire",
    "aupdate",
    "create",
    "delete",
    "require",
    "through",
    "update",
    "visible",
]
