"""Who may go where? Every address of the hall, for everybody who could knock."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, path

from queueing import helping
from queueing.access import COOKIES
from queueing.api import api
from queueing.models import Ticket, TicketEvent
from queueing.verbs import COUNTER_VERBS, QUEUE_VERBS, TICKET_VERBS
from tests.cast import Cast
from tests.programs import Program, refusal
from voice import packs

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("voices")]

ROLES = [
    "nobody",
    "kiosk",
    "display",
    "officer",
    "colleague",
    "supervisor",
    "greeter",
    "manager",
    "neighbour",
    "visitor",
]
"""The colleague works for agency B; the neighbour manages the hall next door; the visitor holds
the token of a visit. All the objects in the addresses belong to agency A."""
DEVICES = ["kiosk", "display"]
PEOPLE = ["officer", "colleague", "supervisor", "greeter", "manager", "neighbour"]

ALL = [200] * 10
NONE = [404] * 10
ONLY_WITH_TOKEN = [404] * 9 + [200]
GO = 302

RULES: dict[str, tuple[str, list[int]]] = {
    # address                                kiosk       colleague     greeter      neighbour
    #                                   nobody    display     supervisor    manager     visitor
    #                                              officer
    "": ("get", ALL),
    "health/live": ("get", ALL),
    "health/ready": ("get", ALL),
    "jsi18n/": ("get", ALL),
    "sign-in": ("get", ALL),
    "admin/login/": ("get", [GO] * 10),
    "lock": ("get", [GO] * 10),
    "second-factor": ("get", [GO, GO, GO, 403, 403, 403, 403, 200, 200, GO]),
    "sign-out": ("post", [GO] * 10),
    "home": ("get", [GO] * 10),
    "<slug:hall>/": ("get", ALL),
    "<slug:hall>/kiosk": ("get", [403, 200, 403, 403, 403, 403, 403, 403, 403, 403]),
    "<slug:hall>/desk": ("get", [GO, GO, GO, 200, 200, 200, 403, 200, 404, GO]),
    "<slug:hall>/desk/<int:number>": ("get", [GO, GO, GO, 200, 404, 200, 403, 200, 404, GO]),
    "<slug:hall>/desk/<int:number>/state.json": (
        "get",
        [401, 401, 401, 200, 404, 200, 403, 200, 404, 401],
    ),
    "<slug:hall>/display": ("get", ALL),
    "<slug:hall>/display/<slug:screen>": ("get", ALL),
    "<slug:hall>/lobby/logo.png": ("get", NONE),  # this hall has none
    "<slug:hall>/lobby/<int:pk>.<slug:digest>": ("get", NONE),  # nor any picture
    "<slug:hall>/manager": ("get", [GO, GO, GO, 403, 403, 200, 403, 200, 404, GO]),
    "<slug:hall>/manager/state.json": (
        "get",
        [401, 401, 401, 403, 403, 200, 403, 200, 404, 401],
    ),
    "<slug:hall>/manager/<slug:code>/line.json": (
        "get",
        [401, 401, 401, 403, 403, 200, 403, 200, 404, 401],
    ),
    "<slug:hall>/staff": ("get", [GO, GO, GO, 403, 403, 200, 403, 200, 404, GO]),
    "<slug:hall>/staff/<int:person>/<slug:verb>": (
        "post",
        [GO, GO, GO, 403, 403, GO, 403, GO, 404, GO],
    ),
    "<slug:hall>/audit": ("get", [GO, GO, GO, 403, 403, 200, 403, 200, 404, GO]),
    "<slug:hall>/report": ("get", [GO, GO, GO, 403, 403, 200, 403, 200, 404, GO]),
    "<slug:hall>/report.csv": ("get", [GO, GO, GO, 403, 403, 200, 403, 200, 404, GO]),
    "<slug:hall>/greeter": ("get", [GO, GO, GO, 403, 403, 403, 200, 200, 404, GO]),
    "<slug:hall>/calendar": ("get", [GO, GO, GO, 200, 200, 200, 200, 200, 404, GO]),
    "<slug:hall>/devices": ("get", [GO, GO, GO, 403, 403, 403, 403, 200, 404, GO]),
    "<slug:hall>/devices/screens": ("get", [GO, GO, GO, 403, 403, 403, 403, 200, 404, GO]),
    "<slug:hall>/devices/screens/check": (
        "post",
        [GO, GO, GO, 403, 403, 403, 403, GO, 404, GO],
    ),
    "<slug:hall>/devices/screens/state.json": (
        "get",
        [GO, GO, GO, 403, 403, 403, 403, 200, 404, GO],
    ),
    "<slug:hall>/devices/<int:device>/screen": (
        "get",
        [GO, GO, GO, 403, 403, 403, 403, 404, 404, GO],  # the device is a kiosk
    ),
    "<slug:hall>/devices/<int:device>": (
        "get",
        [GO, GO, GO, 403, 403, 403, 403, 200, 404, GO],
    ),
    "<slug:hall>/devices/<int:device>/state.json": (
        "get",
        [GO, GO, GO, 403, 403, 403, 403, 200, 404, GO],
    ),
    "<slug:hall>/devices/<int:device>/lock": (
        "post",
        [GO, GO, GO, 403, 403, 403, 403, GO, 404, GO],
    ),
    "<slug:hall>/devices/<int:device>/test": (
        "post",
        [GO, GO, GO, 403, 403, 403, 403, GO, 404, GO],
    ),
    "<slug:hall>/devices/<int:device>/rename": (
        "post",
        [GO, GO, GO, 403, 403, 403, 403, GO, 404, GO],
    ),
    "<slug:hall>/devices/<int:device>/revoke": (
        "post",
        [GO, GO, GO, 403, 403, 403, 403, GO, 404, GO],
    ),
    "<slug:hall>/pair/<slug:kind>": ("get", ALL),
    "<slug:hall>/pair/<slug:kind>/state.json": ("get", ALL),
    "<slug:hall>/voice/<slug:language>/manifest.json": ("get", ALL),
    "<slug:hall>/voice/<slug:language>/reading.json": ("get", ALL),
    "<slug:hall>/voice/<slug:language>/example.wav": ("get", ALL),
    "<slug:hall>/voice/<slug:language>/<slug:name>.<slug:digest>.wav": ("get", ALL),
    "v/<slug:token>": ("get", ONLY_WITH_TOKEN),
    "v/<slug:token>/qr.svg": ("get", ONLY_WITH_TOKEN),
    "v/<slug:token>/survey": ("get", [*[404] * 9, 409]),  # the number is not served yet
    "<slug:hall>/survey": ("get", [403] * 10),  # tablets only: tests/test_survey_tablet.py
    "<slug:hall>/skm": ("get", ALL),
    "<slug:hall>/skm/report": ("get", [GO, GO, GO, 403, 403, 200, 403, 200, 404, GO]),
    "<slug:hall>/skm/report.csv": (
        "get",
        [GO, GO, GO, 403, 403, 404, 403, 404, 404, GO],  # nobody has answered
    ),
    "v/<slug:token>/slip": ("get", ONLY_WITH_TOKEN),
    "v/<slug:token>/slip/<uuid:ticket_id>": ("get", ONLY_WITH_TOKEN),
    "<slug:hall>/accuracy": ("get", ALL),
    "<slug:hall>/slip": ("get", [403, 200, 403, 403, 403, 403, 403, 200, 404, 403]),
    "<slug:hall>/slip/receipt": ("get", [403, 200, 403, 403, 403, 403, 403, 200, 404, 403]),
    "<slug:hall>/slip/logo.png": ("get", NONE),  # this hall has none
    "<slug:hall>/slip/preview": ("get", [GO, GO, GO, 403, 403, 403, 403, 200, 404, GO]),
    "metrics": ("get", ALL),  # of this machine; tests/test_metrics.py
    "api/v1/": ("get", NONE),
    "api/v1/openapi.json": ("get", ALL),
    "api/v1/docs": ("get", ALL),
    "api/v1/halls/<slug:hall>/catalogue": ("get", ALL),
    "api/v1/halls/<slug:hall>/board": ("get", ALL),
    "api/v1/halls/<slug:hall>/services/<slug:code>/outlook": ("get", ALL),
    "api/v1/halls/<slug:hall>/visits": (
        "post",
        [401, 201, 403, 403, 403, 403, 201, 201, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/counters/<int:number>/<verb>": (
        "post",
        [401, 403, 403, 200, 404, 200, 403, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/queues/<slug:code>/<verb>": (
        "post",
        [401, 403, 403, 200, 404, 200, 403, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/tickets/<uuidstr:ticket_id>/slips": (
        "post",
        [401, 201, 403, 403, 403, 403, 201, 201, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/tickets/<uuidstr:ticket_id>/reprint": (
        "post",
        [401, 403, 403, 403, 403, 403, 201, 201, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/kiosks/seen": (
        "post",
        [401, 200, 403, 403, 403, 403, 403, 403, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/tickets/<uuidstr:ticket_id>/<verb>": (
        "post",
        [401, 403, 403, 200, 404, 200, 200, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/help": (
        "post",
        [401, 201, 403, 403, 403, 403, 403, 403, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/help/<uuidstr:call_id>": (
        "get",
        [401, 200, 403, 403, 403, 403, 200, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/help/<uuidstr:call_id>/answer": (
        "post",
        [401, 403, 403, 403, 403, 403, 200, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/alerts": (
        "get",
        [401, 403, 403, 403, 403, 200, 200, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/tickets": (
        "get",
        [401, 403, 403, 403, 403, 403, 200, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/events": (
        "get",
        [401, 403, 403, 403, 403, 403, 403, 200, 404, 401],
    ),
    "api/v1/halls/<slug:hall>/displays/shown": (
        "post",
        [401, 403, 409, 403, 403, 403, 403, 403, 404, 401],  # the order is of another epoch
    ),
    "api/v1/halls/<slug:hall>/displays/seen": (
        "post",
        [401, 403, 200, 403, 403, 403, 403, 403, 404, 401],
    ),
    "api/v1/visits/<slug:token>": ("get", ONLY_WITH_TOKEN),
    "api/v1/visits/<slug:token>/order": ("post", [404] * 9 + [409]),  # one errand, no order
    "api/v1/visits/<slug:token>/tickets/<uuidstr:ticket_id>/cancel": ("post", ONLY_WITH_TOKEN),
    "api/v1/visits/<slug:token>/tickets/<uuidstr:ticket_id>/<verb>": ("post", ONLY_WITH_TOKEN),
    "api/v1/visits/<slug:token>/push": ("post", [404] * 9 + [409]),  # the hall sends nothing
    "api/v1/visits/<slug:token>/push/stop": ("post", ONLY_WITH_TOKEN),
}
"""Address -> method, and the status for each of ROLES in their order."""

ORDERS = {
    "api/v1/halls/<slug:hall>/visits": {"services": ["A01"]},
    "api/v1/halls/<slug:hall>/tickets/<uuidstr:ticket_id>/<verb>": {"service": "A02"},
    "api/v1/visits/<slug:token>/order": lambda ticket: {"tickets": [str(ticket.public_id)]},
    "api/v1/halls/<slug:hall>/help": {"kind": "wheelchair"},
    "api/v1/visits/<slug:token>/push": {"endpoint": "x", "keys": {"p256dh": "x", "auth": "x"}},
    "api/v1/visits/<slug:token>/push/stop": {"endpoint": "x"},
    "api/v1/visits/<slug:token>/tickets/<uuidstr:ticket_id>/<verb>": {
        "reason": "prayer",
        "minutes": 5,
    },
    "api/v1/halls/<slug:hall>/tickets/<uuidstr:ticket_id>/slips": {"outcome": "printed"},
    "api/v1/halls/<slug:hall>/displays/shown": {"epoch": "x", "version": 1},
    "<slug:hall>/devices/<int:device>/rename": {"name": "kiosk 2"},
    "<slug:hall>/staff/<int:person>/<slug:verb>": {"active": "1"},
}


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Return every address that leads anywhere; the admin is counted as one."""
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern) or address == "admin/":
            yield address
        else:
            yield from addresses(pattern.url_patterns, address)


