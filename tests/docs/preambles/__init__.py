"""Names that code blocks use without declaring them. A page with such blocks has a file, at the page's path.

Names come from the reader's own app, or from code that the page describes in words.
"""

from pathlib import Path

PREAMBLES = Path(__file__).parent
