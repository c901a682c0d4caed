"""What the hall remembers to run well: presses answered, days closed, signs of life."""

import datetime as dt

from django.db import models
from django.db.models.functions import Now

from agencies.models import Hall, Operator


class Command(models.Model):
    """A press that was answered: the same key from the same caller gets the same answer."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="a_key_once_a_caller"),
        ]
        indexes = [models.Index(fields=["at"], name="command_at")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"


class DayClose(models.Model):
    """A day of a hall that was closed; its existence is what makes closing happen once."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="day_closes")
    date = models.DateField()
    expired = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "date"], name="a_day_closes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.date}"


class Canary(models.Model):
    """When the worker last proved that it hears the broker; one row."""

    sang_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sang_at:%H:%M:%S}"

    def age(self, now: dt.datetime) -> float:
        """Return the seconds since the last sign of life."""
        return (now - self.sang_at).total_seconds()


class Flood(models.Model):
    """How many knocks of a kind were refused on a day, because they were too many."""

    date = models.DateField()
    kind = models.CharField(max_length=12)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["date", "kind"], name="a_flood_once_a_day_and_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind} {self.count}"


class Seat(models.Model):
    """In which browser an officer works: the one that opened a desk last has the newest token."""

    operator = models.OneToOneField(Operator, models.CASCADE, related_name="seat")
    token = models.CharField(max_length=32)
    taken_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.operator_id} {self.taken_at:%H:%M:%S}"