def without_rule(patterns: list[Any]) -> set[str]:
    return set(addresses(patterns)) - set(RULES) - {"admin/"}


# --- The table and the addresses ----------------------------------------------------------------


def test_every_address_has_a_rule():
    assert without_rule(get_resolver().url_patterns) == set()


def test_every_rule_has_an_address():
    assert set(RULES) - set(addresses(get_resolver().url_patterns)) == set()


def test_a_new_address_without_a_rule_is_noticed():
    patterns = [*get_resolver().url_patterns, path("<slug:hall>/secrets", lambda request: None)]
    assert without_rule(patterns) == {"<slug:hall>/secrets"}


def test_a_new_call_of_the_api_without_a_rule_is_noticed():
    calls = {(method, rule) for rule, (method, _) in RULES.items() if rule.startswith("api/v1/")}
    documented = {
        (method, plain(address)[1:])
        for address, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    own = {("get", f"api/v1/{name}") for name in ("", "openapi.json", "docs")}
    assert {(method, plain(rule)) for method, rule in calls - own} == documented


def plain(address: str) -> str:
    """Return an address with every name in it written the same, however it is converted."""
    for converter in ("slug:", "int:", "uuidstr:", "uuid:"):
        address = address.replace(f"<{converter}", "{")
    return address.replace("<", "{").replace(">", "}")


# --- Everybody at every address -----------------------------------------------------------------


def filled(address: str, ticket: Ticket, token: str) -> str:
    """Return the address with A's objects in it."""
    verbs = {
        "visits": "step-away",
        "tickets": "change-service",
        "queues": "incident",
        "staff": "active",
    }
    verb = next((verbs[each] for each in verbs if f"/{each}/" in address), "open")
    names = {"hall": ticket.hall.slug, "number": "1", "verb": verb, "screen": "agency-a"}
    names |= {
        "code": "A" if "/queues/" in address or "line.json" in address else "A01",
        "pk": "1",
        "kind": "kiosk",
        "device": str(ticket.visit.device_id),
    }
    names |= {"language": "id", "name": "satu", "digest": packs.clips_of("id")["satu"].digest}
    names |= {"token": token, "ticket_id": str(ticket.public_id)}
    names |= {"person": str(ticket.hall.operators.get(username__endswith="-officer").pk)}
    visit = ticket.visit
    call = visit.help_calls.first() or helping.ask(visit.device, "sign", visit)
    names |= {"call_id": str(call.public_id)}
    query = f"?label={ticket.label}" if address.endswith("/tickets") else ""
    return "/" + plain(address).format(**names) + query


def browser_of(cast: Cast, role: str, **options: Any) -> Client:
    """Return the browser of a person who has signed in, or that was paired as a device."""
    browser = Client(**options)
    if role in DEVICES:
        browser.cookies[COOKIES[role]] = cast.key(role)
    elif role in PEOPLE:
        browser.force_login(getattr(cast, role))
    return browser


def knock(cast: Cast, role: str, address: str, ticket: Ticket) -> int:
    """Go there as a person by browser, or to the API as a program by key; return the status."""
    method, _ = RULES[address]
    sent = filled(address, ticket, ticket.visit.token if role == "visitor" else "x" * 22)
    if not address.startswith("api/"):
        return getattr(browser_of(cast, role), method)(sent, ORDERS.get(address)).status_code
    program = Program(cast, role if role in DEVICES + PEOPLE else "")
    if method == "get":
        return program.get(sent).status_code
    order = ORDERS.get(address)
    return program.post(sent, order(ticket) if callable(order) else order).status_code


@pytest.fixture
def whole_cast(cast, next_door) -> Cast:
    """The cast, with the manager of the hall next door among its people."""
    cast.neighbour = next_door.manager
    own = cast.key
    cast.key = lambda name: next_door.key("manager") if name == "neighbour" else own(name)
    return cast


@pytest.mark.parametrize("address", RULES)
def test_everybody_gets_where_they_may_and_no_further(whole_cast, address):
    ticket = whole_cast.ticket()
    seen = {role: knock(whole_cast, role, address, ticket) for role in ROLES}
    assert seen == dict(zip(ROLES, RULES[address][1], strict=True))


@pytest.mark.parametrize("role", ["nobody", *DEVICES, *PEOPLE])
def test_the_admin_is_the_managers(whole_cast, role):
    response = browser_of(whole_cast, role).get("/admin/")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/admin/login/?next=/admin/",
    )


