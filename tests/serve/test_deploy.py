"""`manage.py deploy init`: its files are valid, and what they run exists."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import CommandError, call_command, load_command_class

from podium.core import project
from podium.dev import startproject
from podium.server import deployment
from podium.server.management.commands.serve import DRAIN_SECONDS
from tests.serve import tools

FOLDER = Path(__file__).parent


def init(target: str, folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("deploy", "init", target, "--output", str(folder), *options, stdout=out)
    return out.getvalue()


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("target", deployment.TARGETS)
def test_writes_its_files_once_and_again_without_a_change(target: str, tmp_path: Path) -> None:
    assert "would be written" in init(target, tmp_path, "--dry-run")
    assert names(tmp_path) == set()
    said = init(target, tmp_path)
    assert names(tmp_path) == set(re.findall(r"^(\S+) written$", said, re.MULTILINE)) != set()
    assert "written" not in init(target, tmp_path)
    for name in names(tmp_path):
        assert not re.search(r"\{\{|\}\}", name + (tmp_path / name).read_text().replace("{{.", ""))


def test_refuses_to_replace_changed_files(tmp_path: Path) -> None:
    init("docker", tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    (tmp_path / ".dockerignore").unlink()
    with pytest.raises(CommandError, match=r"nothing was written:\n  Dockerfile\n.*--force"):
        init("docker", tmp_path)
    assert not (tmp_path / ".dockerignore").exists()
    init("docker", tmp_path, "--force")
    assert "FROM python" in (tmp_path / "Dockerfile").read_text()


def test_the_targets_share_files_without_conflict(tmp_path: Path) -> None:
    for target in deployment.TARGETS:
        init(target, tmp_path)


def test_the_name_comes_from_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(project, "ROOT", tmp_path / "My Shop_2")
    (tmp_path / "My Shop_2").mkdir()
    assert deployment.service_name() == "my-shop-2"
    (tmp_path / "My Shop_2" / "pyproject.toml").write_text('[project]\nname = "7up"\n')
    assert deployment.service_name() == "app-7up"
    assert "deploy/app-7up.service" in deployment.render("systemd")


# The image ------------------------------------------------------------------------------------------------------------


def instructions(target: str = "docker") -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each on one line."""
    text = re.sub(r"^#.*\n", "", deployment.render(target)["Dockerfile"], flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line]


def test_the_image_runs_serve_as_a_user_with_a_fixed_number() -> None:
    found = instructions()
    words = [name for name, _ in found]
    assert dict(found)["USER"] == "10001:10001"
    assert words.index("USER") < words.index("CMD")
    assert_manage_accepts(json.loads(dict(found)["CMD"]))
    assert not re.search(r"SECRET|PASSWORD|TOKEN|DATABASE_URL", " ".join(line for _, line in found))


def test_the_image_has_the_files_that_requirements_name() -> None:
    named = re.findall(r"^-[cr] (\S+)", startproject.REQUIREMENTS, re.MULTILINE)
    patterns = next(line for name, line in instructions() if name == "COPY").split()[:-1]
    assert named == ["constraints.txt"]
    for name in (*named, "requirements.txt", "podium-0.2.0-py3-none-any.whl"):
        assert any(fnmatch(name, pattern) for pattern in patterns)


def test_no_secrets_get_into_the_image() -> None:
    ignored = deployment.render("docker")[".dockerignore"].split()
    assert {".env", ".env.*", ".podium", ".git", ".venv"} <= set(ignored)


@pytest.mark.slow
def test_the_dockerfile_has_no_fault(tmp_path: Path) -> None:
    init("docker", tmp_path)
    hadolint = tools.find("hadolint")
    tools.run(hadolint, tmp_path / "Dockerfile")
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN cd /x && pip install django\n")
    with pytest.raises(AssertionError, match="DL30"):
        tools.run(hadolint, tmp_path / "Dockerfile")


# Compose --------------------------------------------------------------------------------------------------------------


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(deployment.render("compose")["compose.yaml"])
    return loaded


def test_the_compose_file_follows_its_specification() -> None:
    schema = json.loads((FOLDER / "compose-spec.json").read_text())
    check = jsonschema.Draft7Validator(schema)
    given = compose()
    assert list(check.iter_errors(given)) == []
    given["services"]["web"]["restrat"] = "always"
    assert [error.json_path for error in check.iter_errors(given)] == ["$.services.web"]


