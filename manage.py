#!/usr/bin/env python3
"""Every command of Podium. On a bare machine it makes its own environment first: python3 manage.py dev"""

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


def main():
    from config import bootstrap

    bootstrap.enter_environment(sys.argv)

    # From here on this is the project's own environment, with every package in it.
    from config import commands

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    commands.run(sys.argv)


if __name__ == "__main__":
    main()
