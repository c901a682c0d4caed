"""A wish to wait beside a call, against two real web processes; each race has a twin that fails."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
import requests

from mpp.embedded import wait_until
from tests.checker import broken_claims, judge
from tests.running import RunningHall, at_once
from tests.test_races import CALLS, HELD, HOLD, _breakable_hall, broken_hall

__all__ = ["_breakable_hall", "broken_hall"]
pytestmark = pytest.mark.xdist_group("races")
AWAY = {"reason": "prayer", "minutes": 15}
HOLD_CALLS = HOLD.replace("{change}", "UPDATE OF called_at").replace("{table}", "queueing_ticket")


@contextmanager
def calls_are_held(hall: RunningHall) -> Iterator[Callable[[], None]]:
    """Hold every call back just before it is written; give what lets go."""
    hall.rows(HOLD_CALLS)
    holder = psycopg2.connect(hall.database_url)
    holder.cursor().execute("SELECT pg_advisory_lock(29)")
    try:
        yield holder.close
    finally:
        holder.close()
        hall.rows("DROP FUNCTION hold CASCADE")


def wish_beside_a_call(hall: RunningHall, verb: str, body: dict[str, Any]) -> requests.Response:
    """Let the first of three wish for something while a call that has chosen it is under way."""
    first = hall.take("A01").json()
    hall.take("A01"), hall.take("A01")
    address = (
        f"{hall.url}/api/v1/visits/{first['visit']['token']}/tickets/{first['tickets'][0]['id']}"
    )
    with calls_are_held(hall) as let_go:
        call = threading.Thread(target=hall.press, args=(1, "call-next"))
        call.start()
        assert wait_until(lambda: hall.rows(HELD)[0][0] == 1, 10)
        threading.Timer(0.5, let_go).start()  # a wish that waits for the call is let go with it
        told = requests.post(
            f"{address}/{verb}", json=body, headers={"Idempotency-Key": "w"}, timeout=20
        )
        let_go()
        call.join()
    return told


WISHES = [("step-away", AWAY), ("postpone", {})]


@pytest.mark.parametrize(("verb", "body"), WISHES)
def test_a_wish_that_comes_after_the_call_is_told_so(hall, verb, body):
    told = wish_beside_a_call(hall, verb, body)
    assert (told.status_code, told.json()["code"]) == (409, "illegal_move")
    judge(hall.evidence())


@pytest.mark.slow
@pytest.mark.parametrize("broken_hall", [CALLS], indirect=True)
@pytest.mark.parametrize(("verb", "body"), WISHES)
def test_without_the_lock_on_the_day_somebody_is_called_in_spite_of_it(broken_hall, verb, body):
    assert wish_beside_a_call(broken_hall, verb, body).status_code == 200
    assert "C6" in broken_claims(broken_hall.evidence())


@pytest.mark.parametrize(("verb", "body"), WISHES)
def test_four_taps_at_the_same_instant_are_one_wish(hall, verb, body):
    first = hall.take("A01").json()
    hall.take("A01")
    address = (
        f"{hall.url}/api/v1/visits/{first['visit']['token']}/tickets/{first['tickets'][0]['id']}"
    )
    headers = {"Idempotency-Key": "four-taps"}
    tap = lambda: requests.post(f"{address}/{verb}", json=body, headers=headers, timeout=20)  # noqa: E731
    told = at_once([tap] * 4)
    assert {(each.status_code, each.text) for each in told} == {(200, told[0].text)}
    assert len(hall.events()) == 3
