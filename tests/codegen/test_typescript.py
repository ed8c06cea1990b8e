"""The TypeScript client: it compiles strictly, and works as in its README, on Node 20 and 22."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from podium.codegen import typescript
from tests.codegen import language, wire_server
from tests.schema.texts import load_texts

ROOT = Path(__file__).parent.parent.parent
COMPILER = ROOT / "build" / "typescript-compiler"
TYPESCRIPT = "typescript@7.0.2"


def files(endpoints: bool = True) -> dict[str, str]:
    methods = language.endpoints() if endpoints else []
    return typescript.emit(language.protocol(), methods, package="lab-client", version="1.2.3")


def nodes() -> list[str]:
    """The Nodes of this machine: the wheel's, and another one on the PATH."""
    found = [str(path) for path in (ROOT / ".venv" / "bin").glob("node")]
    other = shutil.which("node")
    return [*found, other] if other and other not in found else found


@pytest.fixture(scope="module")
def compiler() -> list[str]:
    """The command of the TypeScript compiler, installed once into build/."""
    COMPILER.mkdir(parents=True, exist_ok=True)
    program = COMPILER / "node_modules" / "typescript" / "bin" / "tsc"
    with (COMPILER / "lock").open("w") as lock:  # several processes of one test run may come here at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _install_compiler()
    return [nodes()[0], str(program)]


def _install_compiler() -> None:
    npm = shutil.which("npm", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    assert npm, "npm is missing: install requirements-dev.txt, which has Node"
    install = [
        npm,
        "install",
        "--no-save",
        "--no-audit",
        "--no-fund",
        "--prefix",
        str(COMPILER),
        TYPESCRIPT,
    ]
    subprocess.run(install, check=True, capture_output=True, timeout=300)


def compiled(compiler: list[str], folder: Path, texts: dict[str, str]) -> Path:
    """Write a client, check its types with the compiler, and return its generated index.js."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    done = subprocess.run(
        [*compiler, "-p", str(folder), "--noEmit"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout
    return folder / "dist" / "index.js"


@pytest.fixture(scope="module")
def client(compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(compiler, tmp_path_factory.mktemp("lab-client"), files())


@pytest.mark.slow
@pytest.mark.parametrize("node", nodes())
def test_the_client_works_as_in_its_readme(client: Path, node: str) -> None:
    with wire_server.running() as host:
        done = subprocess.run(
            [
                node,
                "--test",
                "--test-reporter=spec",
                str(Path(__file__).with_name("typescript_client.test.mjs")),
            ],
            env={**os.environ, "CLIENT": str(client), "HOST": host, "NODE_OPTIONS": ""},
            capture_output=True,
            text=True,
            timeout=180,
        )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_uses_that_the_types_forbid_do_not_compile(compiler: list[str], client: Path, tmp_path: Path) -> None:
    texts = files()
    right = """
import { type AnyShape, Circle, Client, Note_, Point, type Shape } from "./index.js";
export function connect(): Client {
  const client: Client = new Client("http://a/", {
    auth: {
      refresh: (refreshToken) => client.lab.refreshAccessToken({ refreshToken }),
      storage: { load: () => null, save: async (text) => void text },
    },
  });
  return client;
}
export async function signIn(client: Client): Promise<void> {
  await client.auth.set(await client.lab.signIn(3600, { timeout: 500 }));
}
export async function use(client: Client, shape: Shape): Promise<number> {
  for await (const circle of client.lab.shapes({ reconnect: true })) shape = circle;
  const kind = shape as AnyShape;
  const size: number = kind instanceof Circle ? kind.radius : kind.corners.length;
  await client.lab.awkward("a", undefined, { in: "b" });
  return size + new Point({ x: 1 }).y + (await client.lab.total([1]));
}
""".replace("Note_, ", "")
    assert compiled(compiler, tmp_path / "right", {**texts, "src/use.ts": right})
    wrong = {
        "new Point({ x: 1 })": 'new Point({ x: "1" })',
        ".y + ": ".z + ",
        '{ in: "b" }': "{}",
        "[1])": '["1"])',
        "kind.corners": "kind.radius",
        "refreshAccessToken({ refreshToken })": "notes()",
        "load: () => null": "load: () => 5",
        "timeout: 500": 'timeout: "500"',
    }
    uses: dict[str, str] = {}
    for good, bad in wrong.items():
        assert right.count(good) == 1
        uses[f"src/use{len(uses)}.ts"] = right.replace(good, bad)
    with pytest.raises(AssertionError) as failed:
        compiled(compiler, tmp_path / "wrong", {**texts, **uses})
    assert set(re.findall(r"src/use\d+\.ts(?=\(\d+,\d+\): error TS)", str(failed.value))) == set(uses)


def test_docs_are_carried_and_cannot_break_out() -> None:
    text = files()["src/protocol.ts"]
    assert "/** Something drawn. */\nexport abstract class Shape" in text
    assert r'  /** Its name. *\/ does not end this, nor does """. */' in text
    endpoints = files()["src/endpoints.ts"]
    assert "   * In more than one line.\n" in endpoints
    assert "  /** @deprecated Ask whoAmI. */\n  authorization(" in endpoints


def test_server_only_fields_are_not_in_the_client() -> None:
    text = "".join(files().values())
    assert "Hidden" not in text
    assert "secret" not in files()["src/protocol.ts"]


def test_the_same_definitions_give_the_same_files() -> None:
    assert files() == files()


def test_a_project_without_models_or_endpoints_has_a_client() -> None:
    empty, _ = load_texts({})
    texts = typescript.emit(empty, [], package="empty", version="1.0.0")
    assert texts["src/protocol.ts"].endswith("export {};\n")
    assert "class Client extends BaseClient {}" in texts["src/client.ts"]
