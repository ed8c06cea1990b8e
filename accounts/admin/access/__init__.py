"""Pages about access rules: the rules in words, why a user may act on a row, which users may, what a user sees.

All pages only read. Staff see nothing of a model whose rows they may not view in the admin.
"""

from __future__ import annotations

from django.urls import path

from accounts.admin.access import as_user, links, pages  # noqa: F401  links register themselves

urls = [
    path("access/", pages.matrix, name="access"),
    path("access/explain/", pages.explain, name="access_explain"),
    path("access/row/", pages.row, name="access_row"),
    path("access/user/", pages.user, name="access_user"),
    path("access/rows/", as_user.rows, name="access_rows"),
]
