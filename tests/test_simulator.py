"""A simulated day: the same for the same seed, and as it is reckoned on paper without our verbs."""

import datetime as dt
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from agencies.clock import now
from agencies.loading import load
from agencies.management.commands.load_hall import CATALOGUE
from agencies.models import Counter, Hall, Service
from agencies.reading import read_hall
from mpp.embedded import free_port, wait_until
from queueing import lifecycle, soundness
from queueing.models import DayClose, Ticket, TicketEvent
from queueing.simulating import plan, recorded, season, summary
from queueing.simulating.assumptions import Assumptions, as_in_the_reference
from queueing.simulating.clockwork import StandingClock
from queueing.simulating.day import Day, Told
from queueing.simulating.season import Season
from queueing.simulating.streams import Lot
from tests.cast import fresh, make_agencies, make_hall
from tests.ledger import Ledger
from tests.running import REPOSITORY, on_database

pytestmark = pytest.mark.long

WEDNESDAY = dt.date(2026, 11, 25)
SMALL = Assumptions(visits=70, shares={"A": 60, "B": 40}, quotas={})
PLAIN = replace(as_in_the_reference(SMALL), priority=0, absent=0)


def a_hall(slug: str = "small") -> Hall:
    hall = make_hall(slug)
    make_agencies(hall, {"A": [1, 2], "B": [3]})
    hall.counters.update(status=Counter.Status.CLOSED)
    return hall


def played(hall: Hall, assumptions: Assumptions, lot: Lot, **options) -> Told:
    return played_so(hall, plan.draw(hall, WEDNESDAY, assumptions, lot), assumptions, **options)


def played_so(hall: Hall, drawn: plan.Plan, assumptions: Assumptions, **options) -> Told:
    clock = StandingClock(dt.datetime(2026, 11, 25, 7, tzinfo=ZoneInfo(hall.timezone)))
    return Day(hall, clock, drawn, assumptions, **options).play()


def on_paper(hall: Hall, assumptions: Assumptions, lot: Lot) -> dict[int, dt.timedelta]:
    drawn = plan.draw(hall, WEDNESDAY, assumptions, lot)
    return Ledger(drawn.people, drawn.shifts, drawn.outages, assumptions.between).played()


def waits(hall: Hall, told: Told) -> dict[int, dt.timedelta]:
    """Return how long each person waited; who had several numbers, for the last of them."""
    tickets = Ticket.objects.filter(hall=hall, called_at__isnull=False).order_by("pk")
    return {told.person_of[each.pk]: each.called_at - each.issued_at for each in tickets}


@pytest.mark.parametrize("seed", [2])
def test_everybody_waits_as_long_as_on_paper(db, seed):
    assumptions = replace(PLAIN, outages=0.5)
    hall = a_hall()
    expected = on_paper(hall, assumptions, Lot(seed, 0))
    told = played(hall, assumptions, Lot(seed, 0))
    assert waits(hall, told) == expected
    assert max(expected.values()) > dt.timedelta(minutes=10)


@pytest.mark.slow
def test_with_priority_and_absence_nobody_waits_for_two_counters_at_once(db):
    hall = a_hall()
    told = played(hall, replace(SMALL, visits=55, second=0.5, transferred=0.2, held=0.1), Lot(3, 0))
    states = dict(Ticket.objects.values_list("state").annotate(Count("pk")))
    assert told.turned_away == 0
    assert states.keys() == {"done", "no_show", "transferred"}
    assert soundness.faults() == []
    kinds = set(TicketEvent.objects.values_list("kind", flat=True))
    assert {"recall", "no_show", "reinstate", "hold", "resume", "transfer", "break"} <= kinds


def test_the_hall_thinks_of_its_future_soon_after_each_change_and_before_that_is_stale(db):
    moments: list[dt.datetime] = []
    played(a_hall(), replace(SMALL, visits=8), Lot(1, 0), on_tick=lambda _: moments.append(now()))
    pauses = {later - earlier for earlier, later in pairwise(moments)}
    assert dt.timedelta(seconds=15) <= min(pauses)
    assert max(pauses) <= dt.timedelta(seconds=45)


def test_whoever_presses_at_a_counter_has_it_from_then_on(db):
    hall = a_hall()
    mine: list[Ticket] = []

    def press(hall: Hall) -> None:
        """Somebody takes a number by hand, and an officer in training calls the next."""
        counter = hall.counters.select_related("hall").get(number=2)
        waiting = Ticket.objects.waiting().filter(hall=hall, queue__code="A")
        if not mine and counter.status == Counter.Status.OPEN and waiting.exists():
            service = Service.objects.select_related("queue__agency").get(hall=hall, code="A01")
            mine.extend(lifecycle.issue(hall, [service], actor="kiosk:kiosk 1", channel="kiosk"))
            mine.append(lifecycle.call_next(counter, actor="operator:me", finish_current=True))

    told = played(hall, replace(PLAIN, visits=45), Lot(1, 0), is_shown=True, on_tick=press)
    stranger, called = (fresh(each) for each in mine)
    assert told.taken_over == {2}
    assert (called.state, called.counter.number) == ("called", 2)
    assert (stranger.state, stranger.counter.number) == ("done", 1)


