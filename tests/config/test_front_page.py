"""The front page, and the icon that browsers ask for."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client


def test_the_icon_of_all_pages_is_there() -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/podium/icon.svg")
    assert finders.find("podium/icon.svg")


@pytest.mark.parametrize("development", [True, False])
def test_the_front_page_leads_to_the_mails_in_development_alone(development: bool) -> None:
    page = render_to_string("index.html", {"debug": True, "development": development})
    assert ('href="/mail/"' in page) is development
