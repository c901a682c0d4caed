"""Could a ticket be issued now? Whoever watches over the machine may ask."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from agencies.models import Service
from mpp import backups
from mpp.backups import Backup
from queueing import tasks
from queueing.answers import broken
from queueing.models import Canary, Ticket
from tests.programs import Program, refusal


def ready() -> tuple[int, dict]:
    response = Client().get("/health/ready")
    return response.status_code, response.json()


def test_the_process_lives_whatever_the_database_does(client):
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_a_hall_that_can_issue_is_ready(cast):
    assert ready() == (
        200,
        {
            "status": "ready",
            "parts": {
                "database": {"status": "ok", "halls": 1},
                "doorbell": {"status": "ok"},
                "worker": {"status": "not_heard_yet"},
                "backup": {"status": "none_yet"},
                "voice": {"status": "not_rendered_yet"},
            },
        },
    )


def test_a_ready_hall_really_gives_a_number(cast):
    assert ready()[0] == 200
    assert Program(cast, "kiosk").take("A01").status_code == 201


def test_without_a_hall_nobody_can_issue(db):
    status, told = ready()
    assert (status, told["status"]) == (503, "not_ready")
    assert told["parts"]["database"] == {"status": "no_hall", "halls": 0}


def test_a_hall_without_a_service_is_none(cast):
    Service.objects.all().delete()
    assert ready()[0] == 503


def test_two_halls_are_counted_once_each(cast, next_door):
    assert ready()[1]["parts"]["database"] == {"status": "ok", "halls": 2}


# --- A database that can only be read -----------------------------------------------------------


@pytest.fixture
def _read_only(cast) -> None:
    """From here on to the end of the test nothing can be written."""
    cast.ticket()
    write_no_more()


def write_no_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET TRANSACTION READ ONLY")


@pytest.mark.usefixtures("_read_only")
def test_a_database_that_can_only_be_read_is_not_ready():
    assert ready() == (
        503,
        {
            "status": "not_ready",
            "parts": {"database": {"status": "read_only"}, "doorbell": {"status": "ok"}},
        },
    )


@pytest.mark.usefixtures("_read_only")
def test_a_press_that_cannot_be_written_is_asked_to_try_again(cast):
    response = Program(cast, "kiosk").take("A01")
    assert refusal(response) == (503, "try_again")
    assert response.headers["Retry-After"] == "1"
    assert refusal(Program(cast, "officer").post("counters/1/call-next")) == (503, "try_again")


@pytest.mark.usefixtures("_read_only")
def test_what_only_reads_goes_on(cast):
    visitor = Program(cast)
    token = Ticket.objects.get().visit.token
    read = [visitor.get(path) for path in ("board", "catalogue", f"/api/v1/visits/{token}")]
    read.append(Program(cast, "manager").get("events"))
    assert [each.status_code for each in read] == [200, 200, 200, 200]


def test_a_page_that_cannot_be_made_says_when_to_try_again(cast):
    officer = Client(raise_request_exception=False)
    officer.force_login(cast.officer)
    write_no_more()
    page = officer.post("/sign-out")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "1")
    assert "Nomor antrean yang sudah Anda pegang tetap berlaku" in page.content.decode()


def test_a_page_with_any_other_trouble_is_a_500(rf):
    page = broken(rf.get("/"))
    assert (page.status_code, "Retry-After" in page.headers) == (500, False)


# --- A doorbell that is gone --------------------------------------------------------------------


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "redis://:wrong@127.0.0.1:1/0"])
def test_a_hall_without_its_doorbell_is_ready_all_the_same(cast, settings, url):
    settings.REDIS_URL = url
    status, told = ready()
    assert (status, told["status"]) == (200, "ready")
    assert told["parts"]["doorbell"] == {"status": "down", "error": "ConnectionError"}


def test_a_doorbell_that_does_not_let_us_in_is_told_of(cast, settings):
    settings.REDIS_URL = settings.REDIS_URL.replace("://:", "://:not-", 1)
    assert ready()[1]["parts"]["doorbell"] == {"status": "down", "error": "AuthenticationError"}


# --- The worker's bird --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, "ok"), (60, "ok"), (179, "ok"), (180, "late"), (86_400, "late")]
)
def test_the_age_of_the_workers_last_sign_is_told(cast, clock, seconds, status):
    tasks.canary()
    clock.forward(seconds=seconds)
    code, told = ready()
    assert told["parts"]["worker"] == {"status": status, "canary_age_seconds": float(seconds)}
    assert (code, told["status"]) == (200, "ready")


def test_the_worker_leaves_one_sign_and_not_many(cast, clock):
    for _ in range(3):
        clock.forward(minutes=1)
        tasks.canary()
    assert list(Canary.objects.values_list("sang_at", flat=True)) == [
        dt.datetime(2026, 11, 24, 2, 3, tzinfo=dt.UTC)
    ]


# --- What would come back -----------------------------------------------------------------------


@pytest.fixture
def taken(settings, tmp_path, clock) -> Path:
    """A backup of 09.00, and where it lies."""
    settings.BACKUP_DIR = tmp_path
    backup = Backup("20261124T020000Z", "base", clock.moment.isoformat(), 1.0, 1, "")
    backup.folder.mkdir()
    (backup.folder / "backup.json").write_text(json.dumps(vars(backup)))
    return tmp_path


@pytest.mark.parametrize(("hours", "status"), [(1, "ok"), (50, "ok"), (51, "late")])
def test_the_age_of_the_backup_is_told(cast, clock, taken, hours, status):
    clock.forward(hours=hours)
    told = {"status": status, "age_hours": float(hours), "drill": None}
    assert ready()[1]["parts"]["backup"] == told


def test_a_drill_that_failed_is_told(cast, taken):
    backups.remember_drill({"ok": False, "faults": ["no"]})
    told = ready()[1]["parts"]["backup"]
    assert (told["status"], told["drill"]["faults"]) == ("not_whole", ["no"])


def test_a_hall_without_a_good_backup_is_ready_all_the_same(cast, clock, taken):
    clock.forward(days=30)
    assert ready()[0] == 200


# --- Who asks, and how --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_asked_for_and_not_pressed(cast, path):
    assert [Client().get(path).status_code, Client().post(path).status_code] == [200, 405]


def test_health_keeps_no_session(cast):
    assert not Client().get("/health/ready").cookies