def test_a_manager_with_a_staff_mark_opens_the_admin(cast):
    cast.manager.is_staff = True
    cast.manager.save()
    assert browser_of(cast, "manager").get("/admin/").status_code == 200


# --- Every button -------------------------------------------------------------------------------

BUTTONS = [f"counters/1/{verb}" for verb in COUNTER_VERBS]
QUEUE_BUTTONS = [f"queues/A/{verb}" for verb in QUEUE_VERBS]
TICKET_BUTTONS = [f"tickets/{{ticket}}/{verb}" for verb in TICKET_VERBS]
REFUSED = {
    "nobody": (401, "not_known"),
    "kiosk": (403, "not_yours"),
    "display": (403, "not_yours"),
    "colleague": (404, "not_found"),
    "neighbour": (404, "not_found"),
}
ORDER = {"queue": "B", "service": "B01", "reason": "x"}


@pytest.mark.parametrize("button", [*BUTTONS, *QUEUE_BUTTONS, *TICKET_BUTTONS])
def test_no_button_of_agency_a_works_for_others(whole_cast, button):
    ticket = whole_cast.ticket()
    address = button.format(ticket=ticket.public_id)
    order = {**ORDER, "ticket": str(ticket.public_id)}
    for role, told in REFUSED.items():
        program = Program(whole_cast, "" if role == "nobody" else role)
        assert refusal(program.post(address, order)) == told
    assert not TicketEvent.objects.exclude(kind="issue").exists()


