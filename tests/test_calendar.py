"""The calendar: profiles, exceptions, breaks, holidays; and the passport counter, day by day."""

import datetime as dt
import random

import pytest
from django.db import IntegrityError

from agencies import hours, notices
from agencies.calendar import Span, calendar_of, meet
from agencies.models import Hall, Service, Timetable, Window
from tests.calendars import FRI, THU, TUE, at, holiday, on, quota, timetable, with_hours
from tests.cast import make_hall, refused
from tests.programs import Program

DAYS = range(5)
WINDOW = (DAYS, "08:00", "14:30", "15:00")


@pytest.fixture
def hall(cast) -> Hall:
    return with_hours(cast.hall)


def gives(hall: Hall, moment: dt.datetime, agency: int = 0, service: int = 0) -> bool:
    return hours.is_issuing(hall, moment, agency, service)


def opens(hall: Hall, moment: dt.datetime, service: Service | None = None) -> dt.datetime | None:
    return hours.next_opening(hall, moment, service)


# --- Profiles and exceptions --------------------------------------------------------------------


def test_in_ramadan_the_hall_keeps_the_hours_of_ramadan(hall):
    days = (dt.date(2027, 2, 8), dt.date(2027, 3, 9))
    timetable(hall, (DAYS, "08:00", "13:30", "14:00"), name="Ramadan 1448 H", dates=days)
    assert gives(hall, on("2027-02-05", "14:00"))
    assert not gives(hall, on("2027-02-08", "13:30"))
    assert gives(hall, on("2027-03-09", "13:29:59"))
    assert gives(hall, on("2027-03-10", "14:29"))


def test_of_two_profiles_the_shorter_one_counts(hall):
    timetable(hall, (DAYS, "08:00", "12:00", "12:00"), dates=(dt.date(2026, 11, 1), None))
    month = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    timetable(hall, (DAYS, "09:00", "13:00", "13:00"), dates=month)
    assert not gives(hall, at(1, "08:30"))
    assert gives(hall, at(1, "12:30"))


def test_of_two_equally_long_profiles_the_later_one_counts(hall):
    for first, closes in ((22, "10:00"), (23, "11:00")):
        dates = (dt.date(2026, 11, first), dt.date(2026, 11, first + 6))
        timetable(hall, (DAYS, "08:00", closes, closes), dates=dates)
    assert gives(hall, at(1, "10:30"))


def test_one_day_may_have_hours_of_its_own(hall):
    day = (dt.date(2026, 11, 24),) * 2
    timetable(hall, (None, "10:00", "11:00", "11:30"), name="Rapat dinas", dates=day)
    assert [gives(hall, at(1, time)) for time in ("09:59", "10:00", "11:00")] == [
        False,
        True,
        False,
    ]
    assert gives(hall, at(2, "09:00"))


def test_one_day_may_be_closed(hall):
    timetable(hall, name="Pemadaman listrik", dates=(dt.date(2026, 11, 24),) * 2)
    assert not gives(hall, at(1, "09:00"))
    assert opens(hall, at(0, "15:00")) == at(2, "08:00")


def test_a_window_without_a_weekday_counts_where_no_other_does(hall):
    Timetable.objects.all().delete()
    timetable(hall, (None, "08:00", "14:00", "14:00"), (FRI, "08:00", "11:00", "11:00"))
    assert gives(hall, at(6, "13:00"))
    assert not gives(hall, at(4, "13:00"))


# --- Breaks -------------------------------------------------------------------------------------


@pytest.fixture
def with_friday_break(cast) -> Hall:
    """Monday to Thursday without a gap; Friday the hall rests from 11.30 to 13.30."""
    Hall.objects.filter(pk=cast.hall.pk).update(always_open=False)
    friday = [(FRI, "08:00", "11:30", "11:30"), (FRI, "13:30", "14:30", "15:00")]
    timetable(cast.hall, (range(4), "08:00", "14:30", "15:00"), *friday)
    return cast.hall


def test_on_friday_the_hall_gives_no_number_in_the_break(with_friday_break):
    times = ("11:29:59", "11:30", "13:29:59", "13:30", "14:29:59", "14:30")
    given = [gives(with_friday_break, at(4, time)) for time in times]
    assert given == [True, False, False, True, True, False]


def test_in_the_break_it_says_when_it_goes_on(cast, with_friday_break, clock):
    clock.set(at(4, "12:00"))
    said = Program(cast, "kiosk").take("A01").json()["message"]
    assert said == "Sedang jam istirahat. Buka pukul 13.30."


