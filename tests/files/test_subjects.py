"""Files that belong to a row: who reads, attaches and deletes them, through every entry, and what ends with the row."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from accounts.models import User
from files import cleanup, subjects, tasks, uploads
from files.errors import STATUS
from files.models import State, StoredFile, belongs_to
from files.protocol import FileException, FileInfo, FileSubject, UploadTicket
from files.protocol import FileExceptionReason as Reason
from podium.access import Caller, Everyone, RowNotFound, Rules, create, delete
from podium.access import rules as rule_classes
from podium.core.storages import storage
from podium.endpoints.calls import Identity
from podium.endpoints.errors import ImpersonationRefused, NotSignedIn
from podium.endpoints.testing import call
from tests.access.teams.models import Team, TeamNote, TeamNotebook, TeamNotebookMember
from tests.files.conftest import Send, stored
from tests.rows import world
from tests.rows.world import ANNA, BEN, CARL

pytestmark = pytest.mark.django_db

DORA, EVE = (Caller(str(uuid.UUID(int=number))) for number in (4, 5))
BODY = b"12345"
Commits = Callable[..., Any]


@pytest.fixture(autouse=True)
def _rules() -> Iterator[None]:
    with world.rules():
        yield


@pytest.fixture
def users() -> None:
    names = ["anna", "ben", "carl", "dora", "eve"]
    User.objects.bulk_create(
        User(pk=uuid.UUID(int=number), email=f"{name}@example.com")
        for number, name in enumerate(names, start=1)
    )


@pytest.fixture
def note(users: None) -> TeamNote:
    """A note that Ben may update, that Anna and Carl may read, and that Dora and Eve may not."""
    shared = world.notebook((BEN, True), (CARL, False))
    return world.note("Trip", owner=BEN, notebook=shared)


@pytest.fixture
def file(note: TeamNote) -> StoredFile:
    """A file of Eve's, with the note."""
    return make_file(EVE, note)


def make_file(owner: Caller, row: Any = None, name: str = "map.txt") -> StoredFile:
    """Store a finished file. The owner is a user's key."""
    key = uuid.uuid4()
    path = f"{owner.user_id}/{key}"
    storage().save(path, ContentFile(BODY))
    return StoredFile.objects.create(
        id=key,
        owner_id=owner.user_id,
        name=name,
        size=len(BODY),
        content_type="text/plain",
        key=path,
        state=State.READY,
        **({} if row is None else belongs_to(row)),
    )


def by(caller: Caller | None) -> Identity | None:
    return None if caller is None else Identity(caller.user_id, caller.scopes)


def named(note: TeamNote) -> FileSubject:
    return FileSubject(model="TeamNote", key=str(note.pk))


def start(caller: Caller | None, subject: FileSubject | None) -> UploadTicket:
    arguments: dict[str, Any] = {
        "name": "a.txt",
        "size": len(BODY),
        "content_type": "text/plain",
        "subject": subject,
    }
    ticket: UploadTicket = call("files.startUpload", user=by(caller), **arguments)
    return ticket


def download(info: FileInfo, settings: Any) -> tuple[int, bytes]:
    answer: Any = Client().get(str(info.url).removeprefix(settings.PUBLIC_URL))
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, body


# Who may --------------------------------------------------------------------------------------------------------------

OWNER, WRITER, READERS, STRANGER = EVE, BEN, (ANNA, CARL), DORA


@pytest.mark.parametrize("caller", [OWNER, WRITER, *READERS])
def test_who_may_read_the_row_may_read_the_file(
    file: StoredFile, note: TeamNote, caller: Caller, settings: Any
) -> None:
    info = call("files.getFile", user=by(caller), file_id=file.pk)
    assert (info.id, info.subject) == (file.pk, named(note))
    assert download(info, settings) == (200, BODY)