@pytest.mark.parametrize("button", [*BUTTONS, *QUEUE_BUTTONS])
def test_the_greeter_works_at_no_counter(cast, button):
    assert refusal(Program(cast, "greeter").post(button, ORDER)) == (403, "not_yours")


@pytest.fixture
def assigned(cast) -> Cast:
    """The officer was assigned to counter 2 of agency A, which also has counter 1."""
    cast.officer.counter = cast.counter(2)
    cast.officer.save()
    return cast


@pytest.mark.parametrize("verb", COUNTER_VERBS)
def test_an_officer_presses_nothing_at_another_counter_than_the_assigned(assigned, verb):
    response = Program(assigned, "officer").post(f"counters/1/{verb}", ORDER)
    assert refusal(response) == (403, "not_yours")
    assert response.json()["message"] == "Anda bertugas di loket 2."


def test_an_officer_works_at_the_assigned_counter_and_others_at_any(assigned):
    places = {"officer": {1: 403, 2: 200, 3: 404}, "supervisor": {1: 200, 2: 200, 3: 404}}
    places |= {"manager": {1: 200, 2: 200, 3: 200}, "colleague": {1: 404, 2: 404, 3: 200}}
    for role, counters in places.items():
        program = Program(assigned, role)
        told = {at: program.post(f"counters/{at}/open").status_code for at in counters}
        assert (role, told) == (role, counters)


