#!/usr/bin/env python3
"""Every command of this project. On a bare machine it makes the environment .venv first: python3 manage.py dev"""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Podium needs Python 3.11 or newer, and this is Python %d.%d (%s). Install a newer one "
        "and start this with it, for example: python3.12 manage.py dev"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
if sys.platform == "win32":
    sys.exit("Podium runs on Linux and macOS. On Windows use WSL 2, and run the same command there.")

import fcntl
import hashlib
import importlib.util
import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
VERSION = "python%d.%d" % sys.version_info[:2]
PIN = re.compile(
    r"podium *(\[[^]]*\] *)?([=<>~!@;]|$)|\S*\bpodium-\S+\.(whl|tar\.gz)|git\+.*#egg=podium\b", re.I
)


def main():
    if os.environ.get("PODIUM_VENV") != "off" and not (HERE / "podium").is_dir():
        enter_environment()
    if importlib.util.find_spec("podium") is None:
        sys.exit(
            "Podium is not installed in %s: pip install -r requirements.txt, or unset PODIUM_VENV"
            % sys.prefix
        )
    from podium.dev import bootstrap

    bootstrap.enter_environment(sys.argv)

    # From here on this is the project's own environment, with every package in it.
    from podium.dev import commands

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    commands.run(sys.argv)


def enter_environment():
    """Go on in .venv with the Podium that requirements.txt pins. Podium then installs what else the file needs."""
    text = re.sub(r"\s*\\\r?\n\s*", " ", read("requirements.txt").decode())  # a backslash continues a line
    lines = [re.split(r"(?:^|\s)#", line)[0].strip() for line in text.splitlines()]
    pin = next((line for line in lines if PIN.match(line)), None)
    if pin is None:
        sys.exit("requirements.txt does not pin the version of Podium. Add for example: podium==0.2.0")
    # A wheel beside this file may be replaced by another one of the same name.
    wheel = read(re.sub(r"\[[^]]*\]$", "", name(pin)))
    mark = "%s %s %s\n" % (VERSION, pin, hashlib.sha256(wheel).hexdigest())
    if not is_installed(mark):
        install(pin, mark)
    elif Path(sys.prefix).resolve() == VENV.resolve():
        return
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


def name(pin):
    """The pin without options such as --hash."""
    return re.split(r"\s--", pin)[0]


def is_installed(mark):
    return os.access(PYTHON, os.X_OK) and read(".venv/.podium").decode() == mark


def read(path):
    return (HERE / path).read_bytes() if (HERE / path).is_file() else b""


def install(pin, mark):
    """Make .venv where it is missing, and install Podium alone, which takes seconds."""
    try:
        (HERE / ".podium").mkdir(exist_ok=True)
        lock = (HERE / ".podium" / "install.lock").open("w")
    except OSError as error:
        sys.exit("Can't write in %s: %s. .venv and .podium are kept there." % (HERE, error.strerror))
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_installed(mark):
            return  # another command was quicker
        sys.stderr.write("Installing %s in %s " % (name(pin), VENV))
        sys.stderr.flush()
        if not (os.access(PYTHON, os.X_OK) and (VENV / "lib" / VERSION / "site-packages" / "pip").is_dir()):
            advice = "apt install %s-venv, on Debian and Ubuntu" % VERSION
            run(advice, sys.executable, "-m", "venv", "--clear", VENV)
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        file = HERE / ".podium" / "pin.txt"  # pip takes --hash in a file only
        file.write_text(pin + "\n")
        run("check requirements.txt and the network", *pip, "--force-reinstall", "--no-deps", "-r", file)
        (VENV / ".podium").write_text(mark)
        sys.stderr.write("\n")


def run(advice, *command):
    """Run a program, with a dot every two seconds. Exits with its output and the advice if it fails."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=HERE, stdout=output, stderr=subprocess.STDOUT)
        while not has_ended(process):
            sys.stderr.write(".")
            sys.stderr.flush()
        output.seek(0)
        if process.returncode:
            words = " ".join(map(str, command))
            said = output.read()
            sys.exit(
                "\n%sFailed: %s\nTo fix it: %s. Then run the same command again." % (said, words, advice)
            )


def has_ended(process):
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return False
    return True


if __name__ == "__main__":
    main()
