"""Visits, tickets, and the log of all that came of them."""

import datetime as dt
import secrets
import uuid
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from agencies.models import Counter, Hall, Queue, ReadOften, Service
from queueing.models.devices import Device

OPEN_STATES = ("called", "serving")
FORGOTTEN = ("", "unsaid")  # groups of which nothing is left to forget
NAMED = ("id", "code", "name_id", "name_en", "target_minutes")  # of what a ticket is for


def new_token() -> str:
    """Return an unguessable token of 128 bits."""
    return secrets.token_urlsafe(16)


class QueueDay(models.Model):
    """One queue on one day: its last number, and the lock for issuing and calling."""

    queue = models.ForeignKey(Queue, models.PROTECT, related_name="days", db_index=False)
    date = models.DateField()
    last_number = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)  # a clock that is set back lets nobody in front

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "date"], name="a_queue_has_one_series_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id} {self.date}"


class Visit(ReadOften):
    """One person's stay in the hall (kunjungan); holds one or more tickets.

    When it `is_ordered`, its errands are done in the order of their `turn`, because somebody wished
    so; otherwise whichever is called first comes first.
    """

    class Channel(models.TextChoices):
        KIOSK = "kiosk", _("Anjungan")
        GREETER = "greeter", _("Resepsionis")
        COUNTER = "counter", _("Loket")

    class Help(models.TextChoices):
        WHEELCHAIR = "wheelchair", _("Kursi roda")
        SIGN = "sign", _("Bahasa isyarat")
        GUIDE = "guide", _("Penuntun untuk tunanetra")
        OTHER = "other", _("Bantuan lain")

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="visits")
    date = models.DateField()
    token = models.CharField(max_length=40, default=new_token)
    language = models.CharField(max_length=2, default="id")
    channel = models.CharField(max_length=8, choices=Channel)
    device = models.ForeignKey(
        Device, models.PROTECT, null=True, related_name="visits", db_index=False
    )
    arrived_at = models.DateTimeField()
    help = models.CharField(_("bantuan"), max_length=10, choices=Help, blank=True, db_default="")
    companion = models.BooleanField(_("pendamping"), default=False, db_default=False)
    is_ordered = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")
        constraints = [models.UniqueConstraint(fields=["token"], name="a_token_once")]
        indexes = [
            models.Index(fields=["device", "arrived_at"], name="visit_device_arrived"),
            models.Index(
                fields=["hall", "date"],
                condition=~models.Q(help__in=["", "other"]),
                name="the_help_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.pk}"


class TicketQuerySet(models.QuerySet["Ticket"]):
    def waiting(self) -> "TicketQuerySet":
        return self.filter(state=Ticket.State.WAITING)

    def open(self) -> "TicketQuerySet":
        """Tickets that are called or being served: at most one a counter, one a visit."""
        return self.filter(state__in=OPEN_STATES)

    def whole(self) -> "TicketQuerySet":
        """With all that describing a ticket needs, in one query whatever the count."""
        named = JSONObject(**{name: name for name in NAMED})
        services = Service.objects.filter(tickets=OuterRef("pk")).order_by("code").values(it=named)
        related = self.select_related("hall", "queue", "counter", "visit")
        return related.annotate(came_for=ArraySubquery(services))


class Ticket(ReadOften):
    """One place in one queue on one day, e.g. A-012. Only `lifecycle` writes its state."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu")
        CALLED = "called", _("Dipanggil")
        SERVING = "serving", _("Dilayani")
        DONE = "done", _("Selesai")
        NO_SHOW = "no_show", _("Lewat")
        ON_HOLD = "on_hold", _("Ditunda")
        TRANSFERRED = "transferred", _("Dialihkan")
        CANCELLED = "cancelled", _("Dibatalkan")
        EXPIRED = "expired", _("Kedaluwarsa")

    class Priority(models.TextChoices):
        """Groups of UU 25/2009 article 29; the lobby never learns which one."""

        ELDERLY = "elderly", _("Lansia")
        DISABILITY = "disability", _("Penyandang disabilitas")
        PREGNANT = "pregnant", _("Ibu hamil")
        NURSING = "nursing", _("Ibu menyusui")
        SMALL_CHILD = "small_child", _("Membawa balita")
        CHILD = "child", _("Anak")
        DISASTER = "disaster", _("Korban bencana")
        UNSAID = "unsaid", _("Tidak disebut")

    class AwayReason(models.TextChoices):
        PRAYER = "prayer", _("salat")
        ELSEWHERE = "elsewhere", _("di loket lain")
        OTHER = "other", _("keperluan lain")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="tickets", db_index=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="tickets")
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="tickets", db_index=False)
    services = models.ManyToManyField(Service, related_name="tickets")
    date = models.DateField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    priority = models.CharField(max_length=12, choices=Priority, blank=True)
    effective_time = models.DateTimeField()
    issued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_call_at = models.DateTimeField(null=True)
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, related_name="tickets", db_index=False
    )
    calls = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    leg_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="legs", db_index=False
    )
    note = models.CharField(max_length=200, blank=True)
    for_counter = models.ForeignKey(  # only this one calls it, while it is open
        Counter, models.PROTECT, null=True, related_name="expected", db_index=False
    )
    returns_to = models.ForeignKey(
        Queue, models.PROTECT, null=True, related_name="returning", db_index=False
    )
    turn = models.PositiveSmallIntegerField(null=True)  # among the errands of its visit
    postponed = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often, by request
    away_until = models.DateTimeField(null=True)  # passed by till then, at the same place
    away_reason = models.CharField(max_length=10, choices=AwayReason, blank=True, db_default="")
    away_minutes = models.PositiveSmallIntegerField(default=0, db_default=0)  # in all, by request

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomor antrean")
        verbose_name_plural = _("nomor antrean")
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "date", "number"], name="a_number_once_a_day_and_queue"
            ),
            models.UniqueConstraint(
                fields=["counter"],
                condition=models.Q(state__in=OPEN_STATES),
                name="one_open_ticket_at_a_counter",
            ),
            models.UniqueConstraint(
                fields=["visit"],
                condition=models.Q(state__in=OPEN_STATES),
                name="a_visit_is_at_one_counter",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "waiting",
                        "called",
                        "serving",
                        "done",
                        "no_show",
                        "on_hold",
                        "transferred",
                        "cancelled",
                        "expired",
                    ]
                ),
                name="only_known_ticket_states",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=OPEN_STATES) | models.Q(counter__isnull=False),
                name="an_open_ticket_has_a_counter",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="numbers_start_at_one"),
        ]
        # Each of them is written anew whenever a ticket moves: none that nobody asks by, and what
        # most tickets do not have stands in no index.
        indexes = [
            models.Index(
                fields=["queue", "date", "effective_time", "id"],
                condition=models.Q(state="waiting"),
                name="the_waiting_line",
            ),
            models.Index(fields=["hall", "date"], name="ticket_hall_date"),
            models.Index(
                fields=["counter", "date"],
                condition=models.Q(counter__isnull=False),
                name="a_counters_day",
            ),
            models.Index(
                fields=["leg_of"], condition=models.Q(leg_of__isnull=False), name="legs_of_a_number"
            ),
            models.Index(
                fields=["for_counter"],
                condition=models.Q(for_counter__isnull=False),
                name="sent_to_a_counter",
            ),
            models.Index(
                fields=["hall", "date"],
                condition=~models.Q(priority__in=FORGOTTEN),
                name="the_groups_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The number as printed: prefix and at least three digits, A-012."""
        return f"{self.queue.code}-{self.number:03d}"

    @cached_property
    def wanted(self) -> list[Service]:
        """What the person came for, read once; whoever changes it says so here too."""
        came_for: list[dict[str, Any]] | None = self.__dict__.get("came_for")
        if came_for is None:
            return list(self.services.all())
        return [
            Service.from_db("default", NAMED, [each[name] for name in NAMED]) for each in came_for
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    def is_away(self, moment: dt.datetime) -> bool:
        """Whether it waits and is passed by, because its holder has gone for a while."""
        return self.is_waiting and self.away_until is not None and self.away_until > moment


class TicketEvent(models.Model):
    """One change in one hall: audit trail, outbox and source of every report. Insert-only.

    The database itself refuses UPDATE, DELETE and TRUNCATE (migration 0002). What it says is
    written out, not referred to, so that the log reads the same when a counter is renumbered.
    """

    pk = models.CompositePrimaryKey("hall_id", "version")
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="events", db_index=False)
    version = models.BigIntegerField()
    at = models.DateTimeField()
    date = models.DateField()
    kind = models.CharField(max_length=16)
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, related_name="events")
    label = models.CharField(max_length=12, blank=True)
    queue = models.CharField(max_length=2, blank=True)
    service = models.CharField(max_length=60, blank=True)
    counter = models.PositiveSmallIntegerField(null=True)
    actor = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["hall", "date", "version"],
                condition=models.Q(kind__in=["call", "recall"]),
                name="the_calls_of_a_day",
            ),
            models.Index(
                fields=["hall", "date", "counter"],
                condition=models.Q(kind__in=["open", "break", "close"]),
                name="the_counters_of_a_day",
            ),
            models.Index(fields=["hall", "date"], name="the_log_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id}/{self.version} {self.kind} {self.label}"
