"""Faults of signatures that can't cross the wire: reported together, each with its place and the correction."""

from __future__ import annotations

import gc
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from podium.endpoints.checks import endpoints_can_be_served
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.errors import BadEndpoints
from podium.endpoints.registry import Registry, instead
from podium.wire import classes as wire
from podium.wire.classes import WireClass
from tests.endpoints import faulty
from tests.endpoints.faulty import Faulty, FaultyEndpoint, ScopesEndpoint

SAID = {
    "bareList": "(names): list is not a wire type; write for example list[str]",
    "setOfObjects": "(notes): set[Note | None] can't hold a Note | None, which has no hash in Python; "
    "write SetAsList[Note | None] (from podium.wire.types), a list here and a Set to clients",
    "listedTexts": " -> SetAsList[str] is for what has no hash in Python; write set[str]",
    "noType": "(name): the type is missing; write for example `title: str`",
    "noResult": " -> the type of the result is missing; write for example `-> list[Note]`, or `-> None`",
    "misspelt": "(note): Noet is not known here; did you mean Note? (outside of `if TYPE_CHECKING`)",
    "forTheCheckerAlone": " -> Notebook is not known here; did you mean Notebook? (outside of `if TYPE_CHECKING`)",
    "unknownClass": " -> NotInAModelFile is not a wire type; declare the class in a model file",
    "decimals": "(price): Decimal is not a wire type; ",
    "dates": "(day): date is not a wire type; ",
    "twoTypes": "(value): int | str is not a wire type; write one type, or one type and None",
    "notAType": "(value): [<class 'int'>] is not a wire type; write for example list[str]",
    "many": "(values): *args and **kwargs have no names on the wire; write one parameter for each value",
    "byPlace": "(value): clients send arguments by name; write it without the `/`",
    "defaultOfAnotherType": "(limit): the default does not fit the type: ",
    "defaultNone": "(limit): the default is None, which int can't be; write `... | None = None`",
    "noCall": "(call): the first parameter is the call; write `call: Call`",
    "yields": " -> a method with `yield` returns a stream; write AsyncIterator[int]",
    "syncAsync": " -> a `def` with `yield` returns an Iterator; write `async def`, or Iterator[...]",
    "asyncSync": " -> a stream of an `async def` is an AsyncIterator; write AsyncIterator[...]",
    "bareStream": " -> the type of the values is missing; write for example AsyncIterator[str]",
    "nestedStream": "(values): a stream can only be a parameter or the result, not inside another type",
    "syncInput": "(values): a client's stream arrives value by value; write AsyncIterator[...]",
    "syncReader": "(values): a stream is read on the event loop; write `async def sync_reader`",
    "sameName": ": same_name and sameName are the same on the wire; rename one of them",
}


@pytest.fixture(scope="module")
def faults() -> list[str]:
    return Registry([FaultyEndpoint, ScopesEndpoint]).faults


@pytest.mark.parametrize(("method", "said"), SAID.items())
def test_each_fault_is_reported_with_its_correction(faults: list[str], method: str, said: str) -> None:
    found = [fault.partition(" ")[2] for fault in faults if f" faulty.{method}" in fault]
    assert any(fault.startswith(f"faulty.{method}{said}") for fault in found), found


def test_each_fault_has_file_and_line(faults: list[str]) -> None:
    line = inspect.getsourcelines(FaultyEndpoint.bare_list)[1]
    assert any(
        fault.startswith(f"tests/endpoints/faulty.py:{line} faulty.bareList(names)") for fault in faults
    )
    assert all(fault.startswith("tests/endpoints/faulty.py:") for fault in faults)


def test_all_faults_of_a_method_are_reported_and_none_of_a_valid_one(faults: list[str]) -> None:
    assert len([fault for fault in faults if "faulty.twoFaults" in fault]) == 2
    assert len([fault for fault in faults if "faulty.many(" in fault]) == 2
    assert [fault for fault in faults if "faulty.fine" in fault] == []
    methods = {name for name in vars(FaultyEndpoint) if not name.startswith("_")}
    assert len(methods) == len(SAID) + 3  # all but two_faults, the first of the two same names, and fine


def test_faults_of_a_class_are_reported(faults: list[str]) -> None:
    about = "\n".join(fault for fault in faults if "aulty.py" in fault and "copes" in fault)
    assert "ScopesEndpoint.required_scopes is a text; write frozenset({...})" in about
    assert "scopes.signIn: clients call it without a credential, but its endpoint requires a sign-in" in about