def test_the_last_number_before_the_break_is_that_of_the_window(cast, with_friday_break):
    now = hours.standing(with_friday_break, cast.service("A01"), at(4, "10:00"))
    assert (now.last_issue_at, now.closes_at) == (at(4, "11:30"), at(4, "15:00"))


def test_an_agency_may_rest_while_the_hall_goes_on(cast, hall):
    lunch = [(DAYS, "08:00", "12:00", "12:00"), (DAYS, "13:00", "15:00", "15:00")]
    timetable(hall, *lunch, agency=cast.a)
    assert gives(hall, at(1, "12:30"))
    assert not gives(hall, at(1, "12:30"), cast.a.pk)
    assert gives(hall, at(1, "12:30"), cast.b.pk)
    assert gives(hall, at(1, "14:29"), cast.a.pk)
    assert not gives(hall, at(1, "14:30"), cast.a.pk)


# --- Levels -------------------------------------------------------------------------------------


def test_hall_agency_and_service_all_have_to_be_open(cast, hall):
    service = cast.service("A01")
    timetable(hall, (DAYS, "09:00", "16:00", "16:00"), agency=cast.a)
    timetable(hall, (None, "07:00", "11:00", "11:00"), services=[service])
    place = (cast.a.pk, service.pk)
    times = ("08:59", "09:00", "10:59", "11:00")
    assert [gives(hall, at(1, time), *place) for time in times] == [False, True, True, False]
    assert calendar_of(hall).spans(at(1, "00:00").date(), *place) == (
        Span(dt.time(9), dt.time(11), dt.time(11)),
    )


@pytest.mark.parametrize(
    ("closed", "sentence"),
    [
        ({}, "Mal Pelayanan Publik tutup hari ini. Buka lagi Rabu, 25 November, 08.00."),
        ({"agency": "a"}, "Instansi ini tutup hari ini. Buka lagi Rabu, 25 November, 08.00."),
        (
            {"services": ["A01"]},
            "Layanan ini tidak dibuka hari ini. Buka lagi Rabu, 25 November, 08.00.",
        ),
    ],
)
def test_a_citizen_reads_what_is_closed(cast, hall, clock, closed, sentence):
    whose = {
        "agency": cast.a if "agency" in closed else None,
        "services": [cast.service(code) for code in closed.get("services", [])],
    }
    timetable(hall, name="Rapat", dates=(dt.date(2026, 11, 24),) * 2, **whose)
    assert Program(cast, "kiosk").take("A01").json()["message"] == sentence


def test_of_several_services_the_sentence_names_the_one_that_is_closed(cast, hall, clock):
    timetable(hall, (WINDOW[0], "10:00", "12:00", "12:00"), services=[cast.service("B01")])
    response = Program(cast, "kiosk").take("A01", "B01")
    assert response.status_code == 409
    assert response.json()["message"] == "Layanan B01: Layanan ini belum dibuka. Buka pukul 10.00."
    assert hall.visits.count() == 0


@pytest.mark.parametrize(("time", "state"), [("09:00", "paused"), ("15:00", "over")])
def test_a_paused_queue_is_told_as_paused_only_while_it_would_be_open(cast, hall, time, state):
    hall.queues.filter(code="A").update(status="paused")
    assert hours.standing(hall, cast.service("A01"), at(1, time)).state == state


def test_a_hall_that_is_always_open_keeps_none_of_the_hours(cast, clock):
    timetable(cast.hall, name="Tutup", dates=(dt.date(2026, 11, 24),) * 2)
    holiday(cast.hall, dt.date(2026, 11, 24))
    assert Program(cast, "kiosk").take("A01").status_code == 201


def test_a_closed_agency_shows_its_queue_as_closed(cast, hall, clock):
    timetable(hall, name="Rapat", dates=(dt.date(2026, 11, 24),) * 2, agency=cast.b)
    queues = Program(cast).get("board").json()["queues"]
    assert [(queue["code"], queue["status"]) for queue in queues] == [
        ("A", "open"),
        ("B", "closed"),
    ]


# --- Holidays -----------------------------------------------------------------------------------


def test_on_a_holiday_the_hall_is_closed_and_says_which_it_is(cast, hall, clock):
    holiday(hall, dt.date(2026, 11, 24), "Hari Jadi Kota", name_en="City Day")
    kiosk = Program(cast, "kiosk")
    told = kiosk.take("A01").json()["message"]
    assert told == "Hari ini libur: Hari Jadi Kota. Buka lagi Rabu, 25 November, 08.00."
    english = Program(cast, "kiosk", language="en").take("A01").json()["message"]
    assert english == "Today is a holiday: City Day. Opens again Wednesday, 25 November, 08.00."


