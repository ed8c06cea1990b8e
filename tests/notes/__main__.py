"""Write the app's Python from its model files."""

from tests.notes import generated

for path, text in generated.sources().items():
    path.write_text(text, encoding="utf-8")
