"""Rows that contradict each other are found, whatever brought them there."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection

from agencies.models import Hall
from queueing import lifecycle, soundness
from queueing.models import QueueDay, Ticket

OWN_WAY = "ALTER TABLE queueing_ticketevent DISABLE TRIGGER USER; {}"


@pytest.fixture
def busy(cast) -> Ticket:
    """A hall in which something of everything has happened; returns a waiting ticket."""
    for _ in range(4):
        cast.ticket()
    ticket = cast.serve(1)
    lifecycle.transfer(ticket, cast.queue("B"), actor="operator:officer")
    cast.serve(1)
    lifecycle.hold(cast.counter(1), actor="operator:officer")
    cast.call(1)
    return Ticket.objects.filter(state="waiting").earliest("pk")


def tamper(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(OWN_WAY.format(statement), values)


def test_a_hall_after_a_busy_hour_tells_one_story(busy):
    assert soundness.faults() == []


def test_an_empty_hall_tells_one_story(cast):
    assert soundness.faults() == []


def test_a_number_that_is_missing_is_found(busy):
    Ticket.objects.filter(pk=busy.pk).update(number=99)
    assert f"A on {busy.date} has 4 numbers up to 99" in soundness.faults()


def test_a_last_number_that_nobody_has_is_found(busy):
    QueueDay.objects.filter(queue=busy.queue).update(last_number=7)
    assert soundness.faults() == [f"the last number of A on {busy.date} is not 7"]


def test_a_hall_that_is_ahead_of_its_log_is_found(busy):
    version = busy.hall.events.count()
    Hall.objects.filter(pk=busy.hall_id).update(version=version + 1)
    assert soundness.faults() == [
        f"{busy.hall.slug} is at version {version + 1} and has {version} events"
    ]


def test_an_event_that_is_missing_is_found(busy):
    tamper("DELETE FROM queueing_ticketevent WHERE version = 2")
    assert any("is at version" in fault for fault in soundness.faults())


def test_a_state_that_the_log_does_not_explain_is_found(busy):
    Ticket.objects.filter(pk=busy.pk).update(state="done")
    assert soundness.faults() == [
        f"{busy.label} on {busy.date} is done, but its last event is issue"
    ]


def test_a_ticket_without_any_event_is_found(busy):
    Ticket.objects.create(
        hall=busy.hall,
        visit=busy.visit,
        queue=busy.queue,
        date=busy.date - dt.timedelta(days=1),
        number=1,
        issued_at=busy.issued_at,
        effective_time=busy.effective_time,
    )
    assert any(fault.endswith("its last event is missing") for fault in soundness.faults())


def test_the_command_says_it_in_words_and_fails_on_a_fault(busy, capsys):
    call_command("verify_log")
    assert capsys.readouterr().out == "The rows tell one story.\n"
    Ticket.objects.filter(pk=busy.pk).update(state="done")
    with pytest.raises(SystemExit):
        call_command("verify_log")
    assert "is done, but its last event is issue" in capsys.readouterr().out