def test_a_holiday_on_which_the_hall_works_closes_nothing(hall):
    holiday(hall, dt.date(2026, 11, 24), is_closed=False)
    assert gives(hall, at(1, "09:00"))


def test_a_holiday_that_nobody_confirmed_closes_the_hall_as_well(hall):
    holiday(hall, dt.date(2026, 11, 24), is_confirmed=False)
    assert not gives(hall, at(1, "09:00"))


def test_the_next_opening_lies_behind_a_long_row_of_holidays(hall):
    for days in range(1, 60):
        holiday(hall, at(days, "00:00").date())
    assert opens(hall, at(0, "15:00")) == at(60, "08:00")


def test_the_sentence_names_the_year_when_it_is_another_one(cast, hall, clock):
    clock.set(on("2026-12-31", "15:30"))
    holiday(hall, dt.date(2027, 1, 1))
    said = Program(cast, "kiosk").take("A01").json()["message"]
    assert said.endswith("Buka lagi Senin, 4 Januari 2027, 08.00.")


# --- The edges of a day and of a zone -----------------------------------------------------------


def test_a_night_hall_gives_numbers_from_midnight_to_the_last_minute(cast):
    Hall.objects.filter(pk=cast.hall.pk).update(always_open=False)
    timetable(cast.hall, (range(7), "00:00", "23:59", "23:59"))
    times = ("00:00", "23:58:59.999999", "23:59", "23:59:59")
    assert [gives(cast.hall, at(1, time)) for time in times] == [True, True, False, False]
    assert opens(cast.hall, at(1, "23:59:30")) == at(2, "00:00")


@pytest.mark.parametrize("zone", ["Asia/Makassar", "Asia/Jayapura"])
def test_a_hall_in_the_east_opens_by_its_own_clock(db, zone):
    hall = with_hours(make_hall("timur", timezone=zone))
    assert opens(hall, at(0, "16:00", zone)) == at(1, "08:00", zone)
    assert gives(hall, at(1, "08:00", zone).astimezone(dt.UTC))
    assert not gives(hall, at(1, "07:59:59", zone).astimezone(dt.UTC))
    assert not gives(hall, at(1, "14:30", zone))


def test_a_holiday_begins_at_the_midnight_of_the_hall(db):
    hall = with_hours(make_hall("timur", timezone="Asia/Jayapura"))
    holiday(hall, dt.date(2026, 11, 24))
    assert opens(hall, on("2026-11-23", "23:30", "Asia/Jayapura")) == at(
        2, "08:00", "Asia/Jayapura"
    )


# --- The passport counter, day by day -----------------------------------------------------------


@pytest.fixture
def passports(cast) -> tuple[Hall, Service, Service]:
    """Papers on Tuesday and Thursday until 12.00, collection from 13.00 to 16.00; 20, then 30."""
    hall = cast.hall
    Hall.objects.filter(pk=hall.pk).update(always_open=False)
    friday = [(FRI, "08:00", "11:30", "11:30"), (FRI, "13:30", "16:00", "16:30")]
    timetable(hall, (range(4), "08:00", "16:00", "16:30"), *friday)
    papers, collection = cast.service("A01"), cast.service("A02")
    timetable(hall, ([TUE, THU], "08:00", "12:00", "12:00"), services=[papers])
    timetable(hall, (None, "13:00", "16:00", "16:00"), services=[collection])
    december = dt.date(2026, 12, 1)
    quota(cast.queue("A"), 20, [papers], last_date=december - dt.timedelta(days=1))
    quota(cast.queue("A"), 30, [papers], first_date=december)
    holiday(hall, dt.date(2026, 12, 8), "Hari Pemilihan")
    return hall, papers, collection


@pytest.mark.parametrize(
    ("moment", "used", "standing", "again"),
    [
        (("2026-11-23", "09:00"), 0, ("closed", 20), ("2026-11-24", "08:00")),  # Monday
        (("2026-11-24", "07:59"), 0, ("not_yet", 20), ("2026-11-24", "08:00")),  # Tuesday
        (("2026-11-24", "08:00"), 0, ("open", 20), None),
        (("2026-11-24", "11:59"), 19, ("open", 1), None),
        (("2026-11-24", "09:10"), 20, ("quota", 0), ("2026-11-26", "08:00")),
        (("2026-11-24", "12:00"), 3, ("over", 17), ("2026-11-26", "08:00")),
        (("2026-11-25", "09:00"), 0, ("closed", 20), ("2026-11-26", "08:00")),  # Wednesday
        (("2026-11-26", "09:00"), 20, ("quota", 0), ("2026-12-01", "08:00")),  # Thursday
        (("2026-11-27", "09:00"), 0, ("closed", 20), ("2026-12-01", "08:00")),  # Friday
        (("2026-12-01", "09:00"), 20, ("open", 10), None),  # thirty from December on
        (("2026-12-01", "09:00"), 30, ("quota", 0), ("2026-12-03", "08:00")),
        (("2026-12-03", "12:00"), 30, ("over", 0), ("2026-12-10", "08:00")),  # a holiday on Tuesday
        (("2026-12-08", "09:00"), 0, ("closed", 30), ("2026-12-10", "08:00")),
    ],
)
def test_papers_are_taken_on_two_mornings_a_week(passports, moment, used, standing, again):
    hall, papers, _ = passports
    now = hours.standing(hall, papers, on(*moment), used)
    assert (now.state, now.quota_left) == standing
    assert now.opens_at == (on(*again) if again else None)


