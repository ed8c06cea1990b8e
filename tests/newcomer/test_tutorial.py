"""A new user's first day: docs/tutorial/index.md typed in, block by block, into one started project with an empty HOME.

The tests stand in the order of the page and build on each other. None of Podium's files is edited.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.dart import libraries, packages, vm
from tests.dart.conftest import dart
from tests.newcomer import tutorial
from tests.newcomer.calls import Caller
from tests.newcomer.checkout import Checkout, Development, free_port
from tests.newcomer.installed import Installed
from tests.notes import generated
from tests.upgrade import wheels

__all__ = ["dart"]

pytestmark = pytest.mark.slow

SECTIONS = tutorial.sections()
DART = tutorial.dart_files(upto=10)
SERVICES = {  # as they are on the machines that run these tests
    5432: "Postgres",
    6379: "Redis",
    5672: "RabbitMQ",
}
RESTARTED = "Restarted with the change"


class Habits(Checkout):
    """The tutorial's project, made by the installed command `podium`, and the Flutter app beside it.

    Its .venv shares the installed packages: test_dev.py has the first start on a bare machine.
    """

    def __init__(self, folder: Path, installed: Installed) -> None:
        self.folder = folder / "habits"
        self.home = folder / "home"
        self.home.mkdir()
        self.python = Path(sys.base_prefix) / "bin" / "python3"
        [command] = [line for line in SECTIONS[1].commands if "startproject" in line]
        _, *words = shlex.split(command)
        installed.output("podium", *words, folder=folder)
        installed.share(self.folder)

    def type_in(self, number: int) -> None:
        SECTIONS[number].type_in(self.folder)

    def wait_for_clients(self) -> None:
        """Wait until `dev` has written the clients; it does so after the server has taken the change."""
        deadline = time.monotonic() + 90
        while self.manage("generate", "--check").returncode != 0:
            assert time.monotonic() < deadline, "dev has not written the clients within 90 s"

    def run(self, command: str) -> str:
        """Run one of the page's commands of manage.py."""
        _, _, *words = shlex.split(command)
        done = self.manage(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def habits(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Habits:
    return Habits(tmp_path_factory.mktemp("a stranger"), installed)


@pytest.fixture(scope="module")
def development(habits: Habits) -> Iterator[Development]:
    """Section 1: `manage.py dev`."""
    running = Development(habits).ready()
    yield running
    if running.process.poll() is None:
        running.interrupt()


@pytest.fixture(scope="module")
def nobody(development: Development) -> Caller:
    return Caller(development.url)


@pytest.fixture(scope="module")
def anna(nobody: Caller, typed: None) -> Caller:
    """Section 4: the three calls of a sign-up."""
    return nobody.sign_up("anna@example.com")


@pytest.fixture(scope="module")
def ben(nobody: Caller, typed: None) -> Caller:
    return nobody.sign_up("ben@example.com")


@pytest.fixture(scope="module")
def typed(habits: Habits, development: Development, nobody: Caller) -> None:
    """Sections 1 to 9: after each, the running server is the new one."""
    assert nobody.call("greeting/hello", name="World") == "Hello World"
    for line in SECTIONS[2].commands_of("rm "):
        subprocess.run(shlex.split(line), cwd=habits.folder, check=True)
    for number in range(2, 10):
        said = len(development.output)
        habits.type_in(number)
        if not any(name.startswith(("habits/", "config/")) for name in SECTIONS[number].files):
            continue
        development.wait_for(RESTARTED, since=said, seconds=90)
        for line in SECTIONS[number].commands_of("python3 manage.py makemigrations"):
            said = len(development.output)
            habits.run(line)
            development.wait_for(RESTARTED, since=said, seconds=90)
    habits.wait_for_clients()


def test_the_wheel_is_copied_and_pinned(habits: Habits, installed: Installed) -> None:
    lines = (habits.folder / "requirements.txt").read_text().splitlines()
    assert lines[0] == f"./{installed.wheel.name}"
    assert lines[1].startswith("-c constraints.txt")
    assert (habits.folder / installed.wheel.name).read_bytes() == installed.wheel.read_bytes()


def test_dev_keeps_to_its_own_services(development: Development, nobody: Caller) -> None:
    assert nobody.call("greeting/hello", name="you") == "Hello you"
    processes = psutil.Process(development.process.pid).children(recursive=True)
    assert len(processes) >= 3, "web, worker and scheduler"
    addresses = [
        each.raddr for process in processes for each in process.net_connections("inet") if each.raddr
    ]
    used = {SERVICES[address.port] for address in addresses if address.port in SERVICES}
    assert used == set(), "a service that happens to run on this machine is not the project's"


def test_habits_are_of_the_user_who_made_them(anna: Caller, ben: Caller, nobody: Caller) -> None:
    assert nobody.status("habits/listHabits") == 401
    habit = anna.call("habits/createHabit", name="Read")
    for _ in range(2):
        anna.call("habits/checkIn", habitId=habit["id"], day="2026-11-30")
    [listed] = anna.call("habits/listHabits")
    assert [one["day"] for one in listed["checkIns"]] == ["2026-11-30"]
    assert ben.call("habits/listHabits") == []
    assert ben.status("habits/checkIn", habitId=habit["id"], day="2026-11-30") == 400
    assert anna.status("habits/checkIn", habitId=habit["id"], day="today") == 400


WATCHER = """
import sys
import urllib.request
from habits_client import Client

url, anna, ben = sys.argv[1:]
with Client(url) as watching, Client(url) as acting:
    watching.auth.set(ben)
    acting.auth.set(anna)
    acting.user_profile_edit.change_user_name("Anna")
    boards = iter(watching.leaderboard.watch())
    before = next(boards)
    habit = acting.habits.create_habit("Run")
    acting.habits.check_in(habit.id, "2026-12-01")
    after = next(boards)
    total = lambda board: sum(entry.check_ins for entry in board.entries if entry.name == "Anna")
    print(total(after) - total(before))
"""


def test_a_check_in_moves_the_leaderboard_of_another_user(
    habits: Habits, development: Development, installed: Installed, anna: Caller, ben: Caller
) -> None:
    """With the generated Python client."""
    client = str(habits.folder / "clients" / "python")
    words = ["python", "-c", WATCHER, f"{development.url}/", anna.token, ben.token]
    assert installed.output(*words, folder=habits.home, PYTHONPATH=client).strip() == "1"


def test_a_reminder_is_mailed_and_the_next_one_waits_until_it_is_stopped(anna: Caller) -> None:
    habit = anna.call("habits/createHabit", name="Swim")
    soon = datetime.now(UTC) + timedelta(seconds=1)
    anna.call("habits/remindDaily", habitId=habit["id"], first=soon.isoformat())
    assert "Swim" in anna.mail("anna@example.com", "Swim?")
    anna.call("habits/stopReminding", habitId=habit["id"])


def test_the_projects_own_tests_pass(habits: Habits, typed: None) -> None:
    habits.type_in(10)
    [command] = SECTIONS[10].commands
    output = habits.run(f"{command} -q")
    assert re.search(r"\b5 passed", output), output
    collected = habits.run(f"{command} --collect-only -q")
    assert {line.partition("/")[0] for line in collected.splitlines() if "::" in line} == {"habits"}


# The Flutter app ----------------------------------------------------------------------------------------------------


PROGRAM = """
import 'dart:typed_data';

import 'package:habits_client/habits_client.dart';
import 'package:serverpod_auth_idp_client/serverpod_auth_idp_client.dart'
    show EmailAccountRequestException;

import 'days.dart';
import 'leaderboard.dart';
import 'pictures.dart';
import 'reminders.dart';
import 'sign_up.dart' as sign_up;

class Token implements ClientAuthKeyProvider {
  Token(this.token);

  final String token;

  @override
  Future<String?> get authHeaderValue async => 'Bearer $token';
}

Future<void> main(List<String> words) async {
  final client = Client(words[0])..authKeyProvider = Token(words[1]);
  final signingUp = sign_up.SignUp(Client(words[0]));
  await signingUp.start('carla@example.com');
  try {
    await signingUp.verify('00000000');
    throw StateError('a wrong code was taken');
  } on EmailAccountRequestException {
    // as the page says
  }
  var habit = await client.habits.createHabit('Draw');
  final boards = followLeaderboard(client).take(2).toList();
  await Future<void>.delayed(const Duration(seconds: 1));
  await checkIn(client, habit);
  final totals = [for (final board in await boards) board.entries.fold(0, (sum, entry) => sum + entry.checkIns)];
  habit = await setPicture(client, habit, 'pen.png', 'image/png', Uint8List.fromList([1, 2, 3]));
  final url = await pictureUrl(client, habit);
  await remindDaily(client, habit, 18);
  await stopReminding(client, habit);
  final listed = (await client.habits.listHabits()).last;
  print('${totals[1] - totals[0]} ${isDone(listed, DateTime.now())} $url');
  client.close();
}
"""


@pytest.mark.usefixtures("dart")
def test_the_apps_dart_code_compiles_and_works(
    habits: Habits, development: Development, anna: Caller, tmp_path: Path
) -> None:
    """On the Dart VM, with the generated client; upload, stream and reminder go to the server.

    Without the widgets, which tests/docs/test_code.py compiles.
    """
    for name, text in DART.items():
        if "package:flutter/" not in text:
            (tmp_path / Path(name).name).write_text(text)
    (tmp_path / "main.dart").write_text(PROGRAM)
    modules = libraries.client(*generated.definitions(), "notes_client")
    del modules["notes_client"]
    found = libraries.write(tmp_path / "packages", modules) | packages.given()
    found["habits_client"] = habits.folder / "clients" / "dart"
    configuration = packages.write(found, tmp_path / "packages.json")
    printed = vm.run(tmp_path / "main.dart", configuration, f"{development.url}/", anna.token)
    moved, done, url = printed.split()
    assert (moved, done) == ("1", "true")
    with urllib.request.urlopen(url, timeout=20) as answer:
        assert answer.read() == bytes([1, 2, 3])


# The second day -----------------------------------------------------------------------------------------------------


def test_a_web_app_in_another_folder_uses_the_typescript_client(
    habits: Habits, development: Development, anna: Caller, tmp_path: Path
) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("there is no Node here")
    client = habits.folder / "clients" / "typescript"
    environment = habits.environment()
    subprocess.run(
        [npm, "install", "--no-fund", "--no-audit", client], cwd=tmp_path, env=environment, check=True
    )
    program = tmp_path / "app.mjs"
    program.write_text(
        """import { Client } from "habits-client";
const [url, token] = process.argv.slice(2);
const client = new Client(url);
client.auth.set(token);
console.log((await client.habits.listHabits()).some((habit) => habit.name === "Read"));
client.close?.();
"""
    )
    words = [node, str(program), f"{development.url}/", anna.token]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "true\n", done.stderr


def test_the_admin_has_the_pages_of_habits(development: Development, anna: Caller) -> None:
    anna.call("habits/createHabit", name="Seen in the admin")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = f"{development.url}/admin/login/?next=/admin/habits/habit/"
    shown = browser.open(page, timeout=20).read().decode()
    secret = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    assert secret
    form = {
        "csrfmiddlewaretoken": secret[1],
        "username": "admin@example.com",
        "password": development.admin_password,
        "next": "/admin/habits/habit/",
    }
    listed = browser.open(page, urllib.parse.urlencode(form).encode(), timeout=20).read().decode()
    assert "Seen in the admin" in listed and "Anna" in listed  # the name that she chose for the leaderboard
    checked = browser.open(f"{development.url}/admin/habits/checkin/", timeout=20).read().decode()
    assert "2026-11-30" in checked


def test_a_broken_edit_is_shown_while_the_server_answers_and_a_fixed_one_is_served(
    habits: Habits, development: Development, anna: Caller
) -> None:
    path = habits.folder / "habits" / "tracking.py"
    good = path.read_text()
    said = len(development.output)
    path.write_text(good + "broken = (\n")
    development.wait_for("SyntaxError", since=said, seconds=60)
    assert development.output[said:].count("SyntaxError") == 1
    assert anna.call("habits/createHabit", name="Meanwhile")["name"] == "Meanwhile"
    said = len(development.output)
    path.write_text(good.replace("create(name=name,", "create(name=name.title(),"))
    development.wait_for(RESTARTED, since=said, seconds=60)
    assert anna.call("habits/createHabit", name="fixed")["name"] == "Fixed"


def test_a_second_app_is_served_and_appears_in_the_clients(
    habits: Habits, development: Development, anna: Caller
) -> None:
    said = len(development.output)
    done = habits.manage("startapp", "friends")
    assert done.returncode == 0, done.stderr
    development.wait_for(RESTARTED, since=said, seconds=90)
    deadline = time.monotonic() + 90
    while anna.status("friends/listFriends") != 200:  # dev may have started on a part of the files
        assert time.monotonic() < deadline, development.output[said:]
        time.sleep(0.2)
    assert anna.call("friends/listFriends") == []
    dart_client = habits.folder / "clients" / "dart" / "lib" / "src" / "protocol" / "client.dart"
    deadline = time.monotonic() + 90
    while "EndpointFriends" not in dart_client.read_text():
        assert time.monotonic() < deadline, "dev has not written the client within 90 s"
        time.sleep(0.2)


ADDRESSES = "from podium.dev import paths; print(paths.database_url(), paths.redis_url())"
PRODUCTION = {
    "SECRET_KEY": "of-production-" + "0123456789" * 5,
    "ALLOWED_HOSTS": "127.0.0.1",
    "PUBLIC_URL": "https://habits.example.com",
    "DEFAULT_FROM_EMAIL": "habits@example.com",
    "EMAIL_URL": "dummymail://",
    "ENDPOINTS_TRUSTED_PROXIES": "1",
    "SECURE_SSL_REDIRECT": "false",
}


def test_serve_answers_from_the_same_database(
    habits: Habits, development: Development, anna: Caller, tmp_path: Path
) -> None:
    """`manage.py serve` as in production, on the project's own Postgres and Valkey, which `dev` runs."""
    shown = habits.manage("shell", "--no-imports", "-c", ADDRESSES)
    database, redis = shown.stdout.split()
    assert habits.manage("collectstatic", "--noinput").returncode == 0
    port = free_port()
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [habits.python, "manage.py", "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"],
            cwd=habits.folder,
            env=habits.environment(DATABASE_URL=database, REDIS_URL=redis, **PRODUCTION),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        served = replace(anna, url=f"http://127.0.0.1:{port}")
        names = [habit["name"] for habit in when_it_answers(served, server, tmp_path / "log")]
        assert "Read" in names
    finally:
        server.terminate()
        server.wait(60)
    assert server.returncode == 0, (tmp_path / "log").read_text()


def when_it_answers(caller: Caller, server: subprocess.Popen[bytes], log: Path) -> Any:
    deadline = time.monotonic() + 90
    while True:
        assert server.poll() is None and time.monotonic() < deadline, log.read_text()
        try:
            return caller.call("habits/listHabits")
        except urllib.error.URLError:
            time.sleep(0.3)


def test_an_upgrade_by_wheel_keeps_the_project_working(
    habits: Habits, installed: Installed, development: Development, tmp_path: Path
) -> None:
    assert development.interrupt() == 0
    author = ("-c", "user.name=Anna", "-c", "user.email=anna@example.com")
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "Habits"]):
        subprocess.run(["git", *words], cwd=habits.folder, env=habits.environment(), check=True)
    wheel = wheels.other_version(installed.wheel, "0.2.1", tmp_path)
    done = habits.manage("upgrade", str(wheel))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "podium-0.2.1" in (habits.folder / "requirements.txt").read_text().splitlines()[0]
    assert "0.2.1" in habits.manage("--version").stdout
    assert habits.manage("check").returncode == 0
