"""Web processes die, are told to end, or are all gone: their clients hardly notice."""

import signal
import time

import pytest

from tests.checker import judge
from tests.faults.load import Load

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-web")]


@pytest.mark.fault(
    "T09",
    "kill -9 of one of 2 web processes under load, 5 times",
    "C1-C10; all clients and screens are back <= 5 s; at most one lost line a client and kill",
)
def test_a_killed_web_process_loses_nothing(ground, history, seed, row):
    back = []
    with Load(ground, history, seed) as load:
        for turn in range(5):
            load.run_for(40)
            now = time.monotonic()
            ground.web.kill(turn % 2)
            back.append(load.back_after(now))
            ground.web.replace(turn % 2)
    row.update(back_s=max(back), away_s=load.longest_absence(), lost_lines=history.lost_lines())
    row.update(history.figures())
    assert max(back) <= 5
    assert load.longest_absence() <= 5
    assert history.lost_lines() <= 5 * len(load.threads)
    assert history.unresolved() == set()
    judge(ground.evidence(history.calls, load.frames()))


@pytest.mark.fault(
    "web all gone",
    "kill -9 of all web processes at once under load, the port refuses until they are back",
    "C1-C10; all clients are back <= 5 s after the port opens",
)
def test_all_web_processes_gone_at_once_lose_nothing(ground, history, seed, row):
    with Load(ground, history, seed) as load:
        load.run_for(60)
        ground.door.set("refuse")
        for number in (0, 1):
            ground.web.kill(number)
        for number in (0, 1):
            ground.web.replace(number)
        ground.door.set("pass")
        back = load.back_after(time.monotonic())
        load.run_for(30)
    row.update(back_s=back, lost_lines=history.lost_lines(), **history.figures())
    assert back <= 5
    assert history.unresolved() == set()
    judge(ground.evidence(history.calls, load.frames()))


@pytest.mark.fault(
    "T28",
    "SIGTERM to each web process in turn under load, as an update does",
    "no press fails after a repeat; screens are told to move and are back <= 5 s; exit <= 15 s",
)
def test_an_update_under_load_is_not_noticed(ground, history, seed, row):
    exits = []
    with Load(ground, history, seed, screens=6) as load:
        for number in (0, 1):
            load.run_for(60)
            now = time.monotonic()
            ground.web.kill(number, signal.SIGTERM)
            exits.append(round(time.monotonic() - now, 2))
            ground.web.replace(number)
        load.run_for(40)
    codes = {code for screen in load.screens for _, code in screen.closes}
    row.update(exit_s=max(exits), away_s=load.longest_absence(), codes=sorted(codes))
    row.update(lost_lines=history.lost_lines(), **history.figures())
    assert max(exits) <= 15
    assert codes == {1012}
    assert load.longest_absence() <= 5
    assert history.unresolved() == set()
    judge(ground.evidence(history.calls, load.frames()))