@pytest.mark.parametrize("caller", [WRITER, *READERS])
def test_who_may_read_the_row_lists_its_files(
    file: StoredFile, note: TeamNote, caller: Caller, settings: Any
) -> None:
    newest = make_file(BEN, note)
    make_file(BEN, world.note("another", owner=BEN, notebook=note.notebook))
    make_file(EVE)
    unfinished = make_file(BEN, note)
    StoredFile.objects.filter(pk=unfinished.pk).update(state=State.RECEIVED)
    listed = call("files.listFiles", user=by(caller), subject=named(note))
    assert {each.id for each in listed} == {file.pk, newest.pk}
    assert [download(each, settings) for each in listed] == [(200, BODY)] * 2
    first, second = listed
    pages = [{"limit": 1}, {"before": first.id}]
    found = [call("files.listFiles", user=by(caller), subject=named(note), **page) for page in pages]
    assert [each.id for [each] in found] == [first.id, second.id]


@pytest.mark.parametrize("caller", [STRANGER, None])
def test_for_others_the_file_does_not_exist(file: StoredFile, note: TeamNote, caller: Caller | None) -> None:
    for name in ("getFile", "deleteFile"):
        if caller is None:
            with pytest.raises(NotSignedIn):
                call(f"files.{name}", file_id=file.pk)
        else:
            with pytest.raises(FileException) as refused:
                call(f"files.{name}", user=by(caller), file_id=file.pk)
            assert STATUS[refused.value.reason] == 404
    with pytest.raises(RowNotFound):
        call("files.listFiles", user=by(caller), subject=named(note))
    assert StoredFile.objects.get() == file


def test_the_owner_lists_the_file_with_their_own_and_nobody_else_does(
    file: StoredFile, note: TeamNote
) -> None:
    assert [each.subject for each in call("files.listFiles", user=by(EVE))] == [named(note)]
    with pytest.raises(RowNotFound):
        call("files.listFiles", user=by(EVE), subject=named(note))
    for caller in (WRITER, *READERS):
        assert call("files.listFiles", user=by(caller)) == []


