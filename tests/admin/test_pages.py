"""Pages of the tables of model files, for which nobody wrote any code."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from podium.admin import automatic, paginator
from podium.admin.pages import ModelAdmin, TabularInline
from tests.admin.browser import sent
from tests.admin.diary.models import Comment, Diary, Entry, Scan, Weather
from tests.database.library.models import Genre, Mood, Page, Specimen, Square

ENTRIES = "/admin/diary/entry/"
DIARIES = "/admin/diary/diary/"
SPECIMENS = "/admin/library/specimen/"
NOON = datetime.datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=datetime.UTC)


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna@example.com", None)


def make(**values: Any) -> Entry:
    return Entry.objects.create(**{"title": "A walk", "tags": []} | values)


def stored(row: models.Model) -> list[Any]:
    """The row as the database has it, every column as text."""
    columns = ", ".join(
        f"{connection.ops.quote_name(str(each.column))}::text" for each in row._meta.concrete_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {connection.ops.quote_name(row._meta.db_table)} WHERE id = %s", [row.pk]
        )
        return list(cursor.fetchone())


# Options ----------------------------------------------------------------------------------------------------------


def test_options_come_from_the_model_file(root: Client) -> None:
    page = admin.site.get_model_admin(Entry)
    assert type(page) is ModelAdmin
    assert page.list_display == [
        "title",
        "weather",
        "is_public",
        "diary",
        "shown_owner",
        "day",
        "created_at",
    ]
    assert page.list_filter == ["weather", "is_public", "day", "created_at"]
    assert page.search_fields == ["body", "title"]
    assert page.date_hierarchy is None, "no index begins with a time"
    assert admin.site.get_model_admin(Diary).date_hierarchy == "created_at"
    assert admin.site.get_model_admin(Diary).search_fields == ["name", "user__email"]


def test_a_column_with_a_secret_is_left_out(root: Client) -> None:
    entry = make(share_token="s3cret")
    for address in (ENTRIES, f"{ENTRIES}{entry.pk}/change/", f"{ENTRIES}?q=s3cret"):
        page = root.get(address).content.decode()
        assert "Share token" not in page and ">s3cret" not in page
    assert root.get(f"{ENTRIES}?q=s3cret").context["cl"].result_count == 0


def test_a_secret_cannot_be_guessed_by_a_filter_in_the_address(root: Client) -> None:
    make(share_token="s3cret")
    assert root.get(f"{ENTRIES}?share_token__startswith=s3").status_code == 400
    assert root.get(f"{ENTRIES}?title__startswith=A").context["cl"].result_count == 1


def test_an_option_that_a_subclass_sets_replaces_what_was_found() -> None:
    class EntryAdmin(ModelAdmin):
        list_display = ["title", "shown_owner"]
        list_filter: list[str] = []

    page = EntryAdmin(Entry, admin.site)
    title, owner = page.get_list_display(RequestFactory().get("/"))
    assert (title.short_description, owner) == ("title", "shown_owner")
    assert page.list_filter == []
    assert page.search_fields == ["body", "title"], "an option that it does not set is still found"


def test_a_column_that_another_option_names_stays_as_it_is() -> None:
    class EntryAdmin(ModelAdmin):
        list_display = ["title", "day"]
        list_editable = ["day"]
        list_display_links = ["title"]

    assert EntryAdmin(Entry, admin.site).get_list_display(RequestFactory().get("/")) == ["title", "day"]


def test_apps_of_the_platform_have_only_the_pages_that_they_wrote() -> None:
    found = {
        model._meta.app_label for model, page in admin.site._registry.items() if type(page) is ModelAdmin
    }
    assert (
        found & {"accounts", "files", "tasks", "monitoring", "realtime", "legacy_auth", "legacy_chat"}
        == set()
    )


def test_a_page_of_admin_py_is_kept() -> None:
    before = admin.site.get_model_admin(User)
    automatic.register()
    assert admin.site.get_model_admin(User) is before


# The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_owner_and_asks_as_much_for_few_rows_as_for_many(root: Client, anna: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert root.get(ENTRIES).status_code == 200
        return len(captured)

    make(owner_id=anna.pk, diary=Diary.objects.create(name="One"))
    root.get(ENTRIES)
    few = queries()
    for number in range(20):
        owner = User.objects.create_user(f"user{number}@example.com", None)
        make(owner_id=owner.pk, diary=Diary.objects.create(name=f"Diary {number}"))
    make(owner_id=uuid.uuid4())
    assert queries() == few
    page = root.get(ENTRIES).content.decode()
    assert "anna@example.com" in page and "(no such user)" in page and "Diary 3" in page


def test_rows_are_found_by_text_by_key_and_by_their_owner(root: Client, anna: User) -> None:
    mine, other = make(owner_id=anna.pk), make(title="A swim", body="in the lake")
    diary = Diary.objects.create(name="Travels", user=anna)
    Diary.objects.create(name="Recipes")

    def found(address: str, term: str) -> list[Any]:
        return [row.pk for row in root.get(address, {"q": term}).context["cl"].result_list]

    assert found(ENTRIES, "ANNA@example") == [mine.pk]
    assert found(ENTRIES, "lake") == [other.pk]
    assert found(ENTRIES, str(other.pk)) == [other.pk]
    assert found(ENTRIES, "nothing like it") == []
    assert found(DIARIES, "anna@") == [diary.pk]


def test_filters(root: Client) -> None:
    sunny, rainy = make(), make(weather=Weather.RAINY, is_public=True, day=NOON)

    def found(query: str) -> list[Any]:
        return [row.pk for row in root.get(f"{ENTRIES}?{query}").context["cl"].result_list]

    assert found("weather__exact=Weather.RAINY") == [rainy.pk]
    assert found("is_public__exact=0") == [sunny.pk]
    assert found("day__isnull=True") == [sunny.pk]


def test_a_row_without_a_title_has_a_link_too(root: Client) -> None:
    entry = make(title="")
    assert f">Entry {entry.pk}</a>" in root.get(ENTRIES).content.decode()


def test_a_large_table_is_not_counted(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paginator, "COUNTED", 3)
    monkeypatch.setattr(paginator, "_estimate", lambda rows: 7_000)
    for _ in range(5):
        make()
    assert root.get(ENTRIES).context["cl"].result_count == 7_000
    page = root.get(f"{ENTRIES}?q=walk")
    assert page.context["cl"].result_count == 3
    assert "The list ends after" in page.content.decode()


def test_a_table_has_an_estimate(db: None) -> None:
    make()
    assert isinstance(paginator._estimate(Entry.objects.all()), int)


# Forms ------------------------------------------------------------------------------------------------------------


FULL: dict[str, Any] = {
    "number": -(2**63),
    "ratio": 0.1 + 0.2,
    "flag": True,
    "words": "  two\nlines\r\nor three  ",
    "moment": NOON,
    "span": datetime.timedelta(days=3, hours=4, milliseconds=5),
    "key": uuid.UUID(int=7),
    "address": "https://example.org/a?b=c#d",
    "large": 10**40,
    "bytes_field": b"\x00\xff",
    "mood": Mood.DARK_AND_STORMY,
    "genre": Genre.REFERENCE,
    "bits": [True, False, True, True, False],
    "texts": ["a", 'quo"te', "<b>", "ü"],
    "texts2": [None, "line\nend"],
    "moments": {NOON},
    "counts": {"a": 2**60},
    "by_genre": {Genre.NOVEL: datetime.timedelta(seconds=1)},
    "pair": (1, "x"),
    "page": Page(number=1, words=["w"] * 40, next=Page(number=2, words=[])),
    "shapes": [Square(name="s", side=1.5)],
    "anything": {"x": [1, None, True]},
    "made": NOON,
    "agreed": NOON,
    "pause": datetime.timedelta(milliseconds=1),
    "home": "/relative",
    "huge": -(10**30),
    "ticket": uuid.UUID(int=9),
    "quote": " 'single' ",
}


@pytest.mark.parametrize(
    "values",
    [FULL, {"anything": None, "words": ""}, {"anything": "text", "quote": ""}],
    ids=["full", "empty", "text"],
)
def test_saving_an_unchanged_form_changes_nothing(root: Client, values: dict[str, Any]) -> None:
    specimen = Specimen.objects.create(**values)
    before = stored(specimen)
    address = f"{SPECIMENS}{specimen.pk}/change/"
    page = root.get(address)
    answer = root.post(address, sent(page, "specimen_form"))
    assert answer.status_code == 302, answer.context["errors"] if answer.context else ""
    assert stored(specimen) == before


def test_saving_keeps_values_that_their_type_cannot_read(root: Client) -> None:
    specimen = Specimen.objects.create(anything=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE specimen SET genre = 99, texts = '{\"a\":1}', large = 'many', span = 9223372036854775807"
        )
    before = stored(specimen)
    address = f"{SPECIMENS}{specimen.pk}/change/"
    data = sent(root.get(address), "specimen_form") | {"words": "changed"}
    assert root.post(address, data).status_code == 302
    after = stored(specimen)
    assert [old for old, new in zip(before, after, strict=True) if old != new] == [None]
    assert "changed" in after


def test_changes_are_saved(root: Client) -> None:
    specimen = Specimen.objects.create(**FULL)
    address = f"{SPECIMENS}{specimen.pk}/change/"
    changes = {
        "words": "one\r\ntwo",
        "texts": '["new"]',
        "large": "12",
        "mood": str(Mood.CALM),
        "span": "1:00:00",
    }
    assert root.post(address, sent(root.get(address), "specimen_form") | changes).status_code == 302
    specimen.refresh_from_db()
    assert (specimen.words, specimen.texts, specimen.large) == ("one\ntwo", ["new"], 12)
    assert (specimen.mood, specimen.span) == (Mood.CALM, datetime.timedelta(hours=1))
    assert specimen.moment == NOON


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("texts", "[1]"),
        ("texts", "no JSON"),
        ("counts", '{"a": "b"}'),
        ("page", "[]"),
        ("large", "twelve"),
        ("number", "9" * 30),
        ("span", "soon"),
        ("key", "12"),
        ("address", "http://["),
        ("mood", "angry"),
    ],
)
def test_a_wrong_value_has_a_message_at_its_field(root: Client, name: str, text: str) -> None:
    specimen = Specimen.objects.create(**FULL)
    address = f"{SPECIMENS}{specimen.pk}/change/"
    answer = root.post(address, sent(root.get(address), "specimen_form") | {name: text})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].errors) == [name]


def test_a_row_is_added(root: Client) -> None:
    page = root.get(f"{ENTRIES}add/")
    form = page.context["adminform"].form
    assert list(form.fields) == ["body", "title", "weather", "is_public", "tags", "day", "diary", "owner_id"]
    data = sent(page, "entry_form") | {"title": "A run"}
    assert data["tags"] == "[]", "a list that must be given starts empty"
    assert root.post(f"{ENTRIES}add/", data).status_code == 302
    entry = Entry.objects.get()
    assert (entry.title, entry.body, entry.weather, entry.tags) == ("A run", "", Weather.SUNNY, [])


def test_inputs_suit_the_text(root: Client) -> None:
    entry, lines = make(), make(title="One\nTwo")

    def inputs(row: Entry, name: str) -> str:
        form = root.get(f"{ENTRIES}{row.pk}/change/").context["adminform"].form
        return str(getattr(form.fields[name].widget, "input_type", "area"))

    assert inputs(entry, "title") == "text"
    assert inputs(lines, "title") == "area", "an input would drop the ends of lines"
    assert inputs(entry, "body") == "area"


def test_relations_are_searched_and_times_of_the_server_are_read_only(root: Client, anna: User) -> None:
    entry = make(owner_id=anna.pk, photo=b"12345", bits=[True] * 5, diary=Diary.objects.create(name="One"))
    page = root.get(f"{ENTRIES}{entry.pk}/change/")
    text = page.content.decode()
    assert "/admin/autocomplete/" in text
    assert "5\xa0bytes" in text
    assert "anna@example.com" in text, "the owner's key says whose it is"
    assert "created_at" not in page.context["adminform"].form.fields
    assert {"photo", "bits"} & set(page.context["adminform"].form.fields) == set()
    found = root.get(
        "/admin/autocomplete/",
        {"app_label": "diary", "model_name": "entry", "field_name": "diary", "term": "on"},
    ).json()
    assert [each["text"] for each in found["results"]] == ["One"]


def test_a_row_that_no_form_can_make_is_not_added(root: Client) -> None:
    scan = Scan.objects.create(pages=2, data=b"1")
    assert root.get("/admin/diary/scan/add/").status_code == 403
    address = f"/admin/diary/scan/{scan.pk}/change/"
    assert root.post(address, sent(root.get(address), "scan_form") | {"pages": "3"}).status_code == 302
    scan.refresh_from_db()
    assert (scan.pages, scan.data) == (3, b"1")


def test_a_user_who_may_only_view_sees_every_type_and_changes_nothing(staff: Any) -> None:
    specimen = Specimen.objects.create(**FULL)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE specimen SET texts = '{\"a\": 1}'")
    viewer = staff("library.view_specimen")
    address = f"{SPECIMENS}{specimen.pk}/change/"
    page = viewer.get(address)
    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    assert viewer.post(address, {"words": "changed"}).status_code == 403
    assert viewer.get(ENTRIES).status_code == 403


def test_a_relation_to_a_table_without_a_page_is_a_key() -> None:
    site = admin.AdminSite()
    field = ModelAdmin(Entry, site).formfield_for_dbfield(
        Entry._meta.get_field("diary"), RequestFactory().get("/")
    )
    assert "UnfoldForeignKeyRawIdWidget" in str(type(field.widget)), "a select would list all rows"


def test_an_inline_has_the_same_inputs(db: None) -> None:
    class EntryInline(TabularInline):
        model = Entry

    class DiaryAdmin(ModelAdmin):
        inlines = [EntryInline]

    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("root@example.com", "correct horse battery staple")
    diary = Diary.objects.create(name="One")
    make(diary=diary, title="One\nTwo", photo=b"12345", share_token="s3cret")
    make(diary=diary)
    page = DiaryAdmin(Diary, admin.site).changeform_view(request, str(diary.pk)).render().content.decode()
    assert "5\xa0bytes" in page and "s3cret" not in page
    assert page.count('<textarea name="entries-0-title"') == 1
    assert '<textarea name="entries-1-title"' not in page


# Deletion ---------------------------------------------------------------------------------------------------------


def test_deletion_says_what_the_database_deletes_too(root: Client) -> None:
    diary = Diary.objects.create(name="One")
    make(diary=diary)
    make(diary=diary)
    page = root.get(f"{DIARIES}{diary.pk}/delete/")
    assert dict(page.context["model_count"]) == {"diaries": 1, "entries": 2}
    assert root.post(f"{DIARIES}{diary.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Diary.objects.exists() and not Entry.objects.exists()


def test_deletion_needs_the_permission_to_delete_dependent_rows(staff: Any) -> None:
    diary = Diary.objects.create(name="One")
    make(diary=diary)
    browser = staff("diary.view_diary", "diary.delete_diary")
    assert "entry" in browser.get(f"{DIARIES}{diary.pk}/delete/").context["perms_lacking"]
    assert browser.post(f"{DIARIES}{diary.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Diary.objects.exists()


def test_deletion_names_the_rows_that_prevent_it(root: Client) -> None:
    entry = make()
    Comment.objects.create(text="Lovely", entry=entry)
    page = root.get(f"{ENTRIES}{entry.pk}/delete/")
    assert page.context["protected"] == ["Comment: Lovely"]


@pytest.mark.parametrize("is_action", [False, True])
def test_a_refusal_by_the_database_is_a_message(
    root: Client, monkeypatch: pytest.MonkeyPatch, is_action: bool
) -> None:
    entry = make()
    Comment.objects.create(text="Lovely", entry=entry)
    monkeypatch.setattr("podium.admin.deletion._references", lambda model: iter(()))
    if is_action:
        data = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
        answer = root.post(ENTRIES, data, follow=True)
    else:
        answer = root.post(f"{ENTRIES}{entry.pk}/delete/", {"post": "yes"}, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "Not deleted: rows of diary_comment refer to this. Delete or change them first."
    ]
    assert Entry.objects.exists()


# __str__ ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_row_is_called_by_its_title(django_assert_num_queries: Any) -> None:
    entry = make(title="  One\nTwo")
    assert str(entry) == "One"
    assert str(make(title="x" * 100)) == "x" * 79 + "…"
    assert str(Entry(title="")) == "Entry"
    assert str(Scan.objects.create(pages=1, data=b"")).startswith("Scan ")
    deferred = Entry.objects.only("id").get(pk=entry.pk)
    with django_assert_num_queries(0):
        assert str(deferred) == f"Entry {entry.pk}"
