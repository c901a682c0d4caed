"""What was measured, which bar was set for it, and does it hold?"""

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Bar:
    """One figure of a row that may not pass a limit."""

    figure: str
    limit: float
    at_least: bool = False

    def holds(self, figures: Figures) -> bool:
        """A figure that is missing has not held."""
        value = figures.get(self.figure, math.nan)
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{self.figure} {'≥' if self.at_least else '≤'} {written(self.limit)}"


@dataclass(frozen=True)
class Row:
    name: str
    figures: Figures
    bars: Sequence[Bar] = ()

    @property
    def missed(self) -> list[Bar]:
        return [bar for bar in self.bars if not bar.holds(self.figures)]

    @property
    def verdict(self) -> str:
        if not self.bars:
            return ""
        return "holds" if not self.missed else "**falls short**"


@dataclass
class Part:
    """The rows of one question, in one table; `note` is what one must know to read it."""

    title: str
    rows: list[Row] = field(default_factory=list)
    note: str = ""


# --- Figures ------------------------------------------------------------------------------------


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of all values does not exceed."""
    return float(np.percentile(values, 100 * share, method="inverted_cdf"))


def middle(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def ratio(mine: float, other: float) -> float:
    """Return how many times the other one mine is; nan when there is nothing to compare with."""
    return mine / other if other else math.nan


def middle_of(rounds: Sequence[Figures]) -> dict[str, float]:
    """Return each figure's middle over several rounds of the same measurement."""
    return {name: middle([each[name] for each in rounds]) for name in rounds[0]}


# --- How it is written --------------------------------------------------------------------------


def written(value: float) -> str:
    """Write a figure with as many digits as it is worth."""
    if math.isnan(value):
        return "?"
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Return the names of all figures, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in row.figures))


def cells(row: Row, columns: Sequence[str]) -> list[str]:
    figures = [written(row.figures[name]) if name in row.figures else "" for name in columns]
    return [row.name, *figures, ", ".join(map(str, row.bars)), row.verdict]


def markdown(part: Part) -> str:
    columns = columns_of(part.rows)
    head = ["", *columns, "bar", ""]
    rule = ["---", *["--:"] * len(columns), "---", "---"]
    lines = [head, rule, *(cells(row, columns) for row in part.rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    note = f"{textwrap.fill(part.note, 110)}\n\n" if part.note else ""
    return f"### {part.title}\n\n{note}{table}\n"


def summary(parts: Sequence[Part]) -> str:
    """Say how many bars held, and name those that fall short."""
    barred = [row for part in parts for row in part.rows if row.bars]
    short = [row for row in barred if row.missed]
    told = f"{len(barred) - len(short)} of {len(barred)} rows with a bar hold."
    if not short:
        return told
    named = [f"*{row.name}* ({', '.join(map(str, row.missed))})" for row in short]
    return f"{told} Short of a bar: {'; '.join(named)}."


def as_json(part: Part) -> dict[str, object]:
    return {
        "title": part.title,
        "rows": [
            {
                "name": row.name,
                "figures": {name: rounded(value) for name, value in row.figures.items()},
                "bars": [
                    {"figure": bar.figure, "limit": bar.limit, "at_least": bar.at_least}
                    for bar in row.bars
                ],
                "holds": not row.missed if row.bars else None,
            }
            for row in part.rows
        ],
    }


def rounded(value: float) -> float | None:
    """JSON knows no nan."""
    return None if math.isnan(value) else round(value, 4)
