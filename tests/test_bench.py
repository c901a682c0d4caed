"""The benchmark tells the truth: its figures, its bars, and the scripts of its ceiling."""

import datetime as dt
import math

from tests.bench import page
from tests.bench.ceiling import script
from tests.bench.recording import Statement
from tests.bench.rows import Bar, Part, Row, markdown, percentile, ratio, summary

BARS = (Bar("of pgbench", 0.25, at_least=True), Bar("web CPU-ms", 3))
MOMENT = dt.datetime(2026, 11, 24, 2, 0, 7, tzinfo=dt.UTC)


def part_of(share: float) -> Part:
    return Part("Presses", [Row("issue", {"of pgbench": share, "web CPU-ms": 2}, BARS)])


def said(text: str, *row, names: str = "") -> Statement:
    return Statement(text, names.split(), [row] if row else [], is_inside=True)


def test_a_percentile_is_a_value_that_was_measured():
    assert [percentile([3, 1, 2, 4], share) for share in (0.01, 0.5, 0.95)] == [1, 2, 4]


def test_a_ratio_to_nothing_is_no_figure():
    assert ratio(1, 4) == 0.25
    assert math.isnan(ratio(1, 0))


def test_a_row_says_whether_its_bars_hold():
    line = markdown(part_of(0.3)).splitlines()[-1]
    assert line == "| issue | 0.30 | 2 | of pgbench ≥ 0.25, web CPU-ms ≤ 3 | holds |"
    assert summary([part_of(0.3)]) == "1 of 1 rows with a bar hold."


def test_a_missed_bar_is_named():
    short = part_of(0.2)
    assert markdown(short).endswith("**falls short** |\n")
    told = "0 of 1 rows with a bar hold. Short of a bar: *issue* (of pgbench ≥ 0.25)."
    assert summary([short]) == told


def test_a_figure_that_is_missing_or_none_has_not_held():
    bar = Bar("of raw", 1.5)
    assert not bar.holds({})
    assert not bar.holds({"of raw": math.nan})


def test_the_page_keeps_all_but_its_tables(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    page.renew(path, "new")
    assert path.read_text() == f"before\n{page.BEGIN}\nnew\n{page.END}\nafter\n"


def test_the_ceiling_hands_on_what_a_statement_gave():
    """An id, a moment, the version before the last; but no small number."""
    text = script(
        [
            said("INSERT INTO key VALUES ('once', 1)"),
            said("SELECT id, at FROM ticket", 7301, MOMENT, names="id id"),
            said("UPDATE hall SET n = 1 RETURNING version", 91003, names="version"),
            said("INSERT INTO event VALUES (7301, 91002, 91003, '2026-11-24T02:00:07+00:00', 3)"),
            said("""INSERT INTO log VALUES ('{"ticket":7301,"at":"03:7301"}')"""),
        ],
        {"once": "key-:nonce"},
    )
    assert text.splitlines()[1:] == [
        "BEGIN;",
        "INSERT INTO key VALUES ('key-:nonce', 1);",
        "SELECT * FROM (SELECT id, at FROM ticket) AS r(c0, c1) \\gset s1_",
        "UPDATE hall SET n = 1 RETURNING version \\gset s2_",
        "INSERT INTO event VALUES (:s1_c0, (:s2_version - 1), :s2_version, ':s1_c1', 3);",
        """INSERT INTO log VALUES ('{"ticket": :s1_c0,"at":"03:7301"}');""",
        "END;",
    ]