@pytest.mark.parametrize(
    ("day", "time", "state", "again"),
    [
        ("2026-11-24", "12:59", "not_yet", ("2026-11-24", "13:00")),
        ("2026-11-24", "13:00", "open", None),
        ("2026-11-24", "15:59", "open", None),
        ("2026-11-24", "16:00", "over", ("2026-11-25", "13:00")),
        ("2026-11-27", "13:10", "not_yet", ("2026-11-27", "13:30")),  # the hall's Friday break
        ("2026-11-27", "16:00", "over", ("2026-11-30", "13:00")),
        ("2026-12-08", "14:00", "closed", ("2026-12-09", "13:00")),  # the holiday
    ],
)
def test_passports_are_collected_in_the_afternoon(passports, day, time, state, again):
    hall, _, collection = passports
    now = hours.standing(hall, collection, on(day, time))
    assert (now.state, now.quota_left) == (state, None)
    assert now.opens_at == (on(*again) if again else None)


def test_in_ramadan_the_papers_follow_the_hall(passports):
    hall, papers, _ = passports
    days = (dt.date(2027, 2, 8), dt.date(2027, 3, 9))
    timetable(hall, (range(5), "08:30", "11:00", "14:00"), name="Ramadan", dates=days)
    morning = hours.standing(hall, papers, on("2027-02-09", "08:15"))
    assert (morning.state, morning.opens_at) == ("not_yet", on("2027-02-09", "08:30"))
    assert hours.standing(hall, papers, on("2027-02-09", "11:00")).state == "over"


def test_the_sentence_of_a_used_quota_is_the_one_agreed_on(passports):
    hall, papers, _ = passports
    moment = on("2026-11-26", "09:00")
    told = notices.in_both(hall, hours.standing(hall, papers, moment, 20), moment)
    assert told == {
        "id": "Kuota hari ini habis. Buka lagi Selasa, 1 Desember, 08.00.",
        "en": "Today's quota is used up. Opens again Tuesday, 1 December, 08.00.",
    }


def test_a_day_with_a_quota_of_nought_is_no_opening(passports, cast):
    hall, papers, _ = passports
    quota(
        cast.queue("A"),
        0,
        [papers],
        first_date=dt.date(2026, 11, 26),
        last_date=dt.date(2026, 11, 26),
    )
    hall.refresh_from_db()
    assert opens(hall, on("2026-11-24", "12:00"), papers) == on("2026-12-01", "08:00")


# --- Any calendar -------------------------------------------------------------------------------


def any_calendar(hall: Hall, chance: random.Random) -> None:
    """Give the hall timetables, exceptions and holidays as nobody would think of them."""
    for level in ({}, {"agency": hall.agencies.first()}, {"services": [hall.services.first()]}):
        for _ in range(chance.randint(1, 3)):
            first = dt.date(2026, 11, 1) + dt.timedelta(days=chance.randint(0, 40))
            dates = chance.choice([(None, None), (first, first), (first, first + dt.timedelta(9))])
            timetable(hall, *any_windows(chance), dates=dates, **level)
    for _ in range(chance.randint(0, 8)):
        date = dt.date(2026, 11, 1) + dt.timedelta(days=chance.randint(0, 60))
        if not hall.holidays.filter(date=date).exists():
            holiday(hall, date, is_closed=chance.random() < 0.8)


def any_windows(chance: random.Random) -> list[tuple]:
    windows = []
    for weekday in chance.sample([None, *range(7)], chance.randint(0, 6)):
        times = sorted(chance.sample(range(24 * 60), chance.choice([3, 6])))
        for place in range(0, len(times), 3):
            clock = [f"{time // 60:02}:{time % 60:02}" for time in times[place : place + 3]]
            windows.append((weekday, *clock))
    return windows


