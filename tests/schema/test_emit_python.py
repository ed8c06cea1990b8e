"""Model files to Python source: its text, and that it imports and is formatted like the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from podium.schema import emit_python
from podium.schema.generate import generate
from podium.schema.project import load
from tests.schema.texts import load_texts

PROJECT = Path(__file__).resolve().parent.parent.parent


def emit(*texts: str) -> str:
    protocol, faults = load_texts({f"file{number}.spy.yaml": text for number, text in enumerate(texts)})
    assert [str(fault) for fault in faults if fault.severity == "error"] == []
    return emit_python.emit(protocol, "")


def test_the_apps_of_this_project_are_as_generated() -> None:
    result = generate(PROJECT, check=True)
    assert [str(fault) for fault in result.faults] == []
    assert result.written == []
    assert PROJECT / "files" / "protocol.py" in result.unchanged


def test_the_same_definitions_give_the_same_text_in_any_order() -> None:
    protocol, _ = load(PROJECT)
    text = emit_python.emit(protocol, "files")
    protocol.definitions.reverse()
    assert emit_python.emit(protocol, "files") == text


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("noteId: int", "note_id: int"),
        ("lambda: String?", "lambda_field: str | None = None"),
        ("save: bool", "save_field: bool"),
        ("fields: int", "fields_field: int"),
        ("datetime: DateTime?", "datetime_field: datetime.datetime | None = None"),
        ("list: List<int>", "list_field: list[int]"),
        ("name: String?, required", "name: str | None"),
        ("at: DateTime, default=now", "at: datetime.datetime = field(default_factory=clock.now)"),
        (
            "at: DateTime, default=2024-05-24T22:00:00.500Z",
            "at: datetime.datetime = datetime.datetime(2024, 5, 24, 22, 0, 0, 500000, tzinfo=datetime.UTC)",
        ),
        ("key: UuidValue, default=random", "key: uuid.UUID = field(default_factory=uuid.uuid4)"),
        ("key: UuidValue, default=random_v7", "key: uuid.UUID = field(default_factory=uuid7)"),
        ("wait: Duration, default=1s", "wait: datetime.timedelta = datetime.timedelta(milliseconds=1000)"),
        ("share: double, default=1", "share: float = 1.0"),
        ("big: BigInt, default=99999999999999999999", "big: int = 99999999999999999999"),
        ("text: String, default='it\\'s'", 'text: str = "it\'s"'),
        ("text: String, default='\"'", "text: str = '\"'"),
        ("text: String, default='a\\\\b\\n'", 'text: str = "a\\\\b\\n"'),
        ("map: Map<int, List<String?>>?", "map: dict[int, list[str | None]] | None = None"),
        ("times: Set<(int, DateTime)>", "times: set[tuple[int, datetime.datetime]]"),
        ("sets: Set<Set<int>>", "sets: list[set[int]]"),
        ("things: Set<Thing?>?", "things: list[Thing | None] | None = None"),
        ("byThing: Map<(Thing, int), String>", "by_thing: list[tuple[tuple[Thing, int], str]]"),
        ("anything: Map<dynamic, dynamic>", "anything: list[tuple[Any, Any]]"),
        ("pair: (int, {String name})", "pair: tuple[int, str]"),
        ("data: ByteData", "data: bytes"),
        ("any: dynamic", "any: Any"),
        ("vector: Vector(3)", "vector: list[float]"),
        ("bits: Bit(3)?", "bits: list[bool] | None = None"),
        ("place: GeographyPoint", "place: str"),
        ("next: Thing?", "next: Thing | None = None"),
    ],
)
def test_a_field_of_a_class_without_a_table(field: str, line: str) -> None:
    assert f"@dataclass(kw_only=True)\nclass Thing:\n    {line}\n\n\nregister(" in emit(
        f"class: Thing\nfields:\n  {field}\n"
    )


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("note: String", "note: Column[str] = fields.TextField()"),
        (
            "noteId: int?",
            'note_id: Column[int | None] = fields.IntegerField(null=True, blank=True, db_column="noteId")',
        ),
        ("other: int, column=elsewhere", 'other: Column[int] = fields.IntegerField(db_column="elsewhere")'),
        (
            "at: DateTime, default=now",
            "at: Column[datetime.datetime] = fields.DateTimeField(default=clock.now, db_default=fields.Now())",
        ),
        (
            "at: DateTime?, defaultPersist=now",
            "at: Column[datetime.datetime | None] = "
            "fields.DateTimeField(null=True, blank=True, db_default=fields.Now())",
        ),
        (
            "key: UuidValue, default=random",
            "key: Column[uuid.UUID] = fields.UUIDField(default=uuid.uuid4, db_default=fields.Random())",
        ),
        (
            "key: UuidValue, defaultModel=random_v7",
            "key: Column[uuid.UUID] = fields.UUIDField(default=uuid7)",
        ),
        (
            "number: int?, defaultPersist=serial",
            "number: Column[int | None] = fields.IntegerField(null=True, blank=True, "
            'db_default=fields.Serial("thing_number_seq"))',
        ),
        ("notes: List<String>", 'notes: Column[list[str]] = fields.JSONField("List<String>")'),
        (
            "notes: List<Thing>?, serializationDataType=jsonb",
            'notes: Column[list[Thing] | None] = fields.JSONField("List<Thing>", jsonb=True, null=True, blank=True)',
        ),
        (
            "things: Set<Thing>",
            'things: Column[list[Thing]] = fields.JSONField("Set<Thing>")',
        ),
        ("vector: Vector(3)", "vector: Column[list[float]] = fields.VectorField(3)"),
        (
            "place: GeographyPoint?",
            'place: Column[str | None] = fields.GeographyField("Point", null=True, blank=True)',
        ),
        ("hint: String?, !persist", "hint: str | None = fields.Transient()"),
        ("check: bool", 'check_field: Column[bool] = fields.BooleanField(db_column="check")'),
        (
            "thing: Thing?, relation(optional, onDelete=SetNull)",
            'thing_id: int | None thing: Column[Thing | None] = fields.ForeignKey("Thing", null=True, blank=True, '
            'db_column="thingId", related_name="+")',
        ),
        (
            "otherId: int, relation(parent=thing)",
            'other_id: int other: Column[Thing] = fields.ForeignKey("Thing", db_column="otherId", related_name="+")',
        ),
        (
            "other: int, relation(parent=thing)",
            "other: int other_object: Column[Thing] = "
            'fields.ForeignKey("Thing", db_column="other", attname="other", related_name="+")',
        ),
    ],
)
def test_a_field_of_a_class_with_a_table(field: str, line: str) -> None:
    text = emit(f"class: Thing\ntable: thing\nfields:\n  {field}\n")
    assert " ".join(line.split()) in " ".join(
        text.replace("(\n        ", "(").replace("\n    )", ")").split()
    )


def test_ids() -> None:
    def id_line(given: str) -> str:
        text = emit(f"class: Thing\ntable: thing\nfields:\n  {given}\n  name: String\n")
        return next(line.strip() for line in text.splitlines() if line.startswith("    id: "))

    assert id_line("other: int") == "id: Key[int] = models.BigAutoField(primary_key=True)"
    assert id_line("id: UuidValue?, defaultPersist=random") == (
        "id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, db_default=fields.Random())"
    )
    assert id_line("id: UuidValue, defaultModel=random_v7").startswith(
        "id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, default=uuid7"
    )


def test_enums_have_their_properties_and_docs() -> None:
    text = emit(
        "### A state.\nenum: State\nproperties:\n  label: String, default='?'\n  done: bool\nvalues:\n"
        "  - open:\n      done: false\n  ### The end.\n  - allDone:\n      label: 'All'\n      done: true\n"
    )
    assert (
        "class State(enum.Enum):\n"
        '    """A state."""\n\n'
        '    OPEN = "open"\n'
        '    ALL_DONE = "allDone"\n'
        '    """The end."""\n\n'
        "    @property\n"
        "    def label(self) -> str:\n"
        '        return {"open": "?", "allDone": "All"}[self.value]\n\n'
        "    @property\n"
        "    def done(self) -> bool:\n"
        '        return {"open": False, "allDone": True}[self.value]\n'
    ) in text


def test_classes_extend_each_other_where_python_allows_it() -> None:
    text = emit(
        "class: Zebra\nsealed: true\nfields:\n  name: String\n",
        "class: Foal\nextends: Zebra\nfields:\n  age: int\n",
        "class: Herd\ntable: herd\nextends: Zebra\n",
        "class: Stamp\nimmutable: true\nfields:\n  name: String\n",
        "exception: Stampede\nfields:\n  size: int\n",
    )
    assert text.index("class Zebra:") < text.index("class Foal(Zebra):\n    age: int\n")
    assert "@dataclass(kw_only=True, frozen=True)\nclass Stamp:" in text
    assert "@dataclass(kw_only=True, eq=False)\nclass Stampede(SerializableException):" in text
    assert (
        "class Herd(base.Model):\n    id: Key[int] = models.BigAutoField(primary_key=True)\n"
        "    name: Column[str] = fields.TextField()" in text
    )
    assert "sealed=True," in text
    assert text.count('parent="Zebra",') == 2


def test_quotes_that_would_end_a_docstring_are_escaped() -> None:
    text = emit(
        '### Says """no""" and \\n "so"\nclass: Thing\nfields:\n  ### One.\n  ###\n  ### Two.\n  a: int\n'
    )
    namespace: dict[str, object] = {}
    exec(compile(text, "protocol", "exec"), namespace)
    assert (namespace["Thing"].__doc__ or "").strip() == 'Says """no""" and \\n "so"'
    assert '    a: int\n    """One.\n\n    Two.\n    """\n' in text


MODELS = {
    "north/river.spy.yaml": (
        "### A river \N{EN DASH} it\N{RIGHT SINGLE QUOTATION MARK}s.\n"
        "class: River\ntable: river\nfields:\n  name: String\n"
        "  boats: List<Boat>?, relation(name=river_boats)\n  depth: Depth, default=shallow\n"
        "  theNameOfThisFieldIsSoLongThatItWillNotFitOnALineWithTheRest: Map<String, List<Map<int, String>>>?\n"
    ),
    "north/depth.spy.yaml": "enum: Depth\nvalues: [shallow, deep]\n",
    "north/trip.spy.yaml": (
        "class: Trip\nfields:\n  boat: Boat?\n  depth: Depth, default=deep\n  log: List<LogEntry>\n"
        "  theNameOfThisFieldIsSoLongThatItWillNotFitOnALineWithTheRest: Map<String, List<Map<int, String>>>?\n"
    ),
    "south/boat.spy.yaml": (
        "class: Boat\ntable: boat\nfields:\n  river: River?, relation(name=river_boats, onDelete=Cascade)\n"
        "  berth: Depth\n  fleet: Fleet\n"
        "indexes:\n  boat_river_with_a_name_that_is_longer_than_thirty_idx:\n    fields: riverId, berth\n"
        "    unique: true\n"
    ),
    "south/log_entry.spy.yaml": "class: LogEntry\nfields:\n  trip: Trip?\n  words: dynamic\n",
    "south/fleet.spy.yaml": "class: Fleet\nextends: Group\nfields:\n  admiral: String?\n",
    "north/group.spy.yaml": "class: Group\nfields:\n  name: String\n",
    "empty/nothing.txt": "",
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of apps that name each other's classes."""
    for file, text in MODELS.items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for app in ("north", "south", "empty"):
        (tmp_path / app / "__init__.py").touch()
        (tmp_path / app / "apps.py").touch()
        (tmp_path / app / "models.py").write_text("from .protocol import *\n")
    (tmp_path / "empty" / "models.py").write_text("")
    return tmp_path


