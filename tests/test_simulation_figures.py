"""What a simulation says: its chance, its plans, its figures, reckoned by hand."""

import datetime as dt
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from agencies.management.commands.load_hall import CATALOGUE
from agencies.reading import read_hall
from queueing.simulating import accuracy, comparing, methods, staffing, summary, telling
from queueing.simulating.arrivals import Crowd, Offered
from queueing.simulating.assumptions import PRESETS, Assumptions, as_in_the_reference
from queueing.simulating.record import Number, Record, Share
from queueing.simulating.staffing import Change, Hours
from queueing.simulating.stage import MARK, StageError, Stages, require_stage
from queueing.simulating.streams import Lot
from tests.ledger import Ledger
from tests.running import on_database

pytestmark = pytest.mark.long

OPENS = dt.datetime(2026, 11, 25, 8, tzinfo=dt.UTC)
HOURS = Hours(OPENS, OPENS + dt.timedelta(hours=7))
OFFER = {"A": [Offered("A01", 10), Offered("A02", 20)], "B": [Offered("B01", 15)]}
TWO = Assumptions(visits=1000, shares={"A": 75, "B": 25})


def crowd(assumptions: Assumptions = TWO, seed: int = 1, day: int = 0) -> list:
    return Crowd(assumptions, OFFER, Lot(seed, day)).coming(OPENS)


# --- Chance -------------------------------------------------------------------------------------


def test_the_same_lot_brings_the_same_people_and_another_brings_others():
    assert crowd() == crowd()
    assert crowd() != crowd(seed=2)
    assert crowd() != crowd(day=1)


def test_what_one_purpose_draws_disturbs_no_other():
    without, with_priority = crowd(replace(TWO, priority=0)), crowd(replace(TWO, priority=1))
    assert [replace(person, priority="") for person in with_priority] == without


def test_a_day_looks_as_assumed():
    people = crowd()
    early = [each for each in people if each.arrives_at < OPENS + dt.timedelta(minutes=4)]
    last = OPENS + dt.timedelta(hours=6.5)
    errands = [person.errands[0] for person in people]
    minutes = [errand.seconds / 60 for errand in errands if errand.service == "B01"]
    assert len(people) == 1000
    assert 80 <= len(early) <= 130
    assert max(person.arrives_at for person in people) < last
    assert 220 <= len(minutes) <= 280
    assert 7.5 <= sum(minutes) / len(minutes) <= 10.5
    assert 90 <= sum(len(person.errands) > 1 for person in people) <= 150
    assert 30 <= sum(person.is_absent for person in people) <= 70
    assert 75 <= sum(bool(person.priority) for person in people) <= 125


# --- Plans --------------------------------------------------------------------------------------


def shifts(counters: dict[str, int], changes: str = "") -> list:
    read = staffing.read_changes(changes)
    return staffing.shifts(TWO, counters, HOURS, Lot(1, 0), read)


def test_counters_of_an_agency_rest_in_turn_and_a_lone_one_at_noon():
    rests = [(f"{each.rests_at:%H.%M}", each.rest) for each in shifts({"A": 3, "B": 1})]
    turn, hour = dt.timedelta(minutes=45), dt.timedelta(hours=1)
    assert rests == [("11.45", turn), ("12.30", turn), ("13.15", turn), ("12.00", hour)]


def test_one_counter_more_changes_nothing_about_the_others():
    usual, more = shifts({"A": 2, "B": 1}), shifts({"A": 2, "B": 1}, "A+1@10.00")
    assert [each for each in more if each in usual] == usual
    assert [f"{each.opens_at:%H}" for each in more if each not in usual] == ["10"]


def test_one_counter_less_leaves_at_its_hour():
    leaving = shifts({"A": 2, "B": 1}, "A-1@10.30")[1]
    assert f"{leaving.closes_at:%H.%M}" == "10.30"


def test_an_agency_that_is_not_there_gets_no_counter():
    with pytest.raises(staffing.NoSuchAgencyError, match="no agency Z"):
        shifts({"A": 2}, "Z+1")


def test_changes_are_read_as_they_are_said():
    assert staffing.read_changes("F+1@10.00, A-2") == [
        Change("F", 1, dt.time(10)),
        Change("A", -2, None),
    ]
    with pytest.raises(ValueError, match="F plus one"):
        staffing.read_changes("F plus one")


# --- The reference table of domain section 15, on paper ------------------------------------------


def waits_on_paper(preset: str, days: int) -> list[float]:
    """Minutes that people wait on days of the catalogue's hall, reckoned without our verbs."""
    files = read_hall(CATALOGUE)
    usual = as_in_the_reference(PRESETS[preset])
    offer: dict[str, list[Offered]] = defaultdict(list)
    for row in files.services:
        offer[row["agency_code"]].append(Offered(row["code"], row["target_minutes"]))
    counters = {row["code"]: row["counters"] * usual.counters for row in files.agencies}
    waits = []
    for lot in (Lot(1, day) for day in range(days)):
        ledger = Ledger(
            Crowd(usual, offer, lot).coming(OPENS),
            staffing.shifts(usual, counters, HOURS, lot),
            staffing.outages(usual, counters, HOURS, lot),
            usual.between,
            quotas=usual.quotas,
        )
        waits += [wait.total_seconds() / 60 for wait in ledger.played().values()]
    return waits