def test_the_services_start_in_order_and_run_commands_that_exist() -> None:
    services = compose()["services"]
    assert set(services) == {"db", "valkey", "migrate", "web", "worker", "proxy"}
    for name in ("migrate", "web", "worker"):
        assert_manage_accepts(services[name]["command"])
        assert services[name]["read_only"] and services[name]["mem_limit"]
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS + 5
    assert services["migrate"]["depends_on"]["db"] == {"condition": "service_healthy"}
    for name in ("web", "worker"):
        condition = services[name]["depends_on"]["migrate"]
        assert condition == {"condition": "service_completed_successfully"}
    assert [name for name in services if "ports" in services[name]] == ["proxy"]


def test_the_compose_file_contains_no_secret_and_needs_each(tmp_path: Path) -> None:
    files = deployment.render("compose")
    needed = set(re.findall(r"\$\{(\w+):\?", files["compose.yaml"]))
    assert needed == {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "DOMAIN"}
    example = dict(
        line.split("=", 1) for line in files[".env.production.example"].splitlines() if line[:1].isupper()
    )
    assert needed <= set(example)
    secrets = {"SECRET_KEY", "MONITORING_TOKEN", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert {example[name] for name in secrets} == {""}


# Systemd and proxies --------------------------------------------------------------------------------------------------


def test_the_unit_starts_serve_and_waits_for_its_end() -> None:
    files = deployment.render("systemd")
    unit = files[f"deploy/{deployment.service_name()}.service"]
    command = re.search(r"^ExecStart=\S+/python (.+)$", unit, re.MULTILINE)
    assert command is not None
    assert_manage_accepts(["python3", *shlex.split(command[1])])
    stop = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert stop is not None and int(stop[1]) > DRAIN_SECONDS + 5


@pytest.mark.slow
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    analyze = tools.find("systemd-analyze")
    init("systemd", tmp_path)
    for path in (tmp_path / "deploy").iterdir():
        if path.suffix in (".service", ".timer"):
            path.write_text(re.sub(r"=/srv/\S+/python ", f"={sys.executable} ", path.read_text()))
            assert tools.run(analyze, "verify", path) == ""


@pytest.mark.slow
def test_caddy_accepts_its_file(tmp_path: Path) -> None:
    init("systemd", tmp_path)
    path = tmp_path / "deploy" / "Caddyfile"
    caddy = tools.find("caddy")
    assert "Valid configuration" in tools.run(caddy, "validate", "--adapter", "caddyfile", "--config", path)
    assert tools.run(caddy, "fmt", "--diff", path).strip()  # exit status 1 where the format is another


@pytest.mark.slow
def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    nginx = tools.find("nginx")
    init("systemd", tmp_path)
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    tools.run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-subj", "/CN=api.example.com", "-keyout", key, "-out", certificate),
    )
    site = (tmp_path / "deploy" / "nginx.conf").read_text()
    site = site.replace("/etc/letsencrypt/live/api.example.com", str(tmp_path))
    (tmp_path / "site.conf").write_text(site)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n")
    tools.run(nginx, "-t", "-q", "-e", tmp_path / "error.log", "-c", whole)
    (tmp_path / "site.conf").write_text(site.replace("proxy_pass ", "proxy_pas "))
    with pytest.raises(AssertionError, match='unknown directive "proxy_pas"'):
        tools.run(nginx, "-t", "-e", tmp_path / "error.log", "-c", whole)


def test_the_proxies_have_the_limits_of_the_server(settings: Any) -> None:
    settings.FILES_MAX_BYTES = 7_000_000
    files = deployment.render("systemd")
    assert "client_max_body_size 7000000;" in files["deploy/nginx.conf"]
    assert "max_size 7000000" in files["deploy/Caddyfile"]


@pytest.mark.parametrize("name", ["backup.sh", "backup-compose.sh"])
def test_the_scripts_are_valid(name: str, tmp_path: Path) -> None:
    init("systemd" if name == "backup.sh" else "compose", tmp_path)
    path = tmp_path / "deploy" / name
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0


def assert_manage_accepts(words: list[str]) -> None:
    """The command of manage.py exists, with these options."""
    assert words[:2] == ["python3", "manage.py"]
    app = {"serve": "podium.server", "migrate": "django.core"}[words[2]]
    load_command_class(app, words[2]).create_parser("manage.py", words[2]).parse_args(words[3:])
