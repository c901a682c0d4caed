"""PostgreSQL dies, hangs, is full or read-only: nothing is lost, and nobody waits long."""

import signal
import time

import pytest

from mpp.embedded import wait_until
from tests.checker import judge
from tests.faults.ground import Ground
from tests.faults.load import Load

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-postgres")]


@pytest.mark.fault(
    "T10",
    "kill -9 of all of PostgreSQL under load, 3 times",
    "C1-C10; everybody is answered <= 10 s after its start; nothing else restarts",
)
def test_a_killed_database_forgets_no_number(ground, history, seed, row):
    with Load(ground, history, seed) as load:
        back = []
        for _ in range(3):
            load.run_for(100)
            ground.signal_postgres(signal.SIGKILL)
            back.append(load.back_after(ground.start_postgres()))
        load.run_for(50)
    row.update(back_s=max(back), silence_s=load.longest_silence(), **history.figures())
    judge(ground.evidence(history.calls, load.frames()))
    assert max(back) <= 10
    assert history.unresolved() == set()


@pytest.mark.fault(
    "T11",
    "a clean restart of PostgreSQL while web, hub and worker are idle",
    "the first press is answered 201; screens and canary are fresh <= 10 s later",
)
def test_an_idle_hall_outlives_a_restart_of_its_database(ground, history, seed, row):
    worker = ground.start_part("worker")
    ground.sing()
    with Load(ground, history, seed, kiosks=0, officers=0) as idle:
        assert wait_until(lambda: idle.all_screens_are_right() and ground.canary_age() < 60, 30)
        ground.servers.postgres.stop()
        begun = ground.start_postgres()
        ground.servers.wait()
        first = ground.take("A01")
        ground.sing()
        assert wait_until(lambda: ground.canary_age() < time.monotonic() - begun, 10)
        assert wait_until(idle.all_screens_are_right, 10)
    row.update(first_s=first.elapsed.total_seconds(), silence_s=idle.longest_silence())
    assert (first.status_code, worker.is_running()) == (201, True)
    judge(ground.evidence(screens=idle.frames()))


# --- Hung ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["stopped", "stall", "blackhole"])
@pytest.mark.fault(
    "hung PostgreSQL",
    "stopped by SIGSTOP, or its line stalls or swallows all, 15 s under load",
    "no answer takes over 6 s; presses and screens are back <= 5 s after relief; C1-C10",
)
def test_a_hung_database_keeps_nobody_waiting(ground, history, seed, row, how):
    with Load(ground, history, seed, kiosks=12, officers=4) as load:
        load.run_for(60)
        with ground.hung_database(how):
            load.keep_on(8)
            status, told, seconds = ground.health()
            load.keep_on(7)
        relief = time.monotonic()
        back, screens = load.back_after(relief), load.screens_back_after(relief)
        connections = ground.connections()
    row[how] = f"slowest {history.slowest():.2f} s, back {back} s, screens {screens} s"
    assert (status, told["parts"]["database"]["status"]) == (503, "down")
    assert max(seconds, history.slowest()) <= 6
    assert history.statuses() <= {200, 201, 409, 503}
    assert max(back, screens) <= 5
    assert connections <= 2 * (4 + 2 + 1)  # threads of presses and hub; a page told ready
    judge(ground.evidence(history.calls, load.frames()))


@pytest.fixture
def impatient_ground(tmp_path):
    """A hall whose web processes wait for the database as psycopg2 does: for ever."""
    (tmp_path / "fault").write_text("patience")
    with Ground(module="tests.sabotage", SABOTAGE=str(tmp_path / "fault")) as ground:
        yield ground


@pytest.mark.fault("hung PostgreSQL", "the same without an end to waiting", "some wait over 6 s")
def test_without_an_end_to_waiting_a_hung_database_hangs_everybody(impatient_ground, history, seed):
    with Load(impatient_ground, history, seed, screens=0) as load:
        load.run_for(20)
        with impatient_ground.hung_database("stopped"):
            load.keep_on(8)
        load.back_after(time.monotonic())
    assert history.slowest() > 6


# --- No room, no rights -------------------------------------------------------------------------


def refused_and_back(ground, history, seed, fault):
    """Press on during a fault that refuses presses, and after it; return what was seen."""
    with Load(ground, history, seed) as load:
        load.run_for(60)
        with fault:
            load.keep_on(5)
            press, board, health = ground.take("A01"), ground.client.get(BOARD), ground.health()
        back = load.back_after(time.monotonic())
    judge(ground.evidence(history.calls, load.frames()))
    assert (press.status_code, press.json()["code"]) == (503, "try_again")
    assert history.statuses() <= {200, 201, 409, 503}
    assert history.unresolved() == set()
    return {"back_s": back, **history.figures()}, board.status_code, health


BOARD = "/api/v1/halls/payakumbuh/board"


@pytest.mark.fault(
    "T15",
    "the database may only be read, under load",
    "503 and a sentence, reads go on; after relief the first number <= 10 s, no gap",
)
def test_a_database_that_may_only_be_read_refuses_and_comes_back(ground, history, seed, row):
    seen, board, health = refused_and_back(ground, history, seed, ground.read_only())
    row.update(seen)
    assert (board, health[1]["parts"]["database"]) == (200, {"status": "read_only"})
    assert seen["back_s"] <= 10


@pytest.mark.fault(
    "disk full",
    "no file of PostgreSQL may grow (prlimit --fsize), under load",
    "503 and a sentence, reads go on; after relief all go on without a restart, no gap",
)
def test_a_full_disk_refuses_and_comes_back(ground, history, seed, row):
    size = ground.fill_commands()
    seen, board, _ = refused_and_back(ground, history, seed, ground.full_disk(size))
    row.update(seen)
    assert board == 200
    assert seen["back_s"] <= 10


@pytest.mark.fault(
    "no connection left",
    "PostgreSQL has no connection for the hall, under load",
    "503 with Retry-After, /health/ready says so; all are back <= 5 s after relief",
)
def test_without_a_connection_the_hall_refuses_and_comes_back(ground, history, seed, row):
    seen, board, health = refused_and_back(ground, history, seed, ground.without_connections())
    row.update(seen)
    assert board == 503
    assert (health[0], health[1]["parts"]["database"]["status"]) == (503, "down")
    assert seen["back_s"] <= 5


@pytest.mark.fault(
    "no database",
    "PostgreSQL is down; somebody asks /health/ready, the board and a page",
    "503 in <= 1 s: JSON that names the part; a page in plain words; Retry-After",
)
def test_without_a_database_everything_says_so_at_once(ground, row):
    ground.servers.postgres.stop()
    status, told, row["seconds"] = ground.health()
    assert (status, told["status"]) == (503, "not_ready")
    assert told["parts"]["database"] == {"status": "down", "error": "OperationalError"}
    assert row["seconds"] <= 1
    board, page = ground.client.get(BOARD), ground.client.get("/payakumbuh/kiosk")
    assert [board.status_code, page.status_code] == [503, 503]
    assert {each.headers["Retry-After"] for each in (board, page)} == {"1"}
    assert "gangguan" in page.text
