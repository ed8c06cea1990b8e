"""Pages of the admin that belong to no model, links on the pages of rows, and rows as a user sees them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from unfold.sites import UnfoldAdminSite

from accounts.models import User
from podium.access import Everyone, Rules
from podium.access import rules as rule_classes
from podium.admin import extra_pages, links
from podium.admin.links import Link, RowLinks
from tests.admin.diary.models import Entry
from tests.admin.test_pages import FULL, make
from tests.database.library.models import Specimen


def shown(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sales")


def site_of(monkeypatch: pytest.MonkeyPatch, pages: Any) -> UnfoldAdminSite:
    """A site with the pages of the diary's admin.py."""
    module = ModuleType("tests.admin.diary.admin")
    module.pages = pages  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    site = UnfoldAdminSite()
    extra_pages.install(site)
    return site


@pytest.mark.django_db
def test_a_page_of_an_app_is_below_the_admin_and_for_staff_only(monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(monkeypatch, [path("diary/sales/", shown, name="sales")])
    [page] = [each for each in site.get_urls() if each.name == "sales"]
    request = RequestFactory().get("/admin/diary/sales/")
    request.user = User.objects.create_user("anna@example.org")
    assert page.callback(request).status_code == 302
    request.user.is_staff = True
    assert page.callback(request).content == b"sales"


def test_pages_that_are_no_paths_are_an_error_with_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"tests.admin.diary/admin.py: pages has 'sales'"):
        site_of(monkeypatch, ["sales"]).get_urls()
    assert site_of(monkeypatch, sys).get_urls(), "a module of that name is not a list of pages"


def test_the_platforms_pages_are_where_the_admin_is(settings: Any) -> None:
    assert reverse("admin:access") == "/admin/access/"
    settings.ROOT_URLCONF = "tests.accounts.moved_admin_urls"
    assert reverse("admin:access") == "/staff/access/"


def test_an_app_adds_links_to_the_pages_of_rows(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def receipt(request: HttpRequest, row: Any) -> Link | None:
        return Link("Receipt", f"/receipts/{row.pk}", "print") if isinstance(row, Entry) else None

    monkeypatch.setattr(links, "_makers", [])
    links.row_link(receipt)
    entry = make()
    page = root.get(f"/admin/diary/entry/{entry.pk}/change/").content.decode()
    assert f'href="/receipts/{entry.pk}"' in page and "Receipt" in page
    assert "Receipt" not in root.get("/admin/diary/entry/add/").content.decode()
    assert isinstance(admin.site.get_model_admin(User), RowLinks)


def test_rows_as_a_user_sees_them_have_the_fields_of_clients_without_secrets(root: Client) -> None:
    class EntryRules(Rules[Entry]):
        read = Everyone

    try:
        make(photo=b"12345", bits=[True] * 5, share_token="s3cret", tags=["a", "b"])
        answer = root.get("/admin/access/rows/?user=nobody&model=diary.entry")
        table = answer.context["found"]["table"]
        [row] = (dict(zip(table["headers"], each["cols"], strict=True)) for each in table["rows"])
        assert {"share token", "owner id"} & set(row) == set(), "clients do not see these"
        assert (row["photo"], row["tags"], row["diary"]) == ("5\xa0bytes", '["a","b"]', "-")
        assert row["weather"] == "sunny"
        assert b"s3cret" not in answer.content
    finally:
        rule_classes.forget(Entry)


@pytest.mark.parametrize("values", [FULL, {}], ids=["full", "empty"])
def test_rows_as_a_user_sees_them_show_every_type(root: Client, values: dict[str, Any]) -> None:
    class SpecimenRules(Rules[Specimen]):
        read = Everyone

    try:
        Specimen.objects.create(**values)
        answer = root.get("/admin/access/rows/?user=nobody&model=specimen")
        assert answer.status_code == 200 and len(answer.context["found"]["table"]["rows"]) == 1
    finally:
        rule_classes.forget(Specimen)
