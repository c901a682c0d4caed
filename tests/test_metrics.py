"""What does whoever watches over the hall get to read?"""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from mpp import backups
from queueing import lifecycle, tasks
from tests.programs import Program


def told(client: Client | None = None, **headers: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Return every metric: its samples' labels (the values, in order of name) and values."""
    response = (client or Client()).get("/metrics", headers=headers)
    assert response.status_code == 200
    return read(response.content.decode())


def read(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def test_the_day_is_counted_from_the_rows(cast):
    for _ in range(3):
        cast.ticket()
    cast.call(1)
    lifecycle.start(cast.counter(1), actor="operator:officer")
    metrics = told()
    assert metrics["mpp_tickets_today"] == {("hall", "waiting"): 2, ("hall", "serving"): 1}
    assert metrics["mpp_calls_today"] == {("hall", "call"): 1}
    assert metrics["mpp_hall_version"] == {("hall",): 5}


def test_yesterday_is_not_today(cast, clock):
    cast.ticket()
    clock.forward(days=1)
    assert "mpp_tickets_today" not in told()


def test_each_part_has_a_pulse(cast):
    metrics = told()
    assert metrics["mpp_part_up"] == {("database",): 1, ("doorbell",): 1}
    assert all(0 < seconds < 1 for seconds in metrics["mpp_part_seconds"].values())


def test_a_doorbell_that_is_gone_is_told(cast, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert told()["mpp_part_up"] == {("database",): 1, ("doorbell",): 0}


def test_the_worker_and_the_drill_are_told(cast, clock, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    (tmp_path / "20261124T020000Z").mkdir()
    about = '{"name":"20261124T020000Z","kind":"base","at":"2026-11-24T02:00:00+00:00",'
    about += '"seconds":1,"bytes":1,"first_log":""}'
    (tmp_path / "20261124T020000Z" / "backup.json").write_text(about)
    backups.remember_drill({"ok": True, "seconds": 2.0, "behind_seconds": 31.0})
    tasks.canary()
    clock.forward(hours=1)
    metrics = told()
    assert metrics["mpp_canary_age_seconds"] == {(): 3600}
    assert metrics["mpp_backup_age_hours"] == {(): 1}
    assert metrics["mpp_drill_ok"] == {(): 1}
    assert metrics["mpp_drill_behind_seconds"] == {(): 31}


def test_requests_are_counted_by_route_and_never_by_address(cast):
    label = ("api/v1/visits/<slug:token>", "4xx")
    before = told().get("mpp_request_seconds_count", {}).get(label, 0)
    Program(cast).get("/api/v1/visits/nobody-has-this-token")
    response = Client().get("/metrics")
    assert read(response.content.decode())["mpp_request_seconds_count"][label] == before + 1
    assert b"nobody-has-this-token" not in response.content


# --- Who may read -------------------------------------------------------------------------------


def test_only_this_machine_may_read(cast):
    assert Client(REMOTE_ADDR="192.0.2.1").get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404


@pytest.mark.parametrize(("key", "status"), [("right", 200), ("wrong", 404), ("", 404)])
def test_with_a_key_anybody_who_has_it_may_read(cast, settings, key, status):
    settings.METRICS_KEY = "right"
    reader = Client(REMOTE_ADDR="192.0.2.1")
    response = reader.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == status


def test_metrics_are_asked_for_and_not_pressed(cast):
    assert Client().post("/metrics").status_code in {403, 405}


# --- A hall that runs ---------------------------------------------------------------------------
