"""A day that was pressed, closed and counted, small enough to be worked out by hand."""

import datetime as dt

from queueing import lifecycle, tasks

TUESDAY = dt.date(2026, 11, 24)
OFFICER = {"actor": "operator:officer"}


def a_counted_day(cast, clock) -> None:
    """Five people with six numbers.

    A-001 (priority) waits 10 minutes and takes 7; its holder has B-001 as well, which waits 35 and
    takes 5. A-002 waits 17 and takes 15; A-003 waits 32 and does not come; A-004 is given back;
    A-005 is left in line. Ten minutes are promised for each service.
    """
    cast.visit("A01", "B01", priority="elderly"), cast.visit("A01"), cast.visit("A02")
    clock.forward(minutes=10)
    cast.serve(1)
    clock.forward(minutes=7)
    lifecycle.finish(cast.counter(1), **OFFICER)
    cast.serve(1)
    clock.forward(minutes=15)
    lifecycle.finish(cast.counter(1), **OFFICER)
    cast.call(1)
    clock.forward(minutes=3)
    lifecycle.no_show(cast.counter(1), said_so=True, **OFFICER)
    cast.serve(3)
    clock.forward(minutes=5)
    lifecycle.finish(cast.counter(3), **OFFICER)
    lifecycle.cancel(cast.ticket("A02"), actor="visitor")
    cast.ticket("A01")
    close(clock)


def a_served_number(cast, clock, *codes: str, minutes: int) -> None:
    """Somebody is called at once, served as long, and the day is over."""
    cast.visit(*codes)
    cast.serve(1)
    clock.forward(minutes=minutes)
    lifecycle.finish(cast.counter(1), **OFFICER)
    close(clock)


def close(clock) -> None:
    """Let the night come, in which the day is closed and counted; it is nine again."""
    clock.set(clock.moment.replace(hour=2, minute=0) + dt.timedelta(days=1))
    tasks.close_days()
    tasks.count_days()
