"""Events and the audit are never changed: the database itself refuses (T48)."""

import pytest
from django.db import DatabaseError, transaction

from queueing.models import TicketEvent
from tests.running import on_database

TAMPER = [
    "UPDATE queueing_ticketevent SET actor = 'nobody'",
    "DELETE FROM queueing_ticketevent",
    "TRUNCATE queueing_ticketevent",
]
TAMPER_WITH_AUDIT = [
    "UPDATE agencies_auditentry SET actor = 'nobody'",
    "DELETE FROM agencies_auditentry",
    "TRUNCATE agencies_auditentry CASCADE",
]


@pytest.mark.parametrize("statement", TAMPER)
@pytest.mark.fault(
    "T48", "UPDATE, DELETE, TRUNCATE of the log as the app's role", "permission denied, each"
)
def test_the_role_of_the_app_may_not_change_the_log(hall, statement):
    hall.take("A01")
    with pytest.raises(Exception, match="permission denied"):
        on_database(hall.app_url, statement)
    assert [event["kind"] for event in hall.events()] == ["issue"]


@pytest.mark.parametrize("statement", TAMPER)
def test_the_owner_of_the_tables_may_not_change_the_log_either(hall, statement):
    hall.take("A01")
    with pytest.raises(Exception, match="never changed"):
        on_database(hall.database_url, statement)
    assert [event["kind"] for event in hall.events()] == ["issue"]


@pytest.mark.parametrize("statement", TAMPER_WITH_AUDIT)
def test_nobody_changes_the_audit(hall, statement):
    for url, reason in ((hall.app_url, "permission denied"), (hall.database_url, "never changed")):
        with pytest.raises(Exception, match=reason):
            on_database(url, statement)


def test_django_cannot_change_an_event(cast):
    cast.ticket()
    with pytest.raises(DatabaseError), transaction.atomic():
        TicketEvent.objects.update(actor="nobody")


def test_the_role_of_the_app_may_not_change_the_tables(hall):
    with pytest.raises(Exception, match=r"must be owner|permission denied"):
        on_database(hall.app_url, "ALTER TABLE queueing_ticket ADD COLUMN name text")


@pytest.mark.fault("T48", "a day of commands", "one event each")
def test_every_command_of_a_day_is_exactly_one_event(hall):
    hall.take("A01"), hall.take("B01")
    for verb in ("call-next", "start", "hold"):
        assert hall.press(1, verb).status_code == 200
    kinds = [event["kind"] for event in hall.events()]
    assert kinds == ["issue", "issue", "call", "start", "hold"]
