"""Write the pages of the reference that are made from the code, or with --check [FOLDER] report what is out of date."""

import difflib
import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.all_apps"

import django

django.setup()

from tests.docs import model_language, reference  # noqa: E402

folder = Path(sys.argv[2]) if len(sys.argv) > 2 else reference.REFERENCE
for name, text in {**reference.pages(), **model_language.pages()}.items():
    path = folder / name
    if path.exists() and path.read_text("utf-8") == text:
        continue
    if "--check" in sys.argv:
        old = path.read_text("utf-8").splitlines() if path.exists() else []
        sys.stderr.writelines(
            f"{line}\n" for line in difflib.unified_diff(old, text.splitlines(), n=0, lineterm="")
        )
        sys.exit(f"docs/reference/{name} is out of date. Run: python3 -m tests.docs")
    path.write_text(text, "utf-8")
