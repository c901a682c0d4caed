"""What came of days, from what was counted: figures that were worked out by hand."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, Queue, Service
from queueing import reporting, spreadsheets
from queueing.reporting import Asked, HalfHourOfDay, Spread, Sums
from tests.counted import TUESDAY, a_counted_day, a_served_number, close

WEDNESDAY = TUESDAY + dt.timedelta(days=1)


@pytest.fixture
def asked(cast, clock):
    a_counted_day(cast, clock)
    return Asked(cast.hall, TUESDAY, TUESDAY)


@pytest.fixture
def both(asked, cast, clock):
    """A second day, on which one number waits for nothing and takes 15 minutes for two services."""
    a_served_number(cast, clock, "A01", "A02", minutes=15)
    return Asked(cast.hall, TUESDAY, WEDNESDAY)


def named(rows, name):
    return {getattr(row, name): row for row in rows}


def test_the_whole_hall_is_as_worked_out_by_hand(asked):
    whole = reporting.report(asked).whole
    assert whole.sums == Sums(5, 6, 2, 4, 3, 1, 0, 1, 1)
    assert whole.waits == Spread(4, 1410, 1020, 2100, 2100, 4, 4)
    assert whole.served == Spread(3, 540, 420, 900, 900, 3, 2)
    assert (whole.sums.priority_percent, whole.served.kept_percent) == (200 / 6, 200 / 3)
    assert whole.waits.minutes == [23.5, 17, 35, 35]


def test_a_person_counts_where_the_first_number_was_given(asked):
    agencies = named(reporting.report(asked).agencies, "agency")
    assert agencies["A"].sums == Sums(5, 5, 1, 3, 2, 1, 0, 1, 1)
    assert agencies["B"].sums == Sums(0, 1, 1, 1, 1, 0, 0, 0, 0)
    assert agencies["B"].waits == Spread(1, 2100, 2100, 2100, 2100, 1, 1)


def test_each_service_stands_beside_its_promise(asked):
    services = named(reporting.report(asked).services, "service")
    assert list(services) == ["A01", "A02", "B01"]
    assert (services["A01"].service_name, services["A01"].promise) == ("Layanan A01", 10)
    assert services["A01"].served == Spread(2, 660, 420, 900, 900, 2, 1)
    assert services["A02"].waits == Spread(1, 1920, 1920, 1920, 1920, 1, 1)
    assert services["A02"].served == Spread()
    assert services["A02"].served.kept_percent is None


def test_a_number_for_several_services_is_promised_their_minutes_together(both):
    several = named(reporting.report(both).services, "service")["A01,A02"]
    assert (several.service_name, several.promise) == ("Layanan A01 + Layanan A02", 20)
    assert several.served == Spread(1, 900, 900, 900, 900, 1, 1)


def test_a_median_is_one_of_all_people_together(both):
    whole = reporting.report(both).whole
    assert whole.served == Spread(4, 630, 420, 900, 900, 4, 3)
    assert whole.waits == Spread(5, 1128, 1020, 1920, 2100, 5, 5)


def test_the_load_of_a_day_says_each_half_hour(asked):
    assert reporting.load(asked, 1) == [HalfHourOfDay(18, 4, 2, 1), HalfHourOfDay(19, 2, 2, 2)]
    assert reporting.load(asked, 1)[0].at == dt.time(9)
    assert reporting.load(asked, 1)[0].calls_of_a_counter == 2


def test_the_load_of_days_is_their_mean(both):
    assert reporting.load(both, 2) == [
        HalfHourOfDay(18, 2.5, 1.5, 1),
        HalfHourOfDay(19, 1, 1, 1),
    ]


def test_each_weekday_is_the_mean_of_such_days(both, cast, clock):
    clock.forward(days=5)
    a_served_number(cast, clock, "A01", minutes=5)  # on the Tuesday after
    counted = reporting.days(asked := Asked(cast.hall, TUESDAY, clock.moment.date()))
    assert len(counted) == 3
    assert reporting.heat(asked, counted) == {2: {18: 2.5, 19: 1}, 3: {18: 1}}


def test_an_agency_is_asked_for_alone(both, cast):
    found = reporting.report(Asked(cast.hall, TUESDAY, WEDNESDAY, "B"))
    assert list(named(found.agencies, "agency")) == ["B"]
    assert found.whole.sums == found.agencies[0].sums == Sums(0, 1, 1, 1, 1, 0, 0, 0, 0)


def test_what_is_gone_is_called_by_its_letter_and_code(asked):
    Agency.objects.filter(code="B").update(code="X")
    Queue.objects.filter(code="B").update(code="X")
    Service.objects.filter(code="B01").update(code="X01")
    found = reporting.report(asked)
    assert named(found.agencies, "agency")["B"].agency_name == "B"
    gone = named(found.services, "service")["B01"]
    assert (gone.agency, gone.service_name, gone.promise) == ("B", "B01", None)
    assert (gone.served.people, gone.served.promised) == (1, 0)


def test_each_day_agency_and_service_is_a_row(both):
    rows = reporting.by_day(both)
    assert [(row.day, row.service) for row in rows] == [
        (TUESDAY, "A01"),
        (TUESDAY, "A02"),
        (TUESDAY, "B01"),
        (WEDNESDAY, "A01,A02"),
    ]
    whole = reporting.report(both).whole.sums
    assert [sum(column) for column in zip(*(row.sums for row in rows), strict=True)] == [*whole]


def test_a_span_over_months_is_asked_for_by_the_month(both, cast):
    year = Asked(cast.hall, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert reporting.by_day(year) == reporting.by_day(both)


def test_a_day_on_which_nobody_was_called_has_no_waits(cast, clock):
    cast.ticket()
    close(clock)
    whole = reporting.report(Asked(cast.hall, TUESDAY, TUESDAY)).whole
    assert (whole.sums.expired, whole.waits, whole.served) == (1, Spread(), Spread())
    assert whole.waits.minutes == [None] * 4


def test_only_closed_days_of_the_hall_are_known(both, cast, next_door):
    cast.ticket()
    assert reporting.last_counted(cast.hall) == WEDNESDAY
    assert reporting.days(Asked(cast.hall, TUESDAY, dt.date(2026, 12, 31))) == [TUESDAY, WEDNESDAY]
    assert reporting.last_counted(next_door.hall) is None
    assert reporting.report(Asked(next_door.hall, TUESDAY, WEDNESDAY)).whole.sums == Sums()


# --- What it costs ------------------------------------------------------------------------------


YEARS = """
    INSERT INTO queueing_halfhour (hall_id, date, slot, queue, service, counter, visits, issued,
        priority, legs, called, no_shows, finished, transferred, cancelled, expired, waits, served)
    SELECT %s, date '2020-01-01' + day, slot, 'A', 'A01', 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, '{60}',
           '{60}' FROM generate_series(1, 1000) AS day, generate_series(16, 27) AS slot
"""


def test_other_years_are_not_read(cast):
    asked = Asked(cast.hall, TUESDAY, TUESDAY)
    with CaptureQueriesContext(connection) as queries:
        reporting.last_counted(cast.hall), reporting.days(asked), reporting.report(asked)
        reporting.load(asked, 1), reporting.heat(asked, [])
    looks = [query["sql"] for query in queries if "queueing_halfhour" in query["sql"]]
    assert len(looks) == 7
    with connection.cursor() as cursor:
        cursor.execute(YEARS, [cast.hall.pk])
        cursor.execute("ANALYZE queueing_halfhour")
        for look in looks:
            cursor.execute(f"EXPLAIN {look}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "a_half_hour_is_counted_once" in plan
            assert "Seq Scan on queueing_halfhour" not in plan


def test_the_number_of_statements_is_the_same_for_one_day_and_many(
    both, cast, django_assert_num_queries
):
    for span in (Asked(cast.hall, TUESDAY, TUESDAY), both):
        with django_assert_num_queries(5):
            reporting.report(span)


# --- The file -----------------------------------------------------------------------------------


def test_what_is_not_known_is_an_empty_cell():
    assert spreadsheets.as_csv([["a", None, 3]]) == "\ufeffa;;3\r\n"