@pytest.mark.parametrize("seed", range(12))
def test_the_next_opening_is_later_than_now_and_really_opens(cast, seed):
    chance = random.Random(seed)
    zone = chance.choice(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
    Hall.objects.filter(pk=cast.hall.pk).update(always_open=False, timezone=zone)
    any_calendar(cast.hall, chance)
    service = cast.service("A01")
    for _ in range(60):
        moment = at(0, "00:00", zone) + dt.timedelta(minutes=chance.randint(0, 60 * 24 * 45))
        found = opens(cast.hall, moment, service)
        if found:
            place = (service.queue.agency_id, service.pk)
            assert found > moment
            assert gives(cast.hall, found, *place)
            assert not gives(cast.hall, found - dt.timedelta(microseconds=1), *place) or (
                touches(cast.hall, found, *place)
            )


def touches(hall: Hall, moment: dt.datetime, *place: int) -> bool:
    """Whether one window ends at the very moment at which the next begins."""
    spans = calendar_of(hall).spans(moment.date(), *place)
    return any(
        span.opens < moment.time() < span.last_issue or span.last_issue == moment.time()
        for span in spans
    )


def test_two_sets_of_windows_meet_where_both_are_open():
    def spans(*times: tuple[int, int]) -> tuple[Span, ...]:
        return tuple(Span(dt.time(a), dt.time(b), dt.time(b)) for a, b in times)

    assert meet(spans((8, 12), (13, 15)), spans((11, 14))) == spans((11, 12), (13, 14))
    assert meet(spans((8, 12)), spans((12, 14))) == ()
    assert meet(spans((8, 12)), ()) == ()


# --- What is remembered, and until when ---------------------------------------------------------


def test_a_calendar_is_read_once_and_again_when_it_has_changed(hall, django_assert_num_queries):
    gives(hall, at(1, "09:00"))
    with django_assert_num_queries(0):
        assert gives(hall, at(1, "09:00"))
    Window.objects.filter(weekday=TUE).delete()
    hall.refresh_from_db()
    with django_assert_num_queries(1):
        assert not gives(hall, at(1, "09:00"))
        assert gives(hall, at(2, "09:00"))


CHANGES = {
    "a timetable": lambda cast: Timetable.objects.update(name="x"),
    "a window": lambda cast: Window.objects.filter(weekday=0).delete(),
    "a timetable's services": lambda cast: Timetable.objects.last().services.clear(),
    "a holiday": lambda cast: holiday(cast.hall, dt.date(2026, 11, 24)),
    "a quota": lambda cast: cast.hall.quotas.update(amount=1),
    "a quota's services": lambda cast: cast.hall.quotas.get().services.clear(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_of_the_calendar_gives_the_hall_a_new_mark(cast, next_door, hall, what):
    timetable(hall, WINDOW, services=[cast.service("A01")])
    quota(cast.queue("A"), 5, [cast.service("A01")])
    next_door.hall.refresh_from_db()
    before, theirs = Hall.objects.get(pk=hall.pk).calendar_mark, next_door.hall.calendar_mark
    CHANGES[what](cast)
    assert Hall.objects.get(pk=hall.pk).calendar_mark != before
    assert Hall.objects.get(pk=next_door.hall.pk).calendar_mark == theirs


def test_saving_a_hall_puts_no_old_mark_back(hall):
    stale = Hall.objects.get(pk=hall.pk)
    Window.objects.filter(weekday=0).delete()
    newer = Hall.objects.get(pk=hall.pk).calendar_mark
    stale.save()
    assert Hall.objects.get(pk=hall.pk).calendar_mark == newer != stale.calendar_mark


# --- Truths of the database ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "last_issue", "closes"),
    [("08:00", "08:00", "09:00"), ("09:00", "08:00", "10:00"), ("08:00", "10:00", "09:00")],
)
def test_a_window_opens_then_issues_then_closes(hall, opens, last_issue, closes):
    with refused(IntegrityError):
        timetable(hall, (0, opens, last_issue, closes))


def test_a_range_of_dates_runs_forwards(cast, hall):
    backwards = (dt.date(2026, 11, 2), dt.date(2026, 11, 1))
    with refused(IntegrityError):
        timetable(hall, WINDOW, dates=backwards)
    with refused(IntegrityError):
        quota(cast.queue("A"), 1, first_date=backwards[0], last_date=backwards[1])


def test_a_day_is_one_holiday(hall):
    holiday(hall, dt.date(2026, 11, 24))
    with refused(IntegrityError):
        holiday(hall, dt.date(2026, 11, 24))