@pytest.mark.parametrize("caller", [OWNER, WRITER])
def test_the_owner_and_who_may_update_the_row_delete_the_file(
    file: StoredFile, folder: Path, caller: Caller, django_capture_on_commit_callbacks: Commits
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call("files.deleteFile", user=by(caller), file_id=file.pk)
    assert not StoredFile.objects.exists()
    assert stored(folder) == []


@pytest.mark.parametrize("caller", READERS)
def test_who_may_only_read_the_row_does_not_delete_the_file(file: StoredFile, caller: Caller) -> None:
    with pytest.raises(FileException):
        call("files.deleteFile", user=by(caller), file_id=file.pk)
    assert StoredFile.objects.get() == file


def test_who_may_update_the_row_does_not_see_unfinished_uploads(file: StoredFile) -> None:
    StoredFile.objects.update(state=State.RECEIVED)
    for name in ("getFile", "deleteFile"):
        with pytest.raises(FileException):
            call(f"files.{name}", user=by(WRITER), file_id=file.pk)
    with pytest.raises(FileException):
        call("files.finishUpload", user=by(WRITER), upload_id=file.pk)
    call("files.deleteFile", user=by(OWNER), file_id=file.pk)
    assert not StoredFile.objects.exists()


def test_a_lost_membership_ends_it_at_once_but_for_addresses_that_were_given(
    file: StoredFile, note: TeamNote, settings: Any
) -> None:
    info = call("files.getFile", user=by(CARL), file_id=file.pk)
    TeamNotebookMember.objects.filter(user_id=CARL.user_id).delete()
    with pytest.raises(FileException):
        call("files.getFile", user=by(CARL), file_id=file.pk)
    with pytest.raises(RowNotFound):
        call("files.listFiles", user=by(CARL), subject=named(note))
    assert download(info, settings) == (200, BODY)  # until it expires: it is a credential of its own


def test_a_row_that_everyone_may_read_has_files_for_everyone(
    file: StoredFile, note: TeamNote, settings: Any
) -> None:
    TeamNotebook.objects.update(public=True)
    assert download(call("files.getFile", file_id=file.pk), settings) == (200, BODY)
    assert [each.id for each in call("files.listFiles", subject=named(note))] == [file.pk]
    with pytest.raises(NotSignedIn):
        call("files.listFiles")
    with pytest.raises(NotSignedIn):
        call("files.deleteFile", file_id=file.pk)
    with pytest.raises(NotSignedIn):
        start(None, named(note))
    assert StoredFile.objects.get() == file


def test_a_row_without_rules_opens_its_files_to_nobody_else(users: None) -> None:
    file = make_file(EVE, Team.objects.create(name="A"))
    subject = FileSubject(model="Team", key=str(file.subject_key))
    assert call("files.getFile", user=by(EVE), file_id=file.pk).subject == subject
    for caller in (EVE, ANNA):
        with pytest.raises(RowNotFound):
            call("files.listFiles", user=by(caller), subject=subject)
        with pytest.raises(RowNotFound):
            start(caller, subject)
    with pytest.raises(FileException):
        call("files.getFile", user=by(ANNA), file_id=file.pk)


def test_the_files_of_a_blocked_user_are_closed(file: StoredFile, note: TeamNote) -> None:
    User.objects.filter(pk=EVE.user_id).update(is_active=False)
    assert call("files.listFiles", user=by(ANNA), subject=named(note)) == []
    for name in ("getFile", "deleteFile"):
        with pytest.raises(FileException):
            call(f"files.{name}", user=by(WRITER), file_id=file.pk)


def test_an_operator_acting_as_a_reader_gets_no_addresses(file: StoredFile, note: TeamNote) -> None:
    acting = Identity(ANNA.user_id, operator=DORA.user_id)
    with pytest.raises(ImpersonationRefused):
        call("files.getFile", user=acting, file_id=file.pk)
    with pytest.raises(ImpersonationRefused):
        call("files.listFiles", user=acting, subject=named(note))


# Attaching ------------------------------------------------------------------------------------------------------------


def test_who_may_update_the_row_uploads_a_file_for_it(note: TeamNote, send: Send, settings: Any) -> None:
    ticket = start(WRITER, named(note))
    assert send(ticket.description, BODY).status_code == 200
    assert call("files.listFiles", user=by(CARL), subject=named(note)) == []
    info = call("files.finishUpload", user=by(WRITER), upload_id=ticket.id)
    assert info.subject == named(note)
    assert download(call("files.getFile", user=by(CARL), file_id=ticket.id), settings) == (200, BODY)


@pytest.mark.parametrize("caller", [*READERS, STRANGER])
def test_others_upload_no_file_for_it(note: TeamNote, caller: Caller) -> None:
    with pytest.raises(RowNotFound):
        start(caller, named(note))
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("TeamNote", "0"),
        ("TeamNote", ""),
        ("TeamNote", "one"),
        ("TeamNote", "1" * 300),
        ("TeamNote", "99999999999999999999"),
        ("TeamNote", "-1"),
        ("Nothing", "1"),
        ("FileInfo", "1"),
        ("NoteColor", "1"),
        ("", "1"),
        ("User", str(uuid.UUID(int=1))),
    ],
)
def test_a_row_that_is_none(note: TeamNote, model: str, key: str) -> None:
    subject = FileSubject(model=model, key=key)
    with pytest.raises(RowNotFound):
        start(WRITER, subject)
    with pytest.raises(RowNotFound):
        call("files.listFiles", user=by(WRITER), subject=subject)


def test_a_key_is_stored_in_one_form(note: TeamNote) -> None:
    ticket = start(WRITER, FileSubject(model="TeamNote", key=f" 0{note.pk}"))
    assert StoredFile.objects.get(pk=ticket.id).subject_key == str(note.pk)


