"""A question whose SQL is written once finds what Django's own would."""

import datetime as dt

import pytest
from django.db.models import F

from agencies.models import Service
from agencies.ready import Ready
from queueing.models import Ticket


@pytest.fixture
def of_queue():
    """Services of a hall by their codes, each with its queue and that queue's letter."""
    return Ready(
        lambda hall, codes: (
            Service.objects.filter(hall=hall, code__in=codes)
            .select_related("queue")
            .annotate(letter=F("queue__code"))
            .order_by("code")
        )
    )


def test_it_finds_what_django_finds(cast, of_queue, django_assert_num_queries):
    found = of_queue.ask(cast.hall.pk, ["B01", "A02"])
    assert found == [cast.service("A02"), cast.service("B01")]
    with django_assert_num_queries(0):
        assert [(each.queue.code, each.letter) for each in found] == [("A", "A"), ("B", "B")]
        assert found[0].requirements_id == ["KTP"]


def test_other_values_are_asked_with_the_same_words(cast, next_door, of_queue):
    assert of_queue.first(cast.hall.pk, ["A01"]) == cast.service("A01")
    assert of_queue.first(next_door.hall.pk, ["B02"]) == next_door.service("B02")
    assert of_queue.first(next_door.hall.pk, ["nobody"]) is None


def test_a_list_of_another_length_is_another_statement(cast, of_queue, django_assert_num_queries):
    hall = cast.hall.pk
    assert [len(of_queue.ask(hall, codes)) for codes in (["A01"], ["A01", "B01", "B02"])] == [1, 3]
    with django_assert_num_queries(0):
        assert of_queue.ask(hall, []) == []


@pytest.mark.parametrize("count", [0, 1, 3, 128, 300])
def test_many_are_asked_in_lots_of_few_sizes(cast, count, django_assert_num_queries):
    services = [each.pk for each in cast.hall.services.all()]
    of_these = Ready(lambda ids: Service.objects.filter(pk__in=ids))
    ids = [*services, *range(1_000_000, 1_000_000 + count)][:count]
    with django_assert_num_queries(-(-count // 128)):
        found = of_these.of_all(ids)
    assert {each.pk for each in found} == {*services[:count]}
    assert len(found) == len({each.pk for each in found})


def test_lots_of_any_length_are_eight_statements_at_most(cast):
    of_these = Ready(lambda ids: Service.objects.filter(pk__in=ids))
    for count in range(1, 200):
        of_these.of_all(range(count))
    assert len(of_these._statements) == 8  # noqa: SLF001 - what it keeps


def test_dates_are_values_too(cast):
    ticket = cast.ticket("A01")
    of_day = Ready(lambda date: Ticket.objects.filter(date=date))
    assert of_day.ask(ticket.date) == [ticket]
    assert of_day.ask(ticket.date + dt.timedelta(days=1)) == []


def test_tuples_come_in_the_order_in_which_they_are_asked_for(cast, of_queue):
    wanted = "letter", "code", "pk"
    named = Ready(lambda codes: of_queue.build(cast.hall, codes).values_list(*wanted))
    found = [cast.service("A02"), cast.service("B01")]
    assert named.ask(["B01", "A02"]) == [("A", "A02", found[0].pk), ("B", "B01", found[1].pk)]
