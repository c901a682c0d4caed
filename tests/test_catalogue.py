"""What can one come for? Agencies, queues and services, as the contract lists them."""

import pytest

from agencies.models import Queue, Service
from tests.cast import make_agency, make_hall, make_service
from tests.programs import Program

SERVICE = {
    "code",
    "slug",
    "name",
    "target_minutes",
    "requirements",
    "fee_idr",
    "fee_note",
    "processing_time",
    "aliases",
    "frequent_rank",
    "open",
    "state",
    "sentence",
    "opens_at",
    "last_issue_at",
    "quota_left",
}


def told(cast) -> dict:
    return Program(cast).get("catalogue").json()


def test_the_catalogue_lists_agencies_queues_and_services_by_their_letters(cast):
    make_agency(cast.hall, "C", [])
    catalogue = told(cast)
    assert set(catalogue) == {"hall", "agencies", "life_events"}
    assert catalogue["hall"] == "hall"
    tree = [
        (
            agency["code"],
            [(q["code"], [s["code"] for s in q["services"]]) for q in agency["queues"]],
        )
        for agency in catalogue["agencies"]
    ]
    assert tree == [(code, [(code, [f"{code}01", f"{code}02"])]) for code in "ABC"]


def test_an_agency_is_told_with_every_field(cast):
    agency = told(cast)["agencies"][0]
    del agency["queues"]
    assert agency == {
        "code": "A",
        "slug": "agency-a",
        "short_name": "Agency A",
        "name": {"id": "Instansi A", "en": "Agency A"},
        "description": {"id": "", "en": ""},
        "zone": "A",
    }


def test_a_service_is_told_with_every_field(cast):
    Service.objects.filter(hall=cast.hall, code="A01").update(
        fee_idr=250_000,
        fee_note_id="Lihat loket",
        processing_time_id="1 hari",
        processing_time_en="1 day",
        aliases=["bikin KTP"],
        frequent_rank=1,
    )
    service = told(cast)["agencies"][0]["queues"][0]["services"][0]
    assert set(service) == SERVICE
    assert service == {
        "code": "A01",
        "slug": "service-a01",
        "name": {"id": "Layanan A01", "en": "Service A01"},
        "target_minutes": 10,
        "requirements": {"id": ["KTP"], "en": ["ID card"]},
        "fee_idr": 250_000,
        "fee_note": {"id": "Lihat loket", "en": "Lihat loket"},
        "processing_time": {"id": "1 hari", "en": "1 day"},
        "aliases": ["bikin KTP"],
        "frequent_rank": 1,
        "open": True,
        "state": "open",
        "sentence": {"id": "", "en": ""},
        "opens_at": None,
        "last_issue_at": None,
        "quota_left": None,
    }


def test_a_queue_is_told_by_its_letter(cast):
    assert {
        frozenset(queue) for agency in told(cast)["agencies"] for queue in agency["queues"]
    } == {frozenset({"code", "services"})}


def test_an_agency_may_have_a_second_queue_of_two_letters(cast):
    second = Queue.objects.create(hall=cast.hall, agency=cast.a, code="AA")
    make_service(second, "A90")
    assert [queue["code"] for queue in told(cast)["agencies"][0]["queues"]] == ["A", "AA"]


def test_what_can_be_had_now_is_open(cast):
    cast.hall.services.filter(code="A01").update(is_open=False)
    assert opened(cast) == {"A01": False, "A02": True, "B01": True, "B02": True}


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_no_service_of_a_queue_that_takes_nobody_is_open(cast, status):
    cast.hall.queues.filter(code="A").update(status=status)
    assert opened(cast) == {"A01": False, "A02": False, "B01": True, "B02": True}


def test_what_is_open_is_what_a_kiosk_can_take(cast):
    cast.hall.services.filter(code="A01").update(is_open=False)
    cast.hall.queues.filter(code="B").update(status="paused")
    kiosk = Program(cast, "kiosk")
    taken = {code: kiosk.take(code).status_code == 201 for code in ("A01", "A02", "B01", "B02")}
    assert taken == opened(cast)


def opened(cast) -> dict[str, bool]:
    queues = [queue for agency in told(cast)["agencies"] for queue in agency["queues"]]
    return {service["code"]: service["open"] for queue in queues for service in queue["services"]}


def test_three_agencies_ask_no_more_than_one(db, django_assert_num_queries):
    hall = make_hall()
    make_agency(hall, "A", [1])
    Program(hall).get("catalogue")  # the calendar is read once
    with django_assert_num_queries(5):
        assert len(Program(hall).get("catalogue").json()["agencies"]) == 1
    for code in "BC":
        make_agency(hall, code, [])
    with django_assert_num_queries(5):
        assert len(Program(hall).get("catalogue").json()["agencies"]) == 3