def run(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_generated_modules_import_and_pass_the_checks(project: Path) -> None:
    result = generate(project)
    assert result.faults == []
    assert result.written == [
        project / app / name
        for app, name in [
            ("north", "protocol.py"),
            ("north", "protocol_types.py"),
            ("south", "protocol.py"),
            ("south", "protocol_types.py"),
        ]
    ]
    program = (
        f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n"
        "import django\nfrom django.conf import settings\n"
        "settings.configure(INSTALLED_APPS=['north', 'south'], DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',"
        " DATABASES={'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'none'}})\n"
        "django.setup()\nfrom django.core import checks\n"
        "print(checks.run_checks())\n"
        "from podium.wire.codecs import codec\n"
        "from north.models import Trip, Depth\nfrom south.models import Boat, Fleet\n"
        "print(codec('Boat').encode(Boat(river_id=1, berth=Depth.DEEP, fleet=Fleet(name='f'))))\n"
        "print(codec('Trip').encode(codec('Trip').decode({'log': [{'words': None}]})))\n"
    )
    assert run("-W", "error", "-c", program, folder=project).splitlines() == [
        "[]",
        "{'__className__': 'Boat', 'riverId': 1, 'berth': 'deep',"
        " 'fleet': {'__className__': 'Fleet', 'name': 'f'}}",
        "{'__className__': 'Trip', 'depth': 'deep',"
        " 'log': [{'__className__': 'LogEntry', 'words': {'className': 'null', 'data': None}}]}",
    ]


def test_a_table_has_a_q_of_its_own_beside_a_field_of_that_name() -> None:
    text = emit("class: Note\ntable: note\nfields:\n  Q: String\n  qQ: int\n")
    assert '    q: Column[str] = fields.TextField(db_column="Q")\n' in text
    assert "    q_q: Column[int]" in text
    assert "    Q: ClassVar[type[NoteQ]]\n" in text
    assert "if TYPE_CHECKING:\n    from .protocol_types import NoteQ\n" in text


def test_generated_modules_are_formatted_and_linted_as_the_project(project: Path) -> None:
    generate(project)
    ruff = ("-m", "ruff")
    files = ["north/protocol.py", "south/protocol.py"]
    config = ["--config", str(PROJECT / "pyproject.toml")]
    run(*ruff, "format", "--check", "--diff", *config, *files, folder=project)
    own = ["--config", 'lint.isort.known-first-party = ["podium", "north", "south"]']
    run(*ruff, "check", *config, *own, *files, folder=project)


def test_nothing_is_written_twice_or_with_a_fault(project: Path) -> None:
    assert generate(project, check=True).written
    assert not (project / "north" / "protocol.py").exists()
    generate(project)
    again = generate(project)
    assert (again.written, len(again.unchanged)) == ([], 4)
    before = (project / "north" / "protocol.py").read_text(encoding="utf-8")
    (project / "north" / "group.spy.yaml").write_text("class: Group\nfields:\n  name: Sting\n")
    broken = generate(project)
    assert "north/group.spy.yaml:3:" in str(broken.faults[0])
    assert broken.written == broken.unchanged == []
    assert (project / "north" / "protocol.py").read_text(encoding="utf-8") == before


def test_an_app_whose_last_model_file_is_deleted_has_an_empty_module(project: Path) -> None:
    (project / "empty" / "one.spy.yaml").write_text("class: One\n")
    generate(project)
    assert "class One" in (project / "empty" / "protocol.py").read_text(encoding="utf-8")
    (project / "empty" / "one.spy.yaml").unlink()
    assert generate(project).written == [project / "empty" / "protocol.py"]
    assert "One" not in (project / "empty" / "protocol.py").read_text(encoding="utf-8")