def played_again(like: Hall, hall: Hall) -> Told:
    """Play in this hall what came of the day in another, as words carry it."""
    words = json.loads(json.dumps(recorded.read(like, WEDNESDAY)))
    return played_so(hall, recorded.plan(words, hall), PLAIN)


def test_a_day_that_was_is_played_again_and_everybody_waits_as_long(db):
    hall, again = a_hall(), a_hall("again")
    was = waits(hall, played(hall, replace(PLAIN, visits=30, second=0.3), Lot(1, 0)))
    assert waits(again, played_again(hall, again)) == was
    assert len(was) == 30


def test_who_was_absent_sent_on_or_privileged_is_so_again(db):
    hall, again = a_hall(), a_hall("again")
    played(hall, replace(SMALL, visits=25, transferred=0.3, absent=0.2, returning=0.5), Lot(3, 0))
    played_again(hall, again)
    rows = Ticket.objects.values_list("queue__code", "number", "priority", "state", "returns")
    assert set(rows.filter(hall=again)) == set(rows.filter(hall=hall))


def test_a_day_on_which_nobody_came_cannot_be_played_again(db):
    a_hall()
    with pytest.raises(CommandError, match="Nobody took a number on 2026-11-24"):
        call_command("simulate", like="2026-11-24")


def log(hall: Hall) -> list[tuple]:
    told = ("at", "kind", "label", "queue", "service", "counter", "actor", "detail")
    return list(TicketEvent.objects.filter(hall=hall).order_by("version").values_list(*told))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_day(db):
    halls = [a_hall(f"hall-{number}") for number in range(3)]
    for hall, seed in zip(halls, (7, 7, 8), strict=True):
        played(hall, replace(SMALL, visits=25), Lot(seed, 0))
    first, again, other = map(log, halls)
    assert first == again
    assert first != other


# --- Day after day ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_season_goes_on_over_the_days_on_which_the_hall_opens(db):
    load(read_hall(CATALOGUE))
    wanted = Season(visits=8, date="2026-11-27", priority_credit=15)
    friday, monday = season.play(wanted, [0, 1])
    hall = Hall.objects.get()
    assert (friday.date, friday.people) == ("2026-11-27", 6)
    assert (monday.date, monday.people) == ("2026-11-30", 10)
    assert (hall.always_open, hall.priority_credit) == (False, 15)
    assert DayClose.objects.count() == 2
    assert sum(share.busy for share in monday.shares.values()) > 0
    assert summary.summary([friday, monday]).states.keys() <= {"done", "no_show", "transferred"}


def test_a_preset_says_how_many_counters_and_quotas_there_are(db):
    load(read_hall(CATALOGUE))
    hall = season.set_up(Season(preset="puncak", reference=True))
    assert (hall.counters.count(), hall.counters.filter(queues__code="A").count()) == (54, 10)
    assert list(hall.quotas.values_list("queue__code", "amount")) == [("G", 30)]
    assert hall.always_open


# --- The command, whole -------------------------------------------------------------------------


def simulate(*words: str) -> dict:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "simulate", "--json", *words],
        cwd=REPOSITORY,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_days_are_played_beside_the_hall_and_leave_nothing_behind():
    found = simulate("--visits", "60", "--days", "2", "--processes", "2")["summary"]
    assert (found["days"], found["overlaps"]) == (2, 0)
    assert set(found["states"]) <= {"done", "no_show", "transferred"}
    named = "SELECT datname FROM pg_database WHERE datname LIKE '%simulasi%'"
    assert on_database(os.environ["TEST_ADMIN_URL"], named) == []


@pytest.mark.slow
def test_a_day_can_be_looked_at_while_it_is_played():
    port = free_port()
    words = ["simulate", "--visits", "5", "--speed", "1200", "--port", str(port)]
    playing = subprocess.Popen([sys.executable, "manage.py", *words], cwd=REPOSITORY)  # noqa: S603
    seen: set[str] = set()

    def is_noon() -> bool:
        with suppress(httpx.HTTPError):
            board = httpx.get(f"http://127.0.0.2:{port}/api/v1/halls/payakumbuh/board").json()
            seen.add(board["at"][:13])
        return "2026-11-23T12" in seen

    def says_what_it_is() -> bool:
        with suppress(httpx.HTTPError):
            page = httpx.get(f"http://127.0.0.2:{port}/payakumbuh/")
            return "Simulasi: " in page.text
        return False

    assert wait_until(says_what_it_is, 120)

    assert wait_until(is_noon, 120)
    assert playing.wait(120) == 0


@pytest.mark.slow
def test_a_counter_more_saves_time_and_harms_nobody():
    found = simulate("--preset", "ramai", "--always-open", "--what-if", "F+1@09.00")
    assert found["saving"]["minutes"] > 5
    assert found["waits"]["F+1@09.00"]["mean"] < found["waits"]["-"]["mean"]


@pytest.mark.slow
def test_two_errands_at_once_are_done_sooner_than_one_by_one():
    found = simulate("--visits", "300", "--always-open", "--what-if", "errands")
    assert found["parallel"] < found["sequential"]
