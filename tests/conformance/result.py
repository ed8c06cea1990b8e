"""What one part found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Result:
    """The count of one part.

    part          its short name
    wanted        how many of `total` must agree
    disagreements one line for each that does not
    notes         what was not compared, and why; with a total of 0 the part did not run
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
