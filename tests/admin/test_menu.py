"""The admin's menu, made from the installed apps."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from podium.admin import icons, menu
from podium.admin.menu import Item, Section


def shown(browser: Client) -> dict[str, list[str]]:
    page = browser.get("/admin/")
    return {
        group["title"]: [item["title"] for item in group["items"]]
        for group in page.context["sidebar_navigation"]
    }


def test_the_platforms_sections_come_first_then_each_app_has_its_own(root: Client) -> None:
    found = shown(root)
    assert list(found)[:3] == ["Operations", "Users", "Files"]
    assert found["Operations"] == ["Overview", "Calls", "Jobs", "Recurring"]
    assert found["Diary"] == ["Comments", "Diaries", "Entries", "Scans"]


def test_the_menu_has_only_what_the_user_may_view(staff: Any) -> None:
    assert shown(staff("diary.view_entry")) == {"Operations": ["Overview"], "Diary": ["Entries"]}


def test_an_app_that_is_not_installed_has_no_section(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    section = Section("Users", [Item("nowhere.Thing"), Item("diary.Nothing")])
    monkeypatch.setattr("accounts.admin.menu", section)
    assert "Users" not in shown(root)


def test_an_app_writes_its_own_section(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    section = Section("My diary", [Item("diary.Entry", title="Days", icon="today"), Item("diary.Diary")])
    monkeypatch.setattr(menu, "_declared", lambda app: section if app.label == "diary" else None)
    [group] = [
        each for each in root.get("/admin/").context["sidebar_navigation"] if each["title"] == "My diary"
    ]
    assert [(item["title"], item["icon"], item["link"]) for item in group["items"]] == [
        ("Days", "today", "/admin/diary/entry/"),
        ("Diaries", icons.DEFAULT, "/admin/diary/diary/"),
    ]


def test_a_menu_that_is_not_a_section_is_an_error_with_its_place(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.admin.menu", ["People"])
    with pytest.raises(ImproperlyConfigured, match=r"accounts/admin.py: menu is list; write menu = Section"):
        root.get("/admin/")


def test_an_icon_suits_the_last_word_of_a_name() -> None:
    assert icons.of(["order", "item"]) == icons.ICONS["item"]
    assert icons.of(["note", "xyz"]) == icons.ICONS["note"]
    assert icons.of(["xyz"]) == icons.DEFAULT


def test_each_model_of_a_platforms_menu_has_a_page() -> None:
    for section in menu.sections()[:6]:
        for item in section.items:
            model = menu._model(item.target) if item.is_model else None
            assert model is None or admin.site.is_registered(model), item