def test_a_change_of_shift_is_a_new_assignment(assigned):
    assigned.officer.counter = assigned.counter(1)
    assigned.officer.save()
    assert Program(assigned, "officer").post("counters/1/open").status_code == 200


def test_the_greeter_may_mend_and_cancel_but_not_move_people(cast):
    greeter, ticket = Program(cast, "greeter"), cast.ticket()
    told = {
        verb: greeter.post(f"tickets/{ticket.public_id}/{verb}", {"service": "A02"}).status_code
        for verb in ("resume", "transfer", "reinstate", "change-service", "prioritise", "cancel")
    }
    assert told == {
        "resume": 403,
        "transfer": 403,
        "reinstate": 409,
        "change-service": 200,
        "prioritise": 422,
        "cancel": 200,
    }


def test_an_officer_calls_no_number_of_another_agency(cast):
    order = {"ticket": str(cast.ticket("B01").public_id), "reason": "x"}
    response = Program(cast, "officer").post("counters/1/call", order)
    assert refusal(response) == (404, "not_found")


def test_a_counter_that_does_not_exist_and_one_of_another_agency_look_the_same(cast):
    officer = Program(cast, "officer")
    assert officer.post("counters/3/open").json() == officer.post("counters/9/open").json()


def test_an_officer_never_sees_the_ticket_ids_of_another_agency(cast):
    theirs = [cast.ticket("B01"), *cast.visit("A01", "B01")]
    hidden = {str(each.public_id) for each in theirs if each.queue.code == "B"}
    cast.call(1)
    told = "".join(everything_for(cast, "officer"))
    assert {public_id for public_id in hidden if public_id in told} == set()


