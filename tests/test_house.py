"""The house keeps its own rules: one writer, one clock, one word for a thing, small rooms."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from queueing import lifecycle
from queueing.models import Ticket

REPOSITORY = Path(__file__).parent.parent
CODE = [
    path
    for folder in ("mpp", "agencies", "voice", "queueing", "survey")
    for path in sorted((REPOSITORY / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEXTS = [
    path
    for folder in ("templates", "static", "locale", "agencies", "voice", "queueing", "survey")
    for path in sorted((REPOSITORY / folder).rglob("*"))
    if path.suffix in {".html", ".js", ".css", ".py", ".po", ".csv"} and path.name != "aliases.csv"
]
TABLES = ("agencies", "voice", "queueing", "survey")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "handler", "services", "misc"}

WRITES_TICKETS = re.compile(r"(INSERT INTO|UPDATE) queueing_ticket\b")


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def functions() -> list[tuple[str, int]]:
    """Every function of the product with its length in lines."""
    return [
        (f"{named(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def writes_a_state(node: ast.AST) -> bool:
    """Whether this is a ticket made, a state assigned, or an update that names a state."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(WRITES_TICKETS.search(node.value))
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(each, ast.Attribute) and each.attr == "state" for each in targets)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr in {"update", "update_or_create", "bulk_update"}:
        return any(keyword.arg == "state" for keyword in node.keywords)
    return ast.unparse(node.func) in {"Ticket.objects.create", "Ticket.objects.bulk_create"}


def test_only_the_lifecycle_writes_the_state_of_a_ticket():
    writers = {
        named(path)
        for path in CODE
        if any(writes_a_state(node) for node in ast.walk(ast.parse(path.read_text())))
    }
    names = ("arriving", "issuing", "moves")
    assert writers == {f"queueing/lifecycle/{name}.py" for name in names}


def test_only_the_clock_asks_for_the_time():
    asks = re.compile(r"timezone\.now|datetime\.now|date\.today|utcnow|localdate|time\.time\(")
    assert [named(path) for path in CODE if asks.search(path.read_text())] == []


def test_no_press_hands_work_to_the_broker():
    """The beat alone sends jobs, so a hung broker can delay nobody (T34)."""
    sends = re.compile(r"\.delay\(|apply_async|send_task")
    assert [named(path) for path in CODE if sends.search(path.read_text())] == []


def test_no_room_is_called_by_a_word_that_says_nothing():
    assert [named(path) for path in CODE if path.stem in FORBIDDEN_NAMES] == []


def test_no_module_is_longer_than_400_lines():
    assert [named(path) for path in CODE if len(path.read_text().splitlines()) > 400] == []


def test_no_function_is_longer_than_40_lines():
    assert [name for name, length in functions() if length > 40] == []


def test_nine_functions_of_ten_have_at_most_20_lines():
    lengths = sorted(length for _, length in functions())
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 20


@pytest.mark.parametrize("word", ["antrian", "silahkan"])
def test_citizens_read_the_standard_spelling(word):
    assert [named(path) for path in TEXTS if word in path.read_text().lower()] == []


def told_words(heading: str) -> set[str]:
    """The words of a section of docs/words.md, as they stand in its first column or its line."""
    section = (REPOSITORY / "docs/words.md").read_text().split(f"## {heading}\n")[1].split("##")[0]
    return set(re.findall(r"\b[a-z_]+\b", section.split("Verb", 1)[0]))


def test_the_glossary_names_every_state_and_every_verb():
    states = set(Ticket.State.values)
    verbs = set(lifecycle.MOVES) - {"reroute"} | {"issue", "open", "break", "close"}
    assert states <= told_words("States")
    assert verbs <= told_words("Verbs")


def test_every_module_of_the_product_stands_in_the_map_of_the_house():
    text = (REPOSITORY / "docs/architecture.md").read_text()
    rooms = {path.name for path in (REPOSITORY / "queueing").glob("*.py")}
    missing = rooms - {"__init__.py", "apps.py", "admin.py"} - set(re.findall(r"\w+\.py", text))
    assert missing == set()


def test_templates_carry_no_script_and_no_style():
    inline = re.compile(r"<script(?![^>]*\ssrc=)|<style|<[^%>]*\s(style|on\w+)=")
    pages = sorted((REPOSITORY / "templates").rglob("*.html"))
    assert [named(path) for path in pages if inline.search(path.read_text())] == []


def test_nothing_is_loaded_from_outside_the_hall():
    outside = re.compile(r"(src|href)=\"(https?:)?//|@import|url\((https?:)?//")
    files = [path for path in TEXTS if path.suffix in {".html", ".css", ".js"}]
    assert [named(path) for path in files if outside.search(path.read_text())] == []


def test_pages_never_build_html_from_text():
    unsafe = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(")
    modules = sorted((REPOSITORY / "static").rglob("*.js"))
    assert [named(path) for path in modules if unsafe.search(path.read_text())] == []


def test_the_database_keeps_each_promise_of_the_models(db):
    """Django alters a column and may take away a constraint that is of this column alone."""
    ours = [model for name in TABLES for model in apps.get_app_config(name).get_models()]
    promised = {
        (model._meta.db_table, promise.name)  # noqa: SLF001 - Django documents it
        for model in ours
        for promise in [*model._meta.constraints, *model._meta.indexes]  # noqa: SLF001
    }
    kept = {
        (table, name)
        for table in {table for table, _ in promised}
        for name in connection.introspection.get_constraints(connection.cursor(), table)
    }
    assert len(promised) > 50
    assert promised - kept == set()
