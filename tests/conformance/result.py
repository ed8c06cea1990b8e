"""The result of one part."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Result:
    """The count of one part.

    part          short name of the part
    wanted        number of `total` that must agree
    disagreements one line for each disagreement
    notes         skipped comparisons and their reasons; with a total of 0 the part did not run
    """

    part: str
    title: str
    agree: int
    total: int
    wanted: int
    disagreements: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return self.agree >= self.wanted
