"""What was tried, and what held? Every test with the marker `fault` is a row of one table.

    @pytest.mark.fault("T16", "Valkey killed under load", "no press fails; screens <= 3 s behind")
    def test_...(row):
        row["slowest_s"] = 0.4  # figures, as many as wanted

The table is printed after the run, and written to the folder of `--table` as JSON and Markdown
when that is given. `make faults` also puts it into docs/reliability.md.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- table: written by make faults -->", "<!-- end of table -->"
COLUMNS = ("row", "tried", "must hold", "held", "figures")
RANK = {"passed": 0, "skipped": 1, "failed": 2}


def pytest_addoption(parser: Any) -> None:
    parser.addoption("--table", type=Path, help="a folder for the table of faults")
    parser.addoption("--write-page", action="store_true", help="renew docs/reliability.md")


@pytest.fixture
def row(request: Any) -> dict[str, Any]:
    """The figures of this row of the table; of a test that is none, nobody reads them."""
    figures: dict[str, Any] = dict(request.node.user_properties).get("figures", {})
    return figures


def pytest_itemcollected(item: Any) -> None:
    mark = item.get_closest_marker("fault")
    if mark:
        told = dict(zip(("row", "tried", "must hold"), mark.args, strict=True))
        item.user_properties += [("fault", {**told, "test": item.nodeid}), ("figures", {})]


def told_of(report: Any) -> dict[str, Any] | None:
    """Return the row that a report tells of; xdist hands properties on as lists."""
    properties = dict(map(tuple, report.user_properties))
    if "fault" not in properties:
        return None
    return {**properties["fault"], "held": report.outcome, "figures": properties["figures"]}


class Table:
    """The rows of this run, each as its worst phase and case left it."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rows: dict[str, dict[str, Any]] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        row = told_of(report)
        if row is None:
            return
        test = row["test"].split("[")[0]  # the cases of a test are one row
        before = self.rows.get(test, row)
        worst = max(before["held"], row["held"], key=RANK.__getitem__)
        figures = before["figures"] | row["figures"]
        self.rows[test] = {**row, "test": test, "held": worst, "figures": figures}

    def in_order(self) -> list[dict[str, Any]]:
        return sorted(self.rows.values(), key=lambda row: (row["row"], row["test"]))

    def pytest_terminal_summary(self, terminalreporter: Any, config: Any) -> None:
        rows = self.in_order()
        if not rows:
            return
        if config.option.table:
            write(rows, self.seed, config.option.table)
        if config.option.write_page:
            renew_page(markdown(rows, self.seed))
        if config.option.table or config.option.write_page or config.option.verbose > 0:
            terminalreporter.section(f"faults, seed {self.seed}")
            terminalreporter.write_line(markdown(rows, self.seed))


def pytest_configure(config: Any) -> None:
    config.pluginmanager.register(Table(config.option.seed), "table-of-faults")


# --- How it is written --------------------------------------------------------------------------


def cells(row: dict[str, Any]) -> list[str]:
    figures = ", ".join(f"{name} {value}" for name, value in row["figures"].items())
    held = {"passed": "yes", "failed": "**no**", "skipped": "not tried"}[row["held"]]
    return [row["row"], row["tried"], row["must hold"], held, figures.replace("_", " ")]


def markdown(rows: list[dict[str, Any]], seed: int) -> str:
    lines = [list(COLUMNS), ["---"] * len(COLUMNS), *map(cells, rows)]
    held = sum(row["held"] == "passed" for row in rows)
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{table}\n\n{held} of {len(rows)} rows held; seed {seed}."


def write(rows: list[dict[str, Any]], seed: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told = {"seed": seed, "rows": rows}
    (folder / "faults.json").write_text(json.dumps(told, indent=1, ensure_ascii=False))
    (folder / "faults.md").write_text(markdown(rows, seed) + "\n")


def renew_page(table: str) -> None:
    old = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    new = f"{BEGIN}\n{table}\n{END}"
    PAGE.write_text(old.sub(lambda _: new, PAGE.read_text()))
