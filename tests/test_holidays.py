"""On which days is the country at home? The decreed list of 2026, and estimates after it."""

import datetime as dt

import pytest

from agencies import holidays
from agencies.models import Hall, Holiday
from queueing import tasks
from tests.calendars import holiday, on


def dates(year: int, *days: str) -> list[dt.date]:
    """Return dates that are written as the domain page writes them: "1.1", "21-22.3"."""
    found = []
    for each in days:
        span, month = each.split(".")
        first, _, last = span.partition("-")
        found += [
            dt.date(year, int(month), day) for day in range(int(first), int(last or first) + 1)
        ]
    return found


NATIONAL = dates(
    2026,
    *("1.1", "16.1", "17.2", "19.3", "21-22.3", "3.4", "5.4", "1.5", "14.5", "27.5"),
    *("31.5", "1.6", "16.6", "17.8", "25.8", "25.12"),
)
JOINT_LEAVE = dates(2026, "16.2", "18.3", "20.3", "23-24.3", "15.5", "28.5", "24.12")


@pytest.fixture
def hall(cast) -> Hall:
    return cast.hall


def entered(hall: Hall, **which) -> list[dt.date]:
    return list(hall.holidays.filter(**which).order_by("date").values_list("date", flat=True))


def test_2026_has_17_national_holidays_and_8_days_of_joint_leave(hall):
    assert holidays.fill(hall, 2026) == 17 + 8
    assert entered(hall, kind="national") == NATIONAL
    assert entered(hall, kind="joint_leave") == JOINT_LEAVE
    assert entered(hall, is_confirmed=False) == []


def test_each_day_has_its_name_in_both_languages(hall):
    holidays.fill(hall, 2026)
    assert not hall.holidays.filter(name_en="").exists()
    names = hall.holidays.values_list("name_id", "name_en").get(date=dt.date(2026, 12, 25))
    assert names == ("Hari Raya Natal", "Christmas Day")


def test_a_year_without_a_decree_is_an_estimate_that_closes_the_hall(hall):
    holidays.fill(hall, 2027)
    days = Holiday.objects.all()
    assert days.count() > 15
    assert {(day.is_confirmed, day.is_closed) for day in days} == {(False, True)}
    assert not days.filter(name_id__contains="perkiraan").exists()


def test_filling_twice_adds_nothing(hall):
    holidays.fill(hall, 2026)
    assert holidays.fill(hall, 2026) == 0


def test_what_people_entered_and_changed_stays(hall):
    holiday(hall, dt.date(2026, 12, 9), "Pemilihan", kind="local")
    holiday(hall, dt.date(2026, 12, 25), "Natal", is_closed=False)
    holidays.fill(hall, 2026)
    kept = Holiday.objects.filter(name_id__in=["Pemilihan", "Natal"])
    assert [day.is_closed for day in kept.order_by("date")] == [True, False]


def test_an_estimate_that_has_moved_goes(hall):
    holiday(hall, dt.date(2027, 3, 17), kind="national", is_confirmed=False)
    holiday(hall, dt.date(2027, 3, 18), kind="national")
    holidays.fill(hall, 2027)
    assert dt.date(2027, 3, 17) not in entered(hall)
    assert dt.date(2027, 3, 18) in entered(hall)


def test_a_start_enters_each_year_once_and_brings_back_no_deleted_day(hall):
    today = dt.date(2026, 11, 24)
    assert holidays.fill_coming(hall, today) > 40
    hall.holidays.filter(date=dt.date(2026, 12, 24)).delete()
    assert holidays.fill_coming(hall, today) == 0
    assert hall.holidays.filter(date__year=2026).count() == 24


def test_a_new_year_is_entered_without_a_new_start(hall, clock):
    assert tasks.enter_holidays() > 40
    clock.set(on("2027-01-01", "00:30"))
    assert tasks.enter_holidays() > 10
    assert hall.holidays.filter(date__year=2028).exists()
    assert tasks.enter_holidays() == 0


def test_the_manager_is_warned_of_estimates_of_the_next_60_days(hall):
    near, far = dt.date(2027, 1, 5), dt.date(2027, 2, 6)
    for date in (near, far):
        holiday(hall, date, is_confirmed=False)
    holiday(hall, dt.date(2027, 1, 6), is_confirmed=False, is_closed=False)
    warned = holidays.to_confirm(hall, dt.date(2026, 11, 24))
    assert [day.date for day in warned] == [near]


def test_a_year_that_nobody_entered_is_noticed_in_time(hall):
    holidays.fill(hall, 2026)
    assert holidays.is_filled(hall, dt.date(2026, 10, 1))
    assert not holidays.is_filled(hall, dt.date(2026, 11, 24))