def test_two_endpoints_with_one_name_are_a_fault_that_names_both() -> None:
    (fault,) = [one for one in Registry([FaultyEndpoint, Faulty]).faults if "Faulty is called" in one]
    line = inspect.getsourcelines(FaultyEndpoint)[1]
    assert fault.endswith(
        f"Faulty is called 'faulty' on the wire, and so is FaultyEndpoint at tests/endpoints/faulty.py:{line}; "
        "rename one of them"
    )


def test_a_server_only_class_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = WireClass("NotInAModelFile", faulty.NotInAModelFile, [], server_only=True)
    monkeypatch.setitem(wire.registered, entry.name, entry)
    monkeypatch.setitem(wire.by_python, entry.python, entry)
    text = "\n".join(Registry([FaultyEndpoint]).faults)
    assert "faulty.unknownClass -> NotInAModelFile is serverOnly" in text


def test_the_server_does_not_start_with_faults() -> None:
    with pytest.raises(BadEndpoints) as refused:
        Registry([FaultyEndpoint]).definitions()
    assert len(str(refused.value).splitlines()) > len(SAID)


def test_manage_check_reports_the_faults() -> None:
    with (
        instead(Registry([FaultyEndpoint])),
        pytest.raises(SystemCheckError, match=r"faulty\.bareList\(names\)"),
    ):
        call_command("check")


def test_an_endpoint_with_the_name_of_a_page_is_reported() -> None:
    class Admin(Endpoint): ...

    class Livez(Endpoint): ...

    class Free(Endpoint): ...

    with instead(Registry([Admin, Livez, Free])):
        found = endpoints_can_be_served(None)
    assert [each.msg for each in found] == [
        "The endpoint 'admin' hides the page /admin/.",
        "The endpoint 'livez' hides the page /livez/.",
    ]


def test_the_project_itself_has_no_fault() -> None:
    from podium.endpoints.registry import _installed

    with instead(_installed()):
        assert endpoints_can_be_served(None) == []
        assert run_checks(include_deployment_checks=False) == []


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[[str, str], None]]:
    """Import a text as a module; its classes are gone after the test."""
    names = []

    def load(name: str, text: str) -> None:
        path = tmp_path / f"{name}.py"
        path.write_text(text)
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        names.append(name)
        spec.loader.exec_module(module)

    yield load
    for name in names:
        del sys.modules[name]
    gc.collect()


def test_an_endpoint_in_a_module_that_is_not_searched_is_reported(load: Callable[[str, str], None]) -> None:
    imports = "import abc\nfrom podium.endpoints.endpoint import Endpoint, hidden\n"
    bases = "class BaseEndpoint(Endpoint, abc.ABC): ...\n@hidden\nclass HiddenEndpoint(Endpoint): ...\n"
    load("accounts.shop", f"{imports}{bases}class LostEndpoint(Endpoint): ...\n")
    load("accounts.tests.test_shop", f"{imports}class TestedEndpoint(Endpoint): ...\n")
    load("elsewhere.shop", f"{imports}class ForeignEndpoint(Endpoint): ...\n")
    with instead(Registry([])):
        (warning,) = endpoints_can_be_served(None)
    assert warning.id == "endpoints.W001"
    assert "accounts.shop.py:6 LostEndpoint can't be called" in warning.msg


def test_an_endpoint_with_the_name_of_the_one_it_extends_is_reported(
    load: Callable[[str, str], None],
) -> None:
    imports = "import abc, sys\nfrom podium.endpoints.endpoint import Endpoint\n"
    load("auth.core", f"{imports}class RefreshEndpoint(Endpoint, abc.ABC):\n    module = 'auth'\n")
    extended = "core = sys.modules['auth.core']\nclass OwnEndpoint(core.RefreshEndpoint): ...\n"
    load("shop.endpoints", f"{imports}{extended}class RefreshEndpoint(core.RefreshEndpoint): ...\n")
    core, shop = sys.modules["auth.core"], sys.modules["shop.endpoints"]
    with instead(Registry([core.RefreshEndpoint, shop.OwnEndpoint, shop.RefreshEndpoint])):
        (warning,) = endpoints_can_be_served(None)
    assert warning.id == "endpoints.W002"
    assert "shop.endpoints.py:5 RefreshEndpoint has the name of the class that it extends." in warning.msg
