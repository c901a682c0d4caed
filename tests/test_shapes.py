"""The OpenAPI document says what the API really answers: no key more, no key less."""

import pytest

from queueing import care, shapes
from tests.programs import Program


def same_keys(told, shape) -> bool:
    return set(told) == {field.alias or name for name, field in shape.model_fields.items()}


@pytest.fixture
def busy(cast):
    """Somebody waits, somebody is called, and all of it is in the log."""
    cast.ticket("A01"), cast.ticket("A01")
    cast.call(1)
    return cast


def test_the_board_is_as_documented(busy):
    board = Program(busy, "manager").get("board").json()
    shapes.Board.model_validate(board)
    assert same_keys(board, shapes.Board)
    assert same_keys(board["queues"][0], shapes.BoardQueue)
    assert same_keys(board["counters"][0], shapes.BoardCounter)
    assert same_keys(board["counters"][0]["ticket"], shapes.BoardTicket)
    assert same_keys(board["calls"][0], shapes.BoardCall)


def test_the_catalogue_is_as_documented(busy):
    catalogue = Program(busy, "manager").get("catalogue").json()
    shapes.Catalogue.model_validate(catalogue)
    agency = catalogue["agencies"][0]
    assert same_keys(agency, shapes.OfferedAgency)
    assert same_keys(agency["queues"][0]["services"][0], shapes.OfferedService)


def test_the_log_is_as_documented(busy):
    page = Program(busy, "manager").get("events").json()
    shapes.EventPage.model_validate(page)
    assert same_keys(page, shapes.EventPage)
    assert same_keys(page["events"][0], shapes.EventShape)


def test_a_new_visit_is_as_documented(busy):
    told = Program(busy, "kiosk").post("visits", {"services": ["A01"]}).json()
    shapes.NewVisit.model_validate(told)
    assert same_keys(told, shapes.NewVisit)
    assert same_keys(told["tickets"][0], shapes.TicketShape)


def test_a_press_at_the_counter_is_answered_as_documented(busy):
    told = Program(busy, "officer").post("counters/2/call-next").json()
    shapes.CounterAnswer.model_validate(told)
    assert same_keys(told["counter"], shapes.CounterState)
    assert told.keys() == {"counter", "ticket"}


def test_a_sign_of_life_is_answered_as_documented(busy):
    care.ask(busy.kiosk, "test")
    told = Program(busy, "kiosk").post("kiosks/seen", {"printer": "ready"}).json()
    shapes.Seen.model_validate(told)
    assert same_keys(told["device"], shapes.DeviceShape)
    assert told["job"].keys() == {"id", "kind"}


def test_a_slip_and_its_reprint_are_answered_as_documented(busy):
    ticket = busy.ticket()
    address = f"tickets/{ticket.public_id}"
    told = Program(busy, "kiosk").post(f"{address}/slips", {"outcome": "printed"}).json()
    assert same_keys(told, shapes.SlipShape)
    again = Program(busy, "greeter").post(f"{address}/reprint").json()
    shapes.Reprint.model_validate(again)
    assert same_keys(again, shapes.Reprint)


def test_the_document_names_the_key_and_the_bearer_of_every_press(busy):
    document = Program(busy, "manager").client.get("/api/v1/openapi.json").json()
    presses = [
        path["post"]
        for address, path in document["paths"].items()
        if "post" in path and not address.endswith(("/shown", "/seen"))
    ]
    assert len(presses) == 13
    for press in presses:
        assert "Idempotency-Key" in {parameter["name"] for parameter in press["parameters"]}
        assert {"400", "401", "404", "409", "413", "422", "503"} <= press["responses"].keys()
    assert document["components"]["securitySchemes"]["Knock"]["scheme"] == "bearer"


def test_the_help_the_alerts_and_a_found_number_are_as_documented(busy):
    told = Program(busy, "kiosk").post("help", {"kind": "sign"}).json()
    shapes.HelpState.model_validate(told)
    assert same_keys(told, shapes.HelpState)
    told = Program(busy, "greeter").get("alerts").json()
    shapes.AlertList.model_validate(told)
    assert same_keys(told["alerts"][0], shapes.Alert)
    told = Program(busy, "greeter").get("tickets?label=A-001").json()
    shapes.FoundTicket.model_validate(told)
    assert same_keys(told, shapes.FoundTicket)
    assert same_keys(told["visit"], shapes.FoundVisit)
