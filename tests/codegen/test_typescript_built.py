"""The built package of the TypeScript client: made without Node, used from another folder without a compiler."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from podium.codegen.typescript import compile
from tests.codegen.test_typescript import ROOT, compiler, files, nodes

__all__ = ["compiler"]

SOURCES = {
    "let one: number = 1;": "let one = 1;",
    "const f = (a: string, b?: number): void => {};": "const f = (a, b) => {};",
    "export interface A { b: string }": "",
    "export type A = string | null;": "",
    'import type { A } from "a";': "",
    'import { type A, b } from "a";': 'import {  b } from "a";',
    "const a = b as unknown as string;": "const a = b;",
    "let resolve!: () => void;": "let resolve;",
    "class A<T> extends B<T> implements C { readonly x: T; }": "class A extends B  { x; }",
    "abstract class A { abstract b(): void; protected c = 1; }": "class A {   c = 1; }",
}
DECLARATIONS = {
    "export const a = (b: X, c = true): number => 1;": "export declare const a: (b: X, c?: boolean) => number;",
    "export function f({ a, b = 1 }: X = {}): T {}": "export declare function f({ a, b }?: X): T;",
    "export function f<T>(a: T, b = 1): T { return a; }": "export declare function f<T>(a: T, b?: number): T;",
    'export const E = { a: "a" } as const;': 'export declare const E: { readonly a: "a"; };',
    "export class A { readonly b = new B<C>(this); #c = 1; async d(): Promise<void> {} }": (
        "export declare class A {\n  readonly b: B<C>;\n  #private;\n  d(): Promise<void>;\n}"
    ),
    "function hidden() {}": "",
}  # fmt: skip


@pytest.mark.parametrize(("source", "built"), SOURCES.items())
def test_types_are_removed_from_the_javascript(source: str, built: str) -> None:
    assert compile.javascript(source).split() == built.split()


@pytest.mark.parametrize(("source", "built"), DECLARATIONS.items())
def test_declarations_have_no_code(source: str, built: str) -> None:
    assert compile.declarations(source).removesuffix("export {};\n").strip() == built


@pytest.mark.parametrize(
    "source", ["export const a = b();", "export function f() { return 1; }", "export const = 1;"]
)
def test_an_export_without_a_type_is_refused_with_its_line(source: str) -> None:
    with pytest.raises(compile.Unsupported, match=r"^line 2: "):
        compile.declarations(f"\n{source}")


def test_the_package_lists_its_files_and_needs_no_build() -> None:
    given = files()
    package = json.loads(given["package.json"])
    for name in (package["main"], package["types"], *package["exports"]["."].values()):
        assert name.removeprefix("./") in given
    assert "scripts" not in package and "devDependencies" not in package and "dist" in package["files"]
    assert "dist" not in given[".gitignore"]


APP = """\
import { Client, HttpError } from "lab-client";
const client: Client = new Client("http://127.0.0.1:9/");
const kind: typeof HttpError = HttpError;
console.log(typeof client.auth, kind.name);
"""
OPTIONS = ["--strict", "--noEmit", "--target", "ES2022", "--lib", "ES2022,DOM,DOM.AsyncIterable"]


@pytest.mark.slow
def test_an_app_in_another_folder_installs_it(compiler: list[str], tmp_path: Path) -> None:
    """Install with npm without network and compiler, run in Node, and check by tsc with both kinds of resolution."""
    for name, text in files().items():
        path = tmp_path / "server" / "clients" / "typescript" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    app = tmp_path / "an app"
    app.mkdir()
    (app / "package.json").write_text('{"name": "app", "private": true, "type": "module"}')
    npm = shutil.which("npm", path=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    assert npm
    install = [npm, "install", "--offline", "--no-audit", "--no-fund", "../server/clients/typescript"]
    done = subprocess.run(install, cwd=app, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (app / "app.ts").write_text(APP)
    (app / "app.mjs").write_text(compile.javascript(APP))
    for node in nodes():
        ran = subprocess.run([node, "app.mjs"], cwd=app, capture_output=True, text=True, timeout=60)
        assert ran.stdout == "object HttpError\n", ran.stderr
    for module, resolution in (("node16", "node16"), ("esnext", "bundler")):
        command = [*compiler, *OPTIONS, "--module", module, "--moduleResolution", resolution, "app.ts"]
        done = subprocess.run(command, cwd=app, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout
