"""Folders of model files: apps of a project, modules, shared packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.schema.definitions import ClassDefinition, Protocol
from podium.schema.project import load, load_models
from podium.wire.types import TypeRef

PROJECT = Path(__file__).resolve().parents[2]


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def texts(faults: object) -> list[str]:
    assert isinstance(faults, list)
    return [str(fault) for fault in faults]


def klass(protocol: Protocol, name: str) -> ClassDefinition:
    found = protocol.named(name)
    assert isinstance(found, ClassDefinition)
    return found


def test_a_project_is_the_model_files_of_all_its_apps(tmp_path: Path) -> None:
    note = "class: Note\nfields:\n  color: Color\n"
    write(
        tmp_path,
        {
            "notes/apps.py": "",
            "notes/models/deep/note.spy.yaml": note,
            "colors/apps.py": "",
            "colors/color.spy": "enum: Color\nvalues: [red]\n",
            "colors/tests/broken.spy.yaml": "nonsense",
            "colors/node_modules/a/broken.spy.yaml": "nonsense",
            "clients/apps.py": "",
            "clients/broken.spy.yaml": "nonsense",
            "no_app/broken.spy.yaml": "nonsense",
            "notes/plain.yaml": "nonsense",
        },
    )
    protocol, faults = load(tmp_path)
    assert texts(faults) == []
    assert [(one.name, one.app, one.folder) for one in protocol.definitions] == [
        ("Color", "colors", ""),
        ("Note", "notes", "models/deep"),
    ]
    assert protocol.find(klass(protocol, "Note").field("color").type) is protocol.definitions[0]


def test_class_names_are_unique_over_all_apps(tmp_path: Path) -> None:
    files = {
        f"{app}/{name}": text for app in "ab" for name, text in [("apps.py", ""), ("n.spy.yml", "class: N\n")]
    }
    protocol, faults = load(write(tmp_path, files))
    assert texts(faults) == [
        'b/n.spy.yml:1:8: error: "N" is already defined in a/n.spy.yml:1; choose another name'
    ]
    assert [one.app for one in protocol.definitions] == ["a"]


def test_the_projects_own_model_files_are_in_order() -> None:
    protocol, faults = load(PROJECT)
    assert texts([fault for fault in faults if fault.severity == "error"]) == []
    ticket = klass(protocol, "UploadTicket")
    assert ticket.app == "files"


def test_a_file_with_a_byte_order_mark_windows_lines_and_umlauts_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"note.spy.yaml": "\ufeff### Grüße\r\nclass: Note\r\nfields:\r\n  title: String, default='é'\r\n"},
    )
    protocol, faults = load_models(tmp_path, app="notes")
    assert texts(faults) == []
    assert (protocol.definitions[0].doc, protocol.definitions[0].app) == ("Grüße", "notes")


def test_a_file_that_is_not_text_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "note.spy.yaml").write_bytes(b"class: \xff\xfe\n")
    assert texts(load_models(tmp_path)[1]) == [
        "note.spy.yaml:1:1: error: the file is not UTF-8; save it as that"
    ]


@pytest.fixture
def auth(tmp_path: Path) -> Protocol:
    user = (
        "class: User\ntable: auth_user\nfields:\n  id: UuidValue?, defaultPersist=random_v7\n  name: String\n"
    )
    protocol, faults = load_models(
        write(tmp_path / "auth", {"user.spy.yaml": user}), name="my_auth", module="auth"
    )
    assert texts(faults) == []
    return protocol


def test_relations_and_types_reach_into_modules(tmp_path: Path, auth: Protocol) -> None:
    profile = (
        "class: Profile\ntable: profile\nfields:\n"
        "  user: module:auth:User?, relation(onDelete=Cascade)\n"
        "  friendId: UuidValue?, relation(parent=auth_user)\n"
        "  plain: module:my_auth:User?, !persist\n"
    )
    protocol, faults = load_models(write(tmp_path / "own", {"p.spy.yaml": profile}), modules={"auth": auth})
    assert texts(faults) == []
    fields = klass(protocol, "Profile").fields
    assert [(field.name, str(field.type)) for field in fields] == [
        ("id", "int?"),
        ("userId", "UuidValue"),
        ("user", "module:auth:User?"),
        ("friendId", "UuidValue?"),
        ("plain", "module:auth:User?"),
    ]
    key = fields[1].foreign_key
    assert key is not None
    assert (key.parent_table, key.parent_class) == ("auth_user", TypeRef("User", module="auth"))
    assert protocol.find(fields[2].type) is auth.definitions[0]
    assert protocol.find_table("auth_user") is auth.definitions[0]


def test_invalid_uses_of_modules_are_reported(tmp_path: Path, auth: Protocol) -> None:
    files = {
        "a.spy.yaml": "class: A\ntable: a\nfields:\n  users: List<module:auth:User>?, relation\n",
        "b.spy.yaml": "class: B\nextends: module:auth:User\n",
        "c.spy.yaml": "class: C\nfields:\n  user: User\n  other: module:auht:User\n  third: module:auth:Usr\n",
        "d.spy.yaml": "class: D\ntable: auth_user\n",
    }
    _, faults = load_models(write(tmp_path / "own", files), modules={"auth": auth})
    assert texts(faults) == [
        "a.spy.yaml:4:10: error: a list can't refer to a module, which has no column for it; refer from User to here",
        "b.spy.yaml:2:10: error: module:auth:User belongs to a module; only classes of the own project and of shared "
        "packages can be extended",
        'c.spy.yaml:3:9: error: there is no type "User"; write module:auth:User',
        'c.spy.yaml:4:10: error: there is no module "auht"; did you mean "auth"?',
        'c.spy.yaml:5:10: error: the module "auth" has no class "Usr"; did you mean "User"?',
        'd.spy.yaml:2:8: error: the table "auth_user" is already that of auth:User',
    ]


def test_a_class_of_another_module_is_suggested(tmp_path: Path, auth: Protocol) -> None:
    files = {"a.spy.yaml": "class: A\nfields:\n  user: module:chat:User\n"}
    _, faults = load_models(write(tmp_path / "own", files), modules={"auth": auth, "chat": Protocol("chat")})
    assert texts(faults) == [
        'a.spy.yaml:3:9: error: the module "chat" has no class "User"; write module:auth:User, or give that module the '
        "nickname in pyproject.toml"
    ]


def test_a_shared_package_is_named_without_a_prefix_and_can_be_extended(tmp_path: Path) -> None:
    shared_files = {
        "kind.spy.yaml": "enum: Kind\nvalues: [a]\n",
        "vehicle.spy.yaml": "class: Vehicle\nfields:\n  id: UuidValue, default=random\n  kind: Kind, column=the_kind\n"
        "  self: my_shared:Vehicle?\n",
        "closed.spy.yaml": "class: Closed\nsealed: true\n",
    }
    shared, faults = load_models(write(tmp_path / "shared", shared_files), name="my_shared", shared=True)
    assert texts(faults) == []
    own = {
        "car.spy.yaml": "class: Car\nextends: Vehicle\ntable: car\nfields:\n  other: List<Kind>\n",
        "open.spy.yaml": "class: Open\nextends: Closed\n",
        "kind.spy.yaml": "class: Kind\n",
    }
    protocol, faults = load_models(write(tmp_path / "own", own), modules={"my_shared": shared})
    assert texts(faults) == [
        'kind.spy.yaml:1:8: error: "Kind" is already defined in the shared package my_shared; choose another name',
        "open.spy.yaml:2:10: error: Closed is sealed; only its own package can extend it",
    ]
    car = klass(protocol, "Car")
    assert [(field.name, str(field.type), field.column) for field in car.fields] == [
        ("id", "UuidValue", "id"),
        ("kind", "module:my_shared:Kind", "the_kind"),
        ("self", "module:my_shared:Vehicle?", "self"),
        ("other", "List<module:my_shared:Kind>", "other"),
    ]


def test_a_shared_package_has_no_secrets(tmp_path: Path) -> None:
    files = {
        "a.spy.yaml": "class: A\nserverOnly: true\n",
        "b.spy.yaml": "class: B\nfields:\n  secret: String?, scope=serverOnly\n",
        "c.spy.yaml": "class: C\ntable: c\n",
        "d.spy.yaml": "class: D\ntable: d\ndatabase: all\n",
    }
    _, faults = load_models(write(tmp_path, files), shared=True)
    assert texts(faults) == [
        "a.spy.yaml:2:13: error: a class in a shared package is for clients too; remove serverOnly",
        "b.spy.yaml:3:26: error: a field of a shared package is for clients too; declare it in a subclass in "
        "the project",
        "c.spy.yaml:2:8: error: a table in a shared package is for both sides: add database: all",
    ]


def test_hand_written_classes_are_types_with_unique_names(tmp_path: Path) -> None:
    files = {
        "a.spy.yaml": "class: A\ntable: a\nfields:\n  money: Money, serializationDataType=jsonb\n"
        "  b: Money, default=3\n",
        "b.spy.yaml": "class: Money\n",
    }
    protocol, faults = load_models(write(tmp_path, files), extra={"Money": "my_money"})
    assert texts(faults) == [
        "a.spy.yaml:5:13: error: Money cannot have a default; make it nullable instead",
        'b.spy.yaml:1:8: error: "Money" is already a hand-written class of my_money; choose another name',
    ]
    assert klass(protocol, "A").field("money").jsonb


def test_jsonb_can_be_the_rule_of_a_project(tmp_path: Path) -> None:
    text = (
        "class: A\ntable: a\nfields:\n  x: List<int>\n  y: List<int>, serializationDataType=json\n  z: int\n"
    )
    protocol, faults = load_models(write(tmp_path, {"a.spy.yaml": text}), jsonb=True)
    assert texts(faults) == []
    assert [field.jsonb for field in klass(protocol, "A").fields] == [False, True, False, False]


def test_three_hundred_model_files_that_refer_to_each_other_load(tmp_path: Path) -> None:
    fields = "".join(f"  field{place}: String?, scope=serverOnly\n" for place in range(8))
    for number in range(300):
        parent = f"  parent: Model{number - 1}?, relation(optional, onDelete=SetNull)\n" if number else ""
        text = f"### A model.\nclass: Model{number}\ntable: model_{number}\nfields:\n{fields}{parent}"
        write(tmp_path, {f"model_{number:03}.spy.yaml": text})
    protocol, faults = load_models(tmp_path)
    assert (len(protocol.definitions), faults) == (300, [])
