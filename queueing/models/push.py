"""Where may a phone be told whose page is closed? Kept for the day of the visit, no longer."""

from django.db import models

from queueing.models.tickets import Visit


class PushSubscription(models.Model):
    """An address at the phone maker's push service, with the keys that only this phone can undo.

    `told` holds what was sent already, so that a repeated task tells nothing twice.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="subscriptions")
    endpoint = models.CharField(max_length=600)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    told = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "endpoint"], name="a_phone_once_a_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.pk}"