def everything_for(cast: Cast, role: str) -> Iterator[str]:
    """Return all that this person can read, by browser and by program."""
    browser, program, ticket = browser_of(cast, role), Program(cast, role), cast.ticket()
    for address, (method, _) in RULES.items():
        for number in ("1", "3"):
            if method == "get" and "token" not in address:
                sent = filled(address.replace("<int:number>", number), ticket, "")
                yield browser.get(sent).content.decode(errors="replace")
                yield program.get(sent).content.decode(errors="replace")
    for verb in COUNTER_VERBS:
        yield program.post(f"counters/1/{verb}", {**ORDER, "reason": ""}).content.decode()


# --- Keys, cookies, sessions --------------------------------------------------------------------


def press(browser: Client, button: str, order: Any = None, **headers: str) -> Any:
    """Press a button of the hall in a browser, with these headers."""
    address = f"/api/v1/halls/hall/{button}"
    headers = {"Idempotency-Key": "x", **headers}
    return browser.post(address, order or {}, "application/json", headers=headers)


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        "Bearer key-hall-officer key-hall-officer",
        "Basic a2V5LWhhbGwtb2ZmaWNlcg==",
        "key-hall-officer",
        "Token key-hall-officer",
        "Bearer k\u00e9y",
        "Bearer " + "x" * 8000,
    ],
)
def test_a_key_that_nobody_has_is_not_known(cast, authorization):
    browser = browser_of(cast, "officer")
    response = press(browser, "counters/1/open", Authorization=authorization)
    assert refusal(response) == (401, "not_known")


@pytest.mark.parametrize("authorization", ["", " ", " key-hall-manager"])
def test_an_empty_header_is_no_key(cast, authorization):
    response = press(browser_of(cast, "officer"), "counters/1/open", Authorization=authorization)
    assert response.status_code == 200


def test_what_is_for_people_passes_a_program_by(cast):
    of_program = Program(cast, "officer").get("events").wsgi_request
    of_person = browser_of(cast, "manager").get("/api/v1/halls/hall/events").wsgi_request
    for known in ("session", "user", "_messages"):
        assert hasattr(of_person, known)
        assert not hasattr(of_program, known)


def test_a_key_makes_no_page_forget_who_is_signed_in(cast):
    page = browser_of(cast, "manager").get("/hall/manager", headers={"Authorization": "Bearer x"})
    assert page.status_code == 200


def test_the_word_bearer_may_be_written_in_any_case(cast):
    headers = {"Authorization": "bearer key-hall-manager"}
    assert Client().get("/api/v1/halls/hall/events", headers=headers).status_code == 200


def test_an_empty_key_opens_nothing_though_most_people_have_none(cast):
    cast.officer.key_hash = None
    cast.officer.save()
    for key in ("", "None", "null"):
        headers = {"Authorization": f"Bearer {key}"}
        response = Client().get("/api/v1/halls/hall/events", headers=headers)
        assert refusal(response) == (401, "not_known")


