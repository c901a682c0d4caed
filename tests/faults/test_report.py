"""The table of faults tells the truth: one row a test, as its worst phase and case left it."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.faults import report
from tests.faults.report import BEGIN, END, Table, markdown, renew_page

TESTS = Path(__file__).parent.parent
OURS = "01 02 03 04 05 09 10 11 15 16 17 20 21 22 23 26 28 29 30 32 34 48"


def a_report(outcome: str, case: str = "", **figures) -> SimpleNamespace:
    """What pytest tells of one phase of a test; through xdist pairs come as lists."""
    told = {"row": "T1", "tried": "a fault", "must hold": "all", "test": f"test_it{case}"}
    properties = [["fault", told], ["figures", figures]]
    return SimpleNamespace(outcome=outcome, user_properties=properties)


def table_of(*reports) -> list[dict]:
    table = Table(7)
    for each in reports:
        table.pytest_runtest_logreport(each)
    return table.in_order()


def test_a_row_that_held_says_so_with_its_figures():
    rows = table_of(a_report("passed", lost=0))
    assert "| T1 | a fault | all | yes | lost 0 |" in markdown(rows, 7)
    assert markdown(rows, 7).endswith("1 of 1 rows held; seed 7.")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_row_of_which_one_phase_failed_did_not_hold(place):
    phases = [a_report("passed") for _ in range(3)]
    phases[place] = a_report("failed")
    assert "| **no** |" in markdown(table_of(*phases), 7)


def test_the_cases_of_a_test_are_one_row_with_the_figures_of_all():
    (row,) = table_of(a_report("passed", "[a]", a=1), a_report("passed", "[b]", b=2))
    assert row["figures"] == {"a": 1, "b": 2}


def test_a_test_without_the_marker_is_no_row():
    assert table_of(SimpleNamespace(outcome="passed", user_properties=[])) == []


def test_the_page_keeps_all_but_its_table(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    monkeypatch.setattr(report, "PAGE", page)
    renew_page("new")
    assert page.read_text() == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_no_row_of_the_study_is_forgotten():
    told = "".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    rows = set(re.findall(r"mark\.fault\(\s*\"T(\d\d)\"", told))
    assert set(OURS.split()) <= rows
