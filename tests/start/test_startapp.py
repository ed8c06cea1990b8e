from __future__ import annotations

import ast
from pathlib import Path

import pytest

from podium.dev import startapp, template
from podium.schema import apps
from podium.schema import project as model_files
from tests.start.conftest import Project


def test_an_app_is_complete_and_installed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert startapp.run("orders", project.folder) == 0
    made = {name.removeprefix("orders/") for name in project.files() if name.startswith("orders/")}
    assert made == {
        "__init__.py", "access.py", "admin.py", "apps.py", "endpoints.py", "migrations/0001_initial.py",
        "migrations/__init__.py", "models.py", "order.spy.yaml", "order_not_found_exception.spy.yaml", "orders.py",
        "protocol.py", "protocol_types.py", "tasks.py", "tests/__init__.py", "tests/test_orders.py",
    }  # fmt: skip
    assert 'INSTALLED_APPS += ["shop", "orders"]' in project.files()["config/settings.py"].decode()
    assert "client.orders" in capsys.readouterr().out


def test_an_app_is_about_its_own_thing(project: Project) -> None:
    startapp.run("orders", project.folder)
    texts = {name: data.decode() for name, data in project.files().items() if name.startswith("orders/")}
    assert [name for name, text in texts.items() if "note" in text.lower().replace("not ", "")] == []
    assert [name for name, text in texts.items() if "greeting" in text.lower()] == []
    assert "### An order of one user." in texts["orders/order.spy.yaml"]
    assert "class OrdersEndpoint(Endpoint):" in texts["orders/endpoints.py"]


@pytest.mark.parametrize(
    ("name", "class_name", "module"),
    [
        ("orders", "Order", "orders"),
        ("shop2", "Shop2", "shop2s"),
        ("categories", "Category", "categories"),
        ("boxes", "Box", "boxes"),
        ("address", "Address", "addresses"),
        ("news", "News", "newses"),
        ("order_items", "OrderItem", "order_items"),
        ("notes", "NoteItem", "note_items"),  # the project has a Note
        ("users", "UserItem", "user_items"),  # `user_id` is the caller's
        ("classes", "ClassItem", "class_items"),  # `class` is a word of Python
        ("calls", "CallItem", "call_items"),
        ("file", "FileItem", "file_items"),  # the platform has an endpoint "files"
        ("upload", "UploadItem", "upload_items"),  # and pages below /uploads/
        ("maps", "MapItem", "map_items"),  # Map is a type of the model language
    ],
)
def test_every_app_has_a_class_that_works(project: Project, name: str, class_name: str, module: str) -> None:
    assert startapp.run(name, project.folder) == 0
    own = {path: text.decode() for path, text in project.files().items() if path.startswith(f"{name}/")}
    assert f"{name}/{module}.py" in own
    assert f"class {class_name}(" in own[f"{name}/protocol.py"]
    for path, text in own.items():
        if path.endswith(".py"):
            ast.parse(text)
    _, faults = model_files.load(
        project.folder, apps=[*apps.of_platform(project.folder), *apps.of_project(project.folder)]
    )
    assert faults == []


def test_a_second_app_of_the_same_thing_gets_another_class(project: Project) -> None:
    for name in ("order", "orders"):
        assert startapp.run(name, project.folder) == 0
    assert (project.folder / "order" / "order.spy.yaml").exists()
    assert (project.folder / "orders" / "order_item.spy.yaml").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [("accounts", "one of Podium's apps"), ("Orders", "not a valid name"), ("shop", "exists in")],
)
def test_a_name_that_is_taken_is_refused_and_nothing_changes(
    project: Project, name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.files()
    assert startapp.run(name, project.folder) == 1
    assert message in capsys.readouterr().err
    assert project.files() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("from podium.settings import *\n", "INSTALLED_APPS += []"),
        ("INSTALLED_APPS += [\n", "config/settings.py:1: '[' was never closed"),
    ],
)
def test_settings_that_can_not_be_edited_are_reported_and_nothing_changes(
    project: Project, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "config" / "settings.py").write_text(text)
    before = project.files()
    assert startapp.run("orders", project.folder) == 1
    assert message in capsys.readouterr().err
    assert project.files() == before


def test_a_fault_in_a_model_file_is_reported_and_nothing_changes(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "shop" / "note.spy.yaml").write_text("class: Note\nfields:\n  title: Strng\n")
    before = project.files()
    assert startapp.run("orders", project.folder) == 1
    assert "shop/note.spy.yaml:3:10: error" in capsys.readouterr().err
    assert project.files() == before


def test_the_template_of_an_app_keeps_the_wire_names_of_several_words() -> None:
    noun = template.Noun("order_item", "order_items")
    files = template.app("order_items", noun)
    assert '"orderItems.list_order_items"' in files["tests/test_order_items.py"]
    assert "orderItemId: int" in files["order_item_not_found_exception.spy.yaml"]
    assert '"""Delete an order item. Throws OrderItemNotFoundException."""' in files["endpoints.py"]


@pytest.mark.slow
def test_a_started_project_with_a_second_app_passes_its_own_tests_and_checks(tmp_path: Path) -> None:
    """All commands of the workflow, in one project: each starts Python and the private services."""
    project = Project(tmp_path / "shop")
    assert project.manage("startapp", "orders").returncode == 0
    generated = project.manage("generate")
    assert generated.returncode == 0, generated.stderr
    client = (project.folder / "clients/python/shop_client/endpoints.py").read_text()
    assert "class NotesEndpoint" in client
    assert "class OrdersEndpoint" in client
    for words in ("check", "generate --check", "makemigrations --check --dry-run --noinput"):
        done = project.manage(*words.split())
        assert done.returncode == 0, done.stdout + done.stderr
    tested = project.manage("test")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "orders/tests/test_orders.py" in tested.stdout
    assert "9 passed" in tested.stdout
