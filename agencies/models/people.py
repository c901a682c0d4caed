"""Who works where: counters and operators."""

import secrets
import uuid

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.keys import hash_key
from agencies.models.hall import Hall, LiveFields
from agencies.models.offers import Agency, Queue
from agencies.models.rows import ReadOften


class Counter(ReadOften, LiveFields):
    """Where a citizen is served (loket); may serve several queues.

    `queues_mark` is new after each change of what it serves (by a trigger of migration 0041).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Buka")
        BREAK = "break", _("Istirahat")
        CLOSED = "closed", _("Tutup")

    live = ("status", "break_reason", "break_until", "queues_mark")

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="counters")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="counters")
    number = models.PositiveSmallIntegerField(_("nomor loket"))
    queues = models.ManyToManyField(
        Queue,
        through="Assignment",
        related_name="counters",
        verbose_name=_("kelompok antrean"),
    )
    queues_mark = models.UUIDField(default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=8, choices=Status, default=Status.CLOSED, editable=False)
    break_reason = models.CharField(max_length=80, blank=True, editable=False)
    break_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("loket")
        verbose_name_plural = _("loket")
        ordering = ["hall", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "number"], name="a_counter_number_once_a_hall"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "break", "closed"]),
                name="only_known_counter_statuses",
            ),
        ]

    def __str__(self) -> str:
        return f"Loket {self.number}"


class Assignment(models.Model):
    """That a counter serves a queue, and with which weight beside its others.

    Without any weight the counter calls whoever came first in all its queues. With weights its
    turns are shared among them (queueing/turns.py); a queue that names none counts once.
    """

    counter = models.ForeignKey(Counter, models.CASCADE, related_name="assignments")
    queue = models.ForeignKey(
        Queue, models.CASCADE, related_name="assignments", verbose_name=_("kelompok antrean")
    )
    weight = models.PositiveSmallIntegerField(
        _("bobot"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("Kosong: siapa yang datang lebih dulu. 2: dua giliran untuk tiap satu."),
    )

    class Meta:
        verbose_name = _("tugas loket")
        verbose_name_plural = _("tugas loket")
        db_table = "agencies_counter_queues"
        unique_together = [("counter", "queue")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight=None) | models.Q(weight__range=(1, 9)),
                name="a_weight_is_one_to_nine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.queue}"


class Operator(ReadOften, AbstractUser):
    """Somebody who works in the hall: the user model.

    Officers and supervisors belong to an agency; greeters and managers to the whole hall; an
    installation's administrator (is_superuser) to none.
    """

    class Role(models.TextChoices):
        OFFICER = "officer", _("Petugas loket")
        GREETER = "greeter", _("Resepsionis")
        SUPERVISOR = "supervisor", _("Penyelia instansi")
        MANAGER = "manager", _("Pengelola MPP")

    hall = models.ForeignKey(Hall, models.CASCADE, null=True, blank=True, related_name="operators")
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="operators"
    )
    counter = models.ForeignKey(
        Counter, models.SET_NULL, null=True, blank=True, related_name="operators"
    )
    role = models.CharField(_("peran"), max_length=12, choices=Role, default=Role.OFFICER)
    # unique, and most people have none
    key_hash = models.CharField(  # noqa: DJ001
        max_length=64, null=True, unique=True, editable=False, default=None
    )

    class Meta:
        verbose_name = _("petugas")
        verbose_name_plural = _("petugas")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["greeter", "manager"])
                | models.Q(agency__isnull=False)
                | models.Q(is_superuser=True),
                name="an_officer_belongs_to_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def new_key(self) -> str:
        """Give the operator a new key for programs and keypads; only its hash is kept."""
        key = secrets.token_urlsafe(32)
        self.key_hash = hash_key(key)
        return key
