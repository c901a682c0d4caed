"""What may a page load? Only what the hall itself serves."""

from collections.abc import Iterator

import pytest

from tests.running import RunningHall, on_database
from tests.test_access import RULES, browser_of, filled

pytestmark = pytest.mark.long

pytest_plugins = ["tests.looking"]
PAGES = [address for address, (method, _) in RULES.items() if method == "get"]


def policy(response) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


def test_a_page_runs_only_the_halls_own_scripts(cast, client):
    told = policy(client.get("/sign-in"))
    assert told["default-src"] == "'self'"
    assert told["frame-ancestors"] == "'none'"
    assert told["require-trusted-types-for"] == "'script'"
    assert "script-src" not in told


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/"])
def test_a_page_that_a_package_brings_may_run_what_it_needs(cast, client, page):
    told = policy(client.get(page))
    assert told["script-src"] == "'self' 'unsafe-eval' 'unsafe-inline'"
    assert "require-trusted-types-for" not in told


def test_no_page_may_be_framed_or_tell_other_hosts_where_somebody_was(cast, client):
    response = client.get("/sign-in")
    assert (response["X-Frame-Options"], response["Referrer-Policy"]) == ("DENY", "same-origin")


@pytest.mark.usefixtures("voices")
@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_ours_is_under_the_strict_policy(cast, address):
    ticket = cast.ticket()
    for role in ("nobody", "kiosk", "officer", "manager"):
        response = browser_of(cast, role).get(filled(address, ticket, ticket.visit.token))
        if not address.startswith("admin/"):
            told = policy(response)
            assert told["default-src"] == "'self'"
            assert told["require-trusted-types-for"] == "'script'"
            assert not {"script-src", "style-src"} & set(told)


# --- Hostile text -------------------------------------------------------------------------------

ATTACK = [
    "CREATE TABLE kept_agency AS SELECT id, short_name, name_id FROM agencies_agency",
    "CREATE TABLE kept_service AS SELECT id, name_id FROM agencies_service",
    "UPDATE agencies_agency SET short_name = '<img src=x onerror=hacked=1>'",
    "UPDATE agencies_agency SET name_id = '<script>window.hacked=1</script>{{7*7}}'",
    "UPDATE agencies_service SET name_id = '<img src=x onerror=window.hacked=1>{% now %}'",
]
MEND = [
    "UPDATE agencies_agency a SET short_name = k.short_name FROM kept_agency k WHERE k.id = a.id",
    "UPDATE agencies_agency a SET name_id = k.name_id FROM kept_agency k WHERE k.id = a.id",
    "UPDATE agencies_service s SET name_id = k.name_id FROM kept_service k WHERE k.id = s.id",
    "DROP TABLE kept_agency, kept_service",
]


@pytest.fixture
def hostile(hall: RunningHall) -> Iterator[RunningHall]:
    """A hall in which somebody gave the agencies and services names that attack."""
    on_database(hall.database_url, *ATTACK)
    yield hall
    on_database(hall.database_url, *MEND)


@pytest.mark.browser
@pytest.mark.xdist_group("display")
@pytest.mark.parametrize("path", ["kiosk", "display", "desk/1", "greeter", "manager", ""])
def test_a_name_that_attacks_is_only_text(hostile, look, path):
    hostile.take("A01"), hostile.press(1, "call-next")
    people = {"desk/1": hostile.demo["operators"][0], "greeter": hostile.demo["greeter"]}
    who = {**people, "manager": hostile.demo["manager"]}.get(path)
    page = look(path, who=who)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src=x]").count() == 0