def test_the_server_starts_an_upload_for_any_stored_row(users: None) -> None:
    team = Team.objects.create(name="A")
    owner = User.objects.get(pk=DORA.user_id)
    given: dict[str, Any] = {"owner": owner, "name": "a", "size": 1, "content_type": "text/plain"}
    assert uploads.start(**given, subject=team).subject == team
    with pytest.raises(ValueError, match="The Team is not stored"):
        uploads.start(**given, subject=Team(name="B"))
    assert uploads.start(**given).subject is None


def test_the_server_attaches_a_callers_file(note: TeamNote) -> None:
    file = make_file(BEN)
    subjects.attach(file, note, BEN)
    assert (file.subject, StoredFile.objects.get().subject) == (note, note)
    assert call("files.getFile", user=by(CARL), file_id=file.pk).id == file.pk
    other = world.note("another", owner=BEN)
    subjects.attach(file, other, BEN)
    assert StoredFile.objects.get().subject == other
    with pytest.raises(FileException):
        call("files.getFile", user=by(CARL), file_id=file.pk)


def test_a_file_is_not_attached_by_others_nor_to_rows_of_others(note: TeamNote) -> None:
    foreign, own = make_file(EVE), make_file(EVE)
    with pytest.raises(FileException) as refused:  # Ben may update the note, but it is not his file
        subjects.attach(foreign, note, BEN)
    assert refused.value.reason == Reason.NOT_FOUND
    for caller in (EVE, None):
        with pytest.raises(RowNotFound):
            subjects.attach(own, note, caller)
    deleted = make_file(BEN)
    StoredFile.objects.filter(pk=deleted.pk).update(state=State.DELETED)
    with pytest.raises(FileException):
        subjects.attach(deleted, note, BEN)
    assert not StoredFile.objects.filter(subject_type__isnull=False).exists()


# Queries --------------------------------------------------------------------------------------------------------------


