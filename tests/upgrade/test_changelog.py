"""CHANGELOG.md has a form that `podium upgrade` reads."""

from __future__ import annotations

from pathlib import Path

import pytest

import podium
from podium.core import project
from podium.upgrade import changelog, versions

SAMPLE = """\
# Changelog

A line that is not an entry.

## 0.3.0 - unreleased

### Changed

- **Breaking: do this**: write `b` instead of
  `a`.
- Faster.

## 0.2.0 - 2026-12-01

### Added

- A setting. **Breaking: do this**: set it.

## 0.1.0 - 2026-11-30

### Added

- **Breaking: do this**: start over.
"""


def test_entries_have_their_kind_text_and_action():
    newest, *_ = changelog.parse(SAMPLE)
    assert (newest.version, newest.date) == ("0.3.0", "unreleased")
    breaking, other = newest.entries
    assert breaking == changelog.Entry(
        "Changed", "**Breaking: do this**: write `b` instead of `a`.", ("write `b` instead of `a`.",), 9
    )
    assert other.actions == ()
    assert newest.breaking == (breaking,)


def test_between_takes_what_is_new_in_the_order_of_time():
    releases = changelog.parse(SAMPLE)
    assert [each.version for each in changelog.between(releases, "0.1.0", "0.3.0")] == ["0.2.0", "0.3.0"]
    assert [each.version for each in changelog.between(releases, "0.2.0", "0.2.1")] == []
    assert changelog.between(releases, "0.3.0", "0.1.0") == []


def test_shown_says_what_to_do_by_version():
    shown = changelog.shown(changelog.between(changelog.parse(SAMPLE), "0.1.0", "0.3.0"))
    assert shown.index("Breaking changes in 0.2.0:") < shown.index("  - A setting. Do this: set it.")
    assert shown.index("Breaking changes in 0.3.0:") < shown.index("  - write `b` instead of `a`.")
    assert "start over" not in shown


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("## Unreleased\n", "CHANGELOG.md:1: expected `## VERSION - YYYY-MM-DD`"),
        ("## 0.1.0 - 2026-11-30\n\n### News\n", "CHANGELOG.md:3: expected one of Added, Changed"),
        ("## 0.1.0 - 2026-11-30\n\n- Loose.\n", "CHANGELOG.md:3: expected a heading"),
        (
            "## 0.1.0 - 2026-11-30\n\n### Added\n\n- **Breaking: do this**\n",
            "CHANGELOG.md:5: expected `: ` and an instruction",
        ),
        ("## 0.1.0 - 2026-11-30\n\n## 0.2.0 - 2026-11-30\n", "the newest first"),
        ("## 0.2.0 - 2026-11-30\n\n## 0.1.0 - unreleased\n", "only the newest version"),
    ],
)
def test_a_file_that_can_not_be_read_says_where(wrong, message):
    with pytest.raises(changelog.ChangelogError) as refused:
        changelog.parse(wrong)
    assert message in str(refused.value)


def test_versions_are_ordered():
    rising = ["0.1.0", "0.2.0.dev1", "0.2.0rc1", "0.2.0", "0.2.0.post1", "0.2.1", "0.10.0", "1.0"]
    assert sorted(reversed(rising), key=versions.key) == rising
    assert versions.key("1.0") == versions.key("1.0.0")
    with pytest.raises(ValueError, match="not a version"):
        versions.key("newest")


def test_our_changelog_begins_with_this_version():
    releases = changelog.parse(changelog.shipped(project.PACKAGES))
    assert releases[0].version == podium.__version__
    assert releases[-1].version == "0.1.0"


def test_each_breaking_entry_of_ours_says_what_to_do():
    text = (Path(project.ROOT) / "CHANGELOG.md").read_text()
    entries = [entry for release in changelog.parse(text) for entry in release.breaking]
    assert (
        sum(len(entry.actions) for entry in entries) == text.count(changelog.MARK) - 1
    )  # its explanation on top
    for entry in entries:
        for action in entry.actions:
            assert len(action.split()) >= 3 and action.endswith((".", "`.", ")")), (
                f"CHANGELOG.md:{entry.line}: {action}"
            )