@pytest.mark.parametrize("role", ["officer", "supervisor", "greeter", "manager", *DEVICES])
def test_somebody_who_left_is_not_known(cast, role):
    program, browser = Program(cast, role), browser_of(cast, role)
    left = getattr(cast, role)
    left.is_active = False
    left.save()
    assert refusal(program.get("events")) == (401, "not_known")
    response = press(browser, "visits", {"services": ["A01"]})
    assert refusal(response) == (401, "not_known")


PRESSES = [
    ("officer", "counters/1/open", {}, 200),
    ("supervisor", "counters/1/open", {}, 200),
    ("manager", "counters/1/open", {}, 200),
    ("greeter", "visits", {"services": ["A01"]}, 201),
    ("kiosk", "visits", {"services": ["A01"]}, 201),
    ("display", "displays/shown", {"epoch": "x", "version": 1}, 409),
]


@pytest.mark.parametrize(("role", "button", "order", "status"), PRESSES)
def test_a_cookie_counts_only_with_a_csrf_token(cast, role, button, order, status):
    browser = browser_of(cast, role, enforce_csrf_checks=True)
    assert refusal(press(browser, button, order)) == (403, "not_yours")
    token = browser.get("/sign-in").cookies["csrftoken"].value
    assert press(browser, button, order, **{"X-CSRFToken": token}).status_code == status


def test_a_csrf_token_of_somebody_else_does_not_help(cast):
    browser = browser_of(cast, "officer", enforce_csrf_checks=True)
    browser.get("/sign-in")
    foreign = Client().get("/sign-in").cookies["csrftoken"].value
    response = press(browser, "counters/1/open", **{"X-CSRFToken": foreign})
    assert refusal(response) == (403, "not_yours")


def test_a_key_needs_no_csrf_token(cast):
    browser = Client(enforce_csrf_checks=True)
    response = press(browser, "counters/1/open", Authorization="Bearer key-hall-officer")
    assert response.status_code == 200


@pytest.mark.parametrize("role", DEVICES)
def test_a_devices_cookie_opens_only_what_the_device_is_for(cast, role):
    browser = browser_of(cast, role)
    foreign = {"kiosk": "displays/shown", "display": "visits"}[role]
    order = {"services": ["A01"], "epoch": "x", "version": 1}
    for button in (foreign, "counters/1/open"):
        assert refusal(press(browser, button, order)) == (401, "not_known")


def test_a_cookie_of_one_kind_of_device_is_none_of_the_other(cast):
    browser = Client()
    browser.cookies[COOKIES["kiosk"]] = cast.key("display")
    response = press(browser, "visits", {"services": ["A01"]})
    assert refusal(response) == (401, "not_known")


# --- Pairing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DEVICES)
def test_a_browser_is_paired_by_the_devices_key(cast, kind):
    browser = Client()
    response = browser.get(f"/hall/{kind}?pair={cast.key(kind)}")
    cookie = response.cookies[COOKIES[kind]]
    assert (response.status_code, response.headers["Location"]) == (302, f"/hall/{kind}")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert browser.get(f"/hall/{kind}").status_code == 200


@pytest.mark.parametrize("key", ["wrong", "", "key-next-door-kiosk", "key-hall-manager", "%00"])
def test_a_wrong_key_pairs_nothing(cast, next_door, key):
    browser = Client()
    browser.get(f"/hall/kiosk?pair={key}")
    assert not browser.cookies.get(COOKIES["kiosk"])
    assert browser.get("/hall/kiosk").status_code == 403


def test_a_device_that_was_sent_away_is_paired_no_more(cast):
    cast.kiosk.is_active = False
    cast.kiosk.save()
    assert browser_of(cast, "kiosk").get("/hall/kiosk").status_code == 403
    assert not Client().get(f"/hall/kiosk?pair={cast.key('kiosk')}").cookies


def test_a_kiosk_of_the_hall_next_door_is_none_here(cast, next_door):
    browser = browser_of(next_door, "kiosk")
    assert browser.get("/hall/kiosk").status_code == 403
    response = press(browser, "visits", {"services": ["A01"]})
    assert refusal(response) == (404, "not_found")