def test_a_page_costs_one_query_for_its_row(
    file: StoredFile, note: TeamNote, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        make_file(EVE, note)
    ContentType.objects.get_for_model(TeamNote)  # cached, as in a running server
    with django_assert_num_queries(2):
        assert len(call("files.listFiles", user=by(CARL), subject=named(note))) == 6
    with django_assert_num_queries(2):
        call("files.getFile", user=by(CARL), file_id=file.pk)
    with django_assert_num_queries(1):
        call("files.getFile", user=by(EVE), file_id=file.pk)
    with django_assert_num_queries(1):
        assert len(call("files.listFiles", user=by(EVE))) == 6


def test_the_readable_ones_of_many_files_cost_one_query_for_each_model(
    note: TeamNote, django_assert_num_queries: Any
) -> None:
    private = world.note("private", owner=BEN)
    seen = {make_file(EVE, note), make_file(BEN, note), make_file(ANNA, note.notebook), make_file(CARL)}
    hidden = [make_file(EVE, private), make_file(EVE), make_file(EVE, Team.objects.create(name="A"))]
    for model in (TeamNote, TeamNotebook, Team):
        ContentType.objects.get_for_model(model)
    with django_assert_num_queries(3):
        assert set(subjects.readable(StoredFile.objects.all(), CARL)) == seen
    assert (
        set(subjects.readable(StoredFile.objects.filter(pk__in=[each.pk for each in hidden]), CARL)) == set()
    )
    assert subjects.readable(StoredFile.objects.all(), None) == []


# When the row goes ----------------------------------------------------------------------------------------------------


def test_a_deleted_row_takes_its_files_along(
    file: StoredFile, note: TeamNote, folder: Path, django_capture_on_commit_callbacks: Commits
) -> None:
    start(BEN, named(note))
    kept = make_file(EVE, world.note("another", owner=BEN))
    make_file(EVE)
    with django_capture_on_commit_callbacks(execute=True):
        call("teamNoteRows.delete", user=by(BEN), id=note.pk)
    assert StoredFile.objects.count() == 2
    assert len(stored(folder)) == 2
    assert StoredFile.objects.filter(pk=kept.pk).exists()


def test_a_row_that_is_not_deleted_keeps_its_files(file: StoredFile, note: TeamNote) -> None:
    with pytest.raises(RowNotFound):
        delete(TeamNote, [note.pk], CARL)
    with pytest.raises(RowNotFound):
        delete(TeamNote, [note.pk, 0], BEN)
    assert StoredFile.objects.get() == file


@pytest.mark.parametrize("clean", [tasks.delete_files_without_row, cleanup.run])
def test_files_of_rows_that_the_database_deleted_go_within_the_hour(
    file: StoredFile,
    note: TeamNote,
    folder: Path,
    clean: Callable[[], None],
    django_capture_on_commit_callbacks: Commits,
) -> None:
    key = uuid.uuid4()
    by_uuid = make_file(EVE, User.objects.create_user("fay@example.com", pk=key), name="by uuid")
    kept = {
        make_file(EVE),
        make_file(EVE, world.note("another", owner=BEN)),
        make_file(EVE, User.objects.first()),
    }
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM team_notebook")  # and its notes
    assert not TeamNote.objects.filter(pk=note.pk).exists()
    with pytest.raises(FileException):
        call("files.getFile", user=by(ANNA), file_id=file.pk)
    assert call("files.getFile", user=by(EVE), file_id=file.pk).id == file.pk
    with django_capture_on_commit_callbacks(execute=True):
        clean()
    assert set(StoredFile.objects.all()) == {*kept, by_uuid}
    assert len(stored(folder)) == 4
    User.objects.filter(pk=key).delete()
    assert subjects.delete_orphans() == 1
    assert subjects.delete_orphans() == 0
    assert set(StoredFile.objects.all()) == kept


def test_files_of_an_app_that_is_not_installed_stay_with_their_owner(
    file: StoredFile, admin_client: Client
) -> None:
    StoredFile.objects.update(subject_type=ContentType.objects.create(app_label="gone", model="thing"))
    assert subjects.delete_orphans() == 0
    assert call("files.getFile", user=by(EVE), file_id=file.pk).subject is None
    with pytest.raises(FileException):
        call("files.getFile", user=by(ANNA), file_id=file.pk)
    assert admin_client.get(f"/admin/files/storedfile/{file.pk}/change/").status_code == 200


def test_a_new_row_with_the_key_of_a_deleted_one_does_not_get_its_files(users: None) -> None:
    class UserRules(Rules[User]):
        read = create = Everyone

    try:
        key = uuid.uuid4()
        file = make_file(EVE, User.objects.create_user("fay@example.com", pk=key))
        assert subjects.readable(StoredFile.objects.all(), DORA) == [file]
        User.objects.filter(pk=key).delete()
        assert subjects.readable(StoredFile.objects.all(), DORA) == []
        create([User(pk=key, email="mallory@example.com")], DORA)
        assert subjects.readable(StoredFile.objects.all(), DORA) == []
        assert not StoredFile.objects.exists()
    finally:
        rule_classes.forget(User)


def test_the_files_of_a_deleted_owner_go_and_the_row_stays(file: StoredFile, note: TeamNote) -> None:
    User.objects.get(pk=EVE.user_id).delete()
    assert not StoredFile.objects.exists()
    assert TeamNote.objects.get() == note


# Admin ----------------------------------------------------------------------------------------------------------------


def test_the_admin_names_the_row_with_a_link(
    file: StoredFile, note: TeamNote, admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    owner = User.objects.get(pk=EVE.user_id)
    attached = make_file(EVE, owner)
    link = f'<a href="/admin/accounts/user/{owner.pk}/change/">'
    for page in ("", f"{attached.pk}/change/"):
        assert link in admin_client.get(f"/admin/files/storedfile/{page}").content.decode()
    shown = admin_client.get(f"/admin/files/storedfile/{file.pk}/change/").content.decode()
    assert f"note {note.pk}" in shown
