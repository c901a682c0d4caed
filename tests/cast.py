"""The cast: a small hall of two agencies, a second hall next door, and the people of both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from agencies.keys import hash_key
from agencies.models import Agency, Counter, Hall, Operator, Queue, Service
from queueing import lifecycle
from queueing.models import Device, Ticket

R = Operator.Role


def make_hall(slug: str = "hall", **values) -> Hall:
    return Hall.objects.create(slug=slug, name_id=f"MPP {slug}", always_open=True, **values)


def make_agencies(hall: Hall, counters: dict[str, list[int]]) -> list[Agency]:
    """For each letter an agency with a queue, two services and these open counters."""
    agencies = Agency.objects.bulk_create(
        Agency(
            hall=hall,
            code=code,
            slug=f"agency-{code.lower()}",
            short_name=f"Agency {code}",
            name_id=f"Instansi {code}",
            name_en=f"Agency {code}",
            zone="A",
        )
        for code in counters
    )
    queues = Queue.objects.bulk_create(
        Queue(hall=hall, agency=agency, code=agency.code) for agency in agencies
    )
    Service.objects.bulk_create(
        a_service(queue, f"{queue.code}{number:02d}") for queue in queues for number in (1, 2)
    )
    desks = [(queue, number) for queue in queues for number in counters[queue.code]]
    rows = Counter.objects.bulk_create(a_counter(queue.agency, number) for queue, number in desks)
    serves = Counter.queues.through
    serves.objects.bulk_create(
        serves(counter=row, queue=queue) for row, (queue, _) in zip(rows, desks, strict=True)
    )
    return agencies


def make_agency(hall: Hall, code: str, counters: list[int]) -> Agency:
    return make_agencies(hall, {code: counters})[0]


def a_service(queue: Queue, code: str) -> Service:
    return Service(
        hall=queue.hall,
        queue=queue,
        code=code,
        slug=f"service-{code.lower()}",
        name_id=f"Layanan {code}",
        name_en=f"Service {code}",
        target_minutes=10,
        requirements_id=["KTP"],
        requirements_en=["ID card"],
    )


def a_counter(agency: Agency, number: int) -> Counter:
    return Counter(hall=agency.hall, agency=agency, number=number, status=Counter.Status.OPEN)


def make_service(queue: Queue, code: str) -> Service:
    service = a_service(queue, code)
    service.save()
    return service


def an_operator(hall: Hall, name: str, role: str, agency: Agency | None = None) -> Operator:
    operator = Operator(username=f"{hall.slug}-{name}", hall=hall, agency=agency, role=role)
    operator.key_hash = hash_key(f"key-{operator.username}")
    operator.set_unusable_password()
    return operator


def make_operator(hall: Hall, name: str, role: str, agency: Agency | None = None) -> Operator:
    operator = an_operator(hall, name, role, agency)
    operator.save()
    return operator


def a_device(hall: Hall, kind: str) -> Device:
    key = hash_key(f"key-{hall.slug}-{kind}")
    return Device(hall=hall, kind=kind, name=f"{kind} 1", key_hash=key)


class Cast:
    """One hall and all that tests need of it; `key(name)` is how a program signs in."""

    def __init__(self, slug: str = "hall") -> None:
        self.hall = make_hall(slug)
        self.a, self.b = make_agencies(self.hall, {"A": [1, 2], "B": [3]})
        people = [
            an_operator(self.hall, "officer", R.OFFICER, self.a),
            an_operator(self.hall, "colleague", R.OFFICER, self.b),
            an_operator(self.hall, "supervisor", R.SUPERVISOR, self.a),
            an_operator(self.hall, "greeter", R.GREETER),
            an_operator(self.hall, "manager", R.MANAGER),
        ]
        people = Operator.objects.bulk_create(people)
        self.officer, self.colleague, self.supervisor, self.greeter, self.manager = people
        devices = [a_device(self.hall, Device.Kind.KIOSK), a_device(self.hall, Device.Kind.DISPLAY)]
        self.kiosk, self.display = Device.objects.bulk_create(devices)

    def key(self, name: str) -> str:
        return f"key-{self.hall.slug}-{name}"

    def counter(self, number: int) -> Counter:
        return Counter.objects.select_related("hall", "agency").get(hall=self.hall, number=number)

    def queue(self, code: str) -> Queue:
        return Queue.objects.select_related("hall").get(hall=self.hall, code=code)

    def service(self, code: str) -> Service:
        return Service.objects.select_related("queue", "hall").get(hall=self.hall, code=code)

    def visit(self, *codes: str, priority: str = "") -> list[Ticket]:
        """Somebody comes in for these services; the tickets, in the order of their queues."""
        hall = Hall.objects.get(pk=self.hall.pk)
        return lifecycle.issue(
            hall,
            [self.service(code) for code in codes],
            actor="kiosk:kiosk 1",
            channel="kiosk",
            priority=priority,
            device=self.kiosk,
        )

    def ticket(self, code: str = "A01", priority: str = "") -> Ticket:
        return self.visit(code, priority=priority)[0]

    def call(self, number: int, **options) -> Ticket | None:
        return lifecycle.call_next(self.counter(number), actor="operator:officer", **options)

    def serve(self, number: int) -> Ticket:
        """Call the next one and start to serve."""
        self.call(number)
        return lifecycle.start(self.counter(number), actor="operator:officer")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.whole().get(pk=ticket.pk)


@contextmanager
def refused(*kinds: type[Exception]) -> Iterator[Any]:
    """The press inside is refused and undone, as at the end of a real request."""
    with pytest.raises(kinds) as refusal, transaction.atomic():
        yield refusal