@pytest.mark.parametrize(
    ("preset", "mean", "p80", "p95"), [("biasa", 3.0, 3.4, 16.3), ("ramai", 12.9, 23.5, 52.6)]
)
def test_thirty_days_wait_as_in_the_reference(preset, mean, p80, p95):
    waits = waits_on_paper(preset, 30)
    assert np.mean(waits) == pytest.approx(mean, rel=0.2)
    assert np.percentile(waits, 80) == pytest.approx(p80, rel=0.3)
    assert np.percentile(waits, 95) == pytest.approx(p95, rel=0.3)


# --- Figures ------------------------------------------------------------------------------------


def number(person: int, wait: float | None, **more) -> Number:
    said = dict.fromkeys(methods.METHODS, 10.0)
    usual = {"agency": "A", "state": "done", "is_leg": False, "has_priority": False}
    usual |= {
        "ended": 30.0,
        "ahead": 1,
        "said": said,
        "told_middle": None,
        "told_late": None,
        "told_simple": None,
    }
    return Number(person=person, wait=wait, **{**usual, **more})


def record(*numbers: Number, **more) -> Record:
    usual = {"date": "2026-11-25", "people": len(numbers), "shares": {"A": Share(100, 40)}}
    usual |= {"stays": {}, "several": 0, "overlaps": 0, "turned_away": 0}
    return Record(numbers=list(numbers), events=0, seconds=0, **{**usual, **more})


def test_the_figures_of_a_small_day():
    day = record(
        number(1, 0.0),
        number(2, 10.0),
        number(3, 20.0, state="no_show"),
        number(4, None, state="expired", agency="B"),
        shares={"A": Share(100, 40), "B": Share(50, 0)},
    )
    found = summary.summary([day])
    assert found.waits == summary.Waits(3, 10.0, 10.0, 16.0, 19.0)
    assert found.states == {"done": 2, "no_show": 1, "expired": 1}
    assert [(each.code, each.waits.many, each.busy) for each in found.agencies] == [
        ("A", 3, 0.4),
        ("B", 0, 0.0),
    ]


def test_estimates_are_judged_beside_what_simpler_methods_say():
    told = {"told_middle": 12.0, "told_late": 16.0, "told_simple": 9.0}
    found = accuracy.judge(
        [
            record(
                number(1, 8.0, **told),
                number(2, 20.0, **told),
                number(3, 5.0),
                number(4, 0.0, ahead=0),
            )
        ]
    )
    rows = {each.method: each for each in found.methods}
    assert (found.many, found.untold) == (2, 1)
    assert rows["hall"] == accuracy.Judged("hall", 6.0, -2.0, 1.0, 0.5)
    assert rows["simple"] == accuracy.Judged("simple", 6.0, -5.0, 0.5)
    assert rows["ql"] == accuracy.Judged("ql", 6.0, -4.0, 1.0)


def test_what_is_saved_is_the_mean_of_those_whose_wait_changed():
    before = record(number(1, 20.0), number(2, 10.0), number(3, 5.0))
    after = record(number(1, 10.0), number(2, 6.0), number(3, 5.0))
    found = comparing.saving([before] * 5, [after] * 5)
    assert found == comparing.Saving(7.0, 2.0, 7.0, 7.0)
    assert telling.saved(found).startswith("hemat 7,0 menit rata-rata untuk 2 orang sehari")


@pytest.mark.parametrize("count", [1, 4])
def test_few_days_have_no_range(count):
    days = [record(number(1, 20.0))] * count, [record(number(1, 25.0))] * count
    assert comparing.saving(*days) == comparing.Saving(-5.0, 1.0, None, None)
    assert telling.saved(comparing.saving(*days)).startswith("lebih lama 5,0 menit")


# --- The stage ----------------------------------------------------------------------------------


def test_no_day_is_played_in_a_hall_of_its_own_rows(cast):
    cast.ticket()
    with pytest.raises(StageError):
        require_stage()
    with pytest.raises(CommandError, match="not a stage"):
        call_command("play_days")


def test_a_stage_bears_its_mark_and_is_gone_afterwards():
    stages = Stages()
    url = stages.make(stages.base)
    marked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    name = f"'{stages.base}'"
    assert on_database(url, marked.replace("%s", name)) == [(MARK,)]
    stages.sweep()
    assert on_database(stages.maker, marked.replace("%s", name)) == [(MARK,)]
    stages.end()
    assert on_database(stages.maker, marked.replace("%s", name)) == []


def test_the_presets_are_those_of_the_domain_page():
    sizes = {name: (preset.visits, preset.counters) for name, preset in PRESETS.items()}
    assert sizes == {
        "biasa": (270, 1),
        "ramai": (500, 1),
        "puncak": (1000, 2),
        "uji-beban": (1500, 3),
    }
