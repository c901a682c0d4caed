"""Who asked for a hand, and who went there?"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Hall
from queueing.models.devices import Device
from queueing.models.tickets import Visit


class HelpCall(models.Model):
    """One call for help from a kiosk: for a number that was taken there, or before one is.

    Answered by nobody means that the day went by and nobody came.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hall = models.ForeignKey(Hall, models.PROTECT, related_name="help_calls")
    device = models.ForeignKey(Device, models.PROTECT, related_name="help_calls")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="help_calls")
    kind = models.CharField(max_length=10, choices=Visit.Help)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="help_answered"
    )

    class Meta:
        verbose_name = _("panggilan bantuan")
        verbose_name_plural = _("panggilan bantuan")
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(answered_at=None, visit=None),
                name="a_kiosk_has_one_open_help_call",
            ),
            models.UniqueConstraint(fields=["visit"], name="a_visit_asks_for_help_once"),
            models.CheckConstraint(
                condition=models.Q(answered_by=None) | models.Q(answered_at__isnull=False),
                name="whoever_answers_help_does_so_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["hall", "asked_at"],
                condition=models.Q(answered_at=None),
                name="the_open_help_calls",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.kind} {self.asked_at:%H:%M:%S}"
