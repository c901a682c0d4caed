"""When may one come? Is it giving numbers now, until when, and when again.

Hall, agency and service all have to be open (agencies/calendar.py). A hall that is `always_open`
keeps no hours, only its quotas. All times are those of the wall clock in the hall.
"""

import datetime as dt
from typing import NamedTuple

from agencies.calendar import Calendar, DayOff, calendar_of
from agencies.clock import local
from agencies.models import Hall, Queue, Service

DAYS_AHEAD = 120
OPEN, NOT_YET, OVER, CLOSED, PAUSED, QUOTA = "open", "not_yet", "over", "closed", "paused", "quota"
HALL, AGENCY, SERVICE, BREAK, INCIDENT = "hall", "agency", "service", "break", "incident"


class Standing(NamedTuple):
    """How a service stands at a moment: why no number is given, and when one can be taken again.

    `cause` is what closes it: the whole hall, the agency, the service, a break of the day, or an
    incident of the `agency` that is named then.
    `last_issue_at` is that of the window which is open or comes next, `closes_at` that of the day.
    """

    state: str
    cause: str = ""
    holiday: DayOff | None = None
    opens_at: dt.datetime | None = None
    last_issue_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    quota_left: int | None = None
    agency: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


def is_issuing(hall: Hall, moment: dt.datetime, agency: int = 0, service: int = 0) -> bool:
    """Return whether numbers are given at this moment: by the hall, an agency, for a service."""
    if hall.always_open:
        return True
    wall = local(hall, moment)
    spans = calendar_of(hall).spans(wall.date(), agency, service)
    return any(span.gives(wall.time()) for span in spans)


def next_opening(
    hall: Hall, moment: dt.datetime, service: Service | None = None, *, is_over: bool = False
) -> dt.datetime | None:
    """Return when numbers are next given, looking 120 days ahead; not today when today `is_over`.

    A day on which the service's quota is nought is no opening.
    """
    wall, calendar = local(hall, moment), calendar_of(hall)
    place = (service.queue.agency_id, service.pk) if service else (0, 0)
    for days in range(1 if is_over else 0, DAYS_AHEAD + 1):
        date = wall.date() + dt.timedelta(days=days)
        for span in calendar.spans(date, *place) if _has_quota(calendar, date, service) else ():
            opens = dt.datetime.combine(date, span.opens, wall.tzinfo)
            if opens > wall:
                return opens
    return None


def _has_quota(calendar: Calendar, date: dt.date, service: Service | None) -> bool:
    limit = calendar.limit(date, service) if service else None
    return limit is None or limit.amount > 0


def standing(hall: Hall, service: Service, moment: dt.datetime, used: int = 0) -> Standing:
    """Return how a service stands; `used` says how many of today's quota were given."""
    wall, calendar = local(hall, moment), calendar_of(hall)
    if not service.is_open or service.queue.status == Queue.Status.CLOSED:
        return Standing(CLOSED, SERVICE)
    limit = calendar.limit(wall.date(), service)
    left = max(0, limit.amount - used) if limit else None
    found = Standing(OPEN) if hall.always_open else _by_the_clock(hall, wall, service)
    if found.is_open and service.queue.incident_since:
        name = service.queue.agency.short_name
        return Standing(PAUSED, INCIDENT, quota_left=left, agency=name)
    if found.is_open and service.queue.status == Queue.Status.PAUSED:
        return Standing(PAUSED, quota_left=left)
    if left == 0 and found.state in {OPEN, NOT_YET}:
        opens = next_opening(hall, moment, service, is_over=True)
        found = found._replace(state=QUOTA, opens_at=opens)
    return found._replace(quota_left=left)


def _by_the_clock(hall: Hall, wall: dt.datetime, service: Service) -> Standing:
    """Return how a service stands by its hours alone."""
    calendar, time = calendar_of(hall), wall.time()
    spans = calendar.spans(wall.date(), service.queue.agency_id, service.pk)
    span = next((span for span in spans if time < span.last_issue), None)
    if span is None:
        opens = next_opening(hall, wall, service, is_over=True)
        state = OVER if spans else CLOSED
        return Standing(state, _cause(hall, wall, service), calendar.day_off(wall.date()), opens)
    last_issue, closes = (
        dt.datetime.combine(wall.date(), each, wall.tzinfo)
        for each in (span.last_issue, spans[-1].closes)
    )
    if span.gives(time):
        return Standing(OPEN, last_issue_at=last_issue, closes_at=closes)
    opens = dt.datetime.combine(wall.date(), span.opens, wall.tzinfo)
    cause = BREAK if spans[0].opens <= time else _cause(hall, wall, service)
    return Standing(NOT_YET, cause, None, opens, last_issue, closes)


def window_ends(
    hall: Hall, agency_id: int, service_id: int, moment: dt.datetime
) -> dt.datetime | None:
    """Return until when people are served in a service's present window, or in its next of today.

    None when there is none left, or the hall keeps no hours.
    """
    if hall.always_open:
        return None
    wall = local(hall, moment)
    spans = calendar_of(hall).spans(wall.date(), agency_id, service_id)
    closes = next((span.closes for span in spans if wall.time() < span.closes), None)
    return None if closes is None else dt.datetime.combine(wall.date(), closes, wall.tzinfo)


def _cause(hall: Hall, wall: dt.datetime, service: Service) -> str:
    """Return which level gives no number now: the widest one that gives none."""
    if not is_issuing(hall, wall):
        return HALL
    return SERVICE if is_issuing(hall, wall, service.queue.agency_id) else AGENCY


def coming_week(hall: Hall, moment: dt.datetime) -> list[tuple[dt.date, dt.time]]:
    """Return the days of the next seven on which the hall opens, each with its first opening."""
    first = local(hall, moment).date()
    dates = [first + dt.timedelta(days=days) for days in range(7)]
    days = [(date, calendar_of(hall).spans(date)) for date in dates]
    return [(date, spans[0].opens) for date, spans in days if spans]
