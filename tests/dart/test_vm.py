"""Download of the VM: only the published file is accepted; without a VM tests are skipped, except in CI."""

from __future__ import annotations

import platform
from pathlib import Path

import httpx
import pytest

from tests.dart import packages, vm


def test_another_file_than_the_published_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = httpx.Response(200, content=b"something else", request=httpx.Request("GET", vm.TARBALL))
    monkeypatch.setattr(httpx, "get", lambda *_, **__: answer)
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("DART", raising=False)
    with pytest.raises(vm.MissingVM, match="is not the published file"):
        vm.command.__wrapped__()
    assert list((tmp_path / "podium").iterdir()) == []


def test_without_a_vm_tests_are_skipped_unless_one_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(vm, "command", vm.command.__wrapped__)
    monkeypatch.delenv("DART", raising=False)
    monkeypatch.delenv(vm.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="the VM from npm is for Linux x86-64"):
        vm.for_tests()
    monkeypatch.setenv(vm.REQUIRED, "1")
    with pytest.raises(vm.MissingVM):
        vm.for_tests()


@pytest.mark.usefixtures("dart")
def test_packages_are_found_in_a_folder_and_in_a_configuration_of_pub(tmp_path: Path) -> None:
    package = tmp_path / "cache" / "serverpod_client-4.0.0"
    package.mkdir(parents=True)
    (package / "pubspec.yaml").write_text("name: serverpod_client\nenvironment:\n  sdk: ^3.5.0\n")
    written = tmp_path / "tool" / "package_config.json"
    written.parent.mkdir()
    packages.write({"serverpod_client": package}, written)
    assert packages.true(package.parent) == packages.true(written) == {"serverpod_client": package}
    relative = written.read_text().replace(package.as_uri(), "../cache/serverpod_client-4.0.0")
    written.write_text(relative)
    assert packages.true(written) == {"serverpod_client": package}
    assert '"languageVersion": "3.5"' in relative
    with pytest.raises(SystemExit, match="there is no package serverpod_client in"):
        packages.true(tmp_path)
