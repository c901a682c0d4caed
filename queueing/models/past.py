"""What came of the days that are over, counted once: reports read this and never the log."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agencies.models import Hall


class HalfHour(models.Model):
    """What happened in half an hour in one queue, for the services of a number, at one counter.

    `slot` counts half hours since midnight on the hall's wall. Letters, codes and numbers are those
    of the log, so the past reads the same when a counter is renumbered. What was undone did not
    happen. A visit counts once, where its first number was given; each further number, or leg, is a
    number more. `waits` are the seconds from number to first call of those called, `served` the
    seconds from start to finish of those finished: of any half hours together, so that a median is
    one of people and not of medians.
    """

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="half_hours", db_index=False)
    date = models.DateField()
    slot = models.PositiveSmallIntegerField()
    queue = models.CharField(max_length=2)
    service = models.CharField(max_length=60, blank=True)
    counter = models.PositiveSmallIntegerField(null=True)
    visits = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    priority = models.PositiveIntegerField(default=0)  # of those issued
    legs = models.PositiveIntegerField(default=0)  # sent on, or back from an errand elsewhere
    called = models.PositiveIntegerField(default=0)
    no_shows = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    transferred = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    expired = models.PositiveIntegerField(default=0)
    waits = ArrayField(models.PositiveIntegerField(), default=list)
    served = ArrayField(models.PositiveIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "date", "slot", "queue", "service", "counter"],
                nulls_distinct=False,
                name="a_half_hour_is_counted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.date} {self.slot} {self.queue} {self.counter}"
