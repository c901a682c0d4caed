"""Workers, beats and their broker die, hang and double: no press notices, and no job is lost."""

import datetime as dt
import json
import signal
import time
from collections import Counter, defaultdict

import pytest
import redis

from mpp.embedded import wait_until
from tests.checker import judge
from tests.faults.history import Call
from tests.faults.load import Load
from tests.running import on_database

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-jobs")]
WIB = dt.timezone(dt.timedelta(hours=7))

SLOW_CLOSE = """
CREATE FUNCTION slow_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(2); RETURN NEW; END $$;
CREATE TRIGGER slow_close BEFORE INSERT ON queueing_dayclose
    FOR EACH ROW EXECUTE FUNCTION slow_close()
"""
NO_SLOW_CLOSE = "DROP FUNCTION slow_close CASCADE"


def sings_within(ground, seconds: float) -> float:
    """Wait for a sign of life that is newer than now; return how long that took."""
    begun = time.monotonic()
    newest = ground.canary_at()
    assert wait_until(lambda: ground.canary_at() != newest, seconds), "the worker is silent"
    return round(time.monotonic() - begun, 2)


def closing(ground) -> int:
    """Return how many workers are inside the job that closes the day."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    return on_database(ground.admin_url, query)[0][0]  # only the admin sees all


@pytest.fixture
def yesterday(ground):
    """Five people still wait at midnight, and closing their day takes a while."""
    ground.set_clock(dt.datetime(2026, 11, 24, 23, 0, tzinfo=WIB))
    for _ in range(5):
        ground.take("A01")
    ground.set_clock(dt.datetime(2026, 11, 25, 0, 0, 1, tzinfo=WIB))
    ground.rows(SLOW_CLOSE)
    yield ground
    ground.rows(NO_SLOW_CLOSE)


@pytest.mark.fault(
    "T32",
    "two beats, two workers, all workers killed inside the job that closes the day, broker flushed",
    "the day closes once, each number expires once, within 60 s; presses <= 1 s meanwhile",
)
def test_a_day_is_closed_once_whatever_becomes_of_the_workers(yesterday, row):
    ground = yesterday
    workers = [ground.start_part("worker") for _ in range(2)]
    for _ in range(2):
        ground.start_quick_beat()
    assert wait_until(lambda: closing(ground) > 0, 30)
    for worker in workers:
        worker.kill(signal.SIGKILL)
    redis.Redis.from_url(ground.servers.redis_url).flushall()
    press, begun = ground.take("B01"), time.monotonic()
    for _ in range(2):
        ground.start_part("worker")
    assert wait_until(lambda: len(ground.rows("SELECT 1 FROM queueing_dayclose")) > 0, 60)
    row.update(closed_s=round(time.monotonic() - begun, 2), sings_s=sings_within(ground, 60))
    assert ground.rows("SELECT date::text, expired FROM queueing_dayclose") == [("2026-11-24", 5)]
    assert Counter(event["kind"] for event in ground.events()) == {"issue": 6, "expire": 5}
    assert (press.status_code, press.elapsed.total_seconds() <= 1) == (201, True)
    judge(ground.evidence())


@pytest.mark.parametrize("fault", ["flushed", "killed"])
@pytest.mark.fault(
    "T32",
    "the broker is flushed, or killed and started empty, under a beat and a worker that go on",
    "jobs go on <= 60 s later, nothing restarted",
)
def test_a_broker_that_forgot_everything_is_used_again(ground, row, fault):
    parts = [ground.start_part("worker"), ground.start_quick_beat()]
    sings_within(ground, 30)
    with redis.Redis.from_url(ground.servers.redis_url) as valkey:
        valkey.flushall()
    if fault == "killed":
        ground.servers.valkey.kill(signal.SIGKILL)
        ground.servers.valkey.start()
        ground.servers.wait()
    row[f"{fault}: sings_s"] = max(sings_within(ground, 60) for _ in range(3))
    assert all(part.is_running() for part in parts)


@pytest.mark.fault(
    "T34",
    "broker and doorbell stopped by SIGSTOP for 10 s under load, with beat and worker",
    "95 of 100 presses <= 1 s, screens <= 3 s behind; jobs go on <= 60 s after relief",
)
def test_a_hung_broker_delays_no_press_and_jobs_are_made_up(ground, history, seed, row):
    parts = [ground.start_part("worker"), ground.start_quick_beat()]
    sings_within(ground, 30)
    with Load(ground, history, seed, kiosks=2, officers=2) as load:
        load.run_for(40)
        ground.servers.valkey.kill(signal.SIGSTOP)
        load.keep_on(5)
        status, told, seconds = ground.health()
        load.keep_on(5)
        ground.servers.valkey.kill(signal.SIGCONT)
        row["sings_s"] = sings_within(ground, 60)
    row.update(silence_s=load.longest_silence(), **history.figures())
    assert (status, told["parts"]["doorbell"]["status"]) == (200, "down")
    assert max(seconds, history.p95()) <= 1
    assert load.longest_silence() <= 3
    assert all(part.is_running() for part in parts)
    judge(ground.evidence(history.calls, load.frames()))


@pytest.mark.fault(
    "Valkey full",
    "Valkey refuses every write (maxmemory, noeviction) for 6 s under load",
    "no press fails, 95 of 100 <= 1 s, screens <= 3 s behind; jobs go on <= 60 s after relief",
)
def test_a_full_valkey_fails_no_press_and_jobs_go_on(ground, history, seed, row):
    parts = [ground.start_part("worker"), ground.start_quick_beat()]
    sings_within(ground, 30)
    with (
        redis.Redis.from_url(ground.servers.redis_url) as valkey,
        Load(ground, history, seed, kiosks=2, officers=2) as load,
    ):
        load.run_for(40)
        valkey.config_set("maxmemory", "1kb")
        load.keep_on(6)
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            valkey.set("one", "more")
        valkey.config_set("maxmemory", "64mb")
        row["sings_s"] = sings_within(ground, 60)
    row.update(silence_s=load.longest_silence(), **history.figures())
    assert history.statuses() <= {200, 201, 409}
    assert history.p95() <= 1
    assert load.longest_silence() <= 3
    assert all(part.is_running() for part in parts)
    judge(ground.evidence(history.calls, load.frames()))


@pytest.mark.fault(
    "deaf worker",
    "the worker is stopped by SIGSTOP while 4 minutes pass on the hall's clock",
    "/health/ready names the worker late, presses go on, and it is ok again <= 10 s after relief",
)
def test_a_deaf_worker_is_told_of_and_hears_again(ground, row):
    worker = ground.start_part("worker")
    ground.sing()
    sings_within(ground, 30)
    worker.kill(signal.SIGSTOP)
    ground.set_clock(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=4))
    late, press = ground.health()[1]["parts"]["worker"], ground.take("A01")
    begun = time.monotonic()
    worker.kill(signal.SIGCONT)
    ground.sing()
    assert wait_until(lambda: ground.health()[1]["parts"]["worker"]["status"] == "ok", 10)
    row["ok_again_s"] = round(time.monotonic() - begun, 2)
    assert (late["status"], press.status_code) == ("late", 201)


@pytest.mark.fault(
    "database hung, worker",
    "PostgreSQL stopped for 12 s while beat and worker go on",
    "no job hangs: the worker sings <= 60 s after relief, nothing restarted",
)
def test_a_worker_outlives_a_hung_database(ground, row):
    worker, beat = ground.start_part("worker"), ground.start_quick_beat()
    sings_within(ground, 30)
    with ground.hung_database("blackhole"):
        time.sleep(12)  # how long the fault lasts
    row["sings_s"] = sings_within(ground, 60)
    assert (worker.is_running(), beat.is_running()) == (True, True)


# --- The clock ----------------------------------------------------------------------------------


def dates_told(ground, history) -> dict[dt.date, list[Call]]:
    """Return the presses that got a number, by the date of that number."""
    date_of = {ticket.visit: ticket.date for ticket in ground.tickets()}
    dates = defaultdict(list)
    for call in history.answered(0):
        if call.path == "visits" and call.outcome == "ok":
            dates[date_of[json.loads(call.text)["visit"]["token"]]].append(call)
    return dates


@pytest.mark.fault(
    "clock jumps",
    "the hall's clock goes on a day, back two days, on an hour and back an hour, under load",
    "C1-C10; after the first number of the new day none is of an earlier one",
)
def test_a_clock_that_jumps_opens_no_earlier_day(ground, history, seed, row):
    noon = dt.datetime.now(dt.UTC).replace(hour=5)  # in the hall: far from any midnight
    ground.set_clock(noon)
    with Load(ground, history, seed, screens=1) as load:
        for hours in (24, -24, 25, 24):
            load.run_for(40)
            ground.set_clock(noon + dt.timedelta(hours=hours))
        load.run_for(40)
    dates = dates_told(ground, history)
    row.update(days=len(dates), **history.figures())
    old, new = sorted(dates)
    turned = min(call.ended for call in dates[new])
    assert max(call.begun for call in dates[old]) < turned
    assert history.statuses() <= {200, 201, 409}
    judge(ground.evidence(history.calls, load.frames()))
