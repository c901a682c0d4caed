"""What people were told about their turn, and what the hall has learned about its own time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Counter, Hall, Queue, Service
from queueing.models.tickets import Ticket


class Why(models.TextChoices):
    """Why nobody can honestly say when a number is called (domain section 8)."""

    INCIDENT = "incident", _("gangguan")
    NO_COUNTER = "no_counter", _("tidak ada loket yang buka")
    TOO_WIDE = "too_wide", _("terlalu tidak pasti")
    TOO_FEW = "too_few", _("belum cukup pengalaman")
    HELD_BACK = "held_back", _("menunggu keperluan lain")


class Expectation(models.Model):
    """When somebody is probably called: between the middle (p50) and the late end (p80).

    Both are None when that cannot be said, and `why` tells why not. `simple` is in how many minutes
    the simplest honest method expects the call, those ahead by the open counters: what our own
    estimates are measured against (domain section 8). `stretch` is that of `Accuracy` in force.
    """

    at = models.DateTimeField()
    ahead = models.PositiveSmallIntegerField()
    middle = models.DateTimeField(null=True)
    late = models.DateTimeField(null=True)
    why = models.CharField(max_length=12, choices=Why, blank=True)
    simple = models.FloatField(null=True)
    stretch = models.FloatField(default=1, db_default=1)

    class Meta:
        abstract = True


class Forecast(Expectation):
    """When whoever takes a number of this queue now is probably called."""

    queue = models.OneToOneField(Queue, models.CASCADE, related_name="forecast")
    version = models.BigIntegerField()  # of the hall, when it was looked at
    told_at = models.DateTimeField()  # since when the same is told of the queue and its line

    def __str__(self) -> str:
        return f"{self.queue_id} {self.middle} {self.late}"


class Estimate(Expectation):
    """What the holder of a number was told: one row each time that what is shown changed."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="estimates", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-at"], name="what_a_ticket_was_told")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.middle} {self.late}"


class ServiceTime(models.Model):
    """How long a service takes at the counter here, learned from the log: lognormal, in minutes."""

    service = models.OneToOneField(Service, models.CASCADE, related_name="time")
    count = models.PositiveIntegerField()
    log_mean = models.FloatField()
    log_sd = models.FloatField()
    learned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.service_id} {self.log_mean:.2f} {self.log_sd:.2f}"


class Habit(models.Model):
    """When a counter usually opens and rests, by the log: minutes after midnight on the wall."""

    counter = models.OneToOneField(Counter, models.CASCADE, related_name="habit")
    opens = models.FloatField(null=True)
    rests = models.FloatField(null=True)
    rest_minutes = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"{self.counter_id} {self.opens} {self.rests}"


class Accuracy(models.Model):
    """How good the estimates of a day were, of an agency or, without one, of the whole hall.

    Of `told` numbers that were called, `kept` were by the late end that their holder was told when
    the number was given. Bias and error are minutes of the middle (positive: called later than
    told); `simple_error` is that of the simple method on the same numbers. `stretch` is by what the
    way from middle to late end must be multiplied so that 80 of 100 are called within it.
    """

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="accuracies")
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="accuracies")
    date = models.DateField()
    told = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    bias = models.FloatField()
    error = models.FloatField()
    simple_error = models.FloatField()
    stretch = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "agency", "date"],
                nulls_distinct=False,
                name="a_day_is_judged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hall_id} {self.agency_id} {self.date} {self.kept}/{self.told}"
