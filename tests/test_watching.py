"""A hall that runs, as seen by whoever watches over it: counts of all processes, and its log."""

import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from websockets.sync.client import connect

from mpp.embedded import wait_until
from mpp.logs import without_secrets
from tests.running import RunningHall
from tests.test_metrics import read

pytestmark = pytest.mark.xdist_group("live")
TOKEN = "nobody-has-this-token"


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> Iterator[RunningHall]:
    folder = str(tmp_path_factory.mktemp("counted"))
    with RunningHall(f"watched_{uuid.uuid4().hex[:8]}", PROMETHEUS_MULTIPROC_DIR=folder) as hall:
        yield hall


def metrics_of(hall: RunningHall) -> dict:
    return read(httpx.get(f"{hall.url}/metrics").text)


def sockets(hall: RunningHall) -> float:
    return sum(metrics_of(hall).get("mpp_sockets", {}).values())


def ages(hall: RunningHall) -> dict:
    return metrics_of(hall).get("mpp_board_age_seconds", {})


def test_sockets_of_all_processes_are_told_as_one_sum(watched):
    with ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(connect(watched.socket_url)).recv()
        assert {sockets(watched) for _ in range(8)} == {12}
    assert wait_until(lambda: sockets(watched) == 0, 5)


@pytest.mark.slow
def test_the_boards_of_each_process_have_an_age(watched):
    with ExitStack() as stack:
        while len(ages(watched)) < 2:
            stack.enter_context(connect(watched.socket_url)).recv()
        assert wait_until(lambda: max(ages(watched).values()) < 3, 10)


@pytest.mark.slow
def test_a_process_that_is_gone_is_taken_out_of_the_sum(watched):
    with ExitStack() as stack:
        while len(ages(watched)) < 2:
            stack.enter_context(connect(watched.socket_url)).recv()
        pid = str(watched.web.processes[0].pid)
        watched.web.kill(0)
        assert (pid,) not in ages(watched)
    watched.web.restart(0)
    watched.web.wait_for(watched.web.processes[0])


# --- The log ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_line_of_the_log_is_json_and_tells_no_token(watched):
    httpx.get(f"{watched.url}/v/{TOKEN}")
    httpx.get(f"{watched.url}/payakumbuh/kiosk?pair={TOKEN}")
    lines = [json.loads(line) for line in watched.web.log().splitlines() if line]
    assert "Not Found: /v/…" in [line["event"] for line in lines]
    assert {"event", "level", "logger", "at"} <= set(lines[0])
    assert TOKEN not in watched.web.log()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /v/W5q3MJcwf2BacbJDGUtKbw", "Not Found: /v/…"),
        ("POST /api/v1/visits/W5q3MJcwf2Bac/tickets/1", "POST /api/v1/visits/…/tickets/1"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("GET /payakumbuh/kiosk?pair=abc-_1&lang=en", "GET /payakumbuh/kiosk?pair=…&lang=en"),
        (
            "cannot connect to redis://:secret@127.0.0.1:6379/0",
            "cannot connect to redis://…@127.0.0.1:6379/0",
        ),
        ("NIK 1376012345678901 was typed", "NIK … was typed"),
        ("call me: 081234567890", "call me: …"),
        ("version 1234567 of hall payakumbuh", "version 1234567 of hall payakumbuh"),
    ],
)
def test_what_nobody_may_read_later_is_hidden(said, written):
    assert without_secrets(said) == written
