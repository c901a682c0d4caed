"""What stands in the hall: kiosks, displays, and browsers that wait to become one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Hall


class Device(models.Model):
    """A kiosk or lobby display that was let into the hall."""

    class Kind(models.TextChoices):
        KIOSK = "kiosk", _("Anjungan")
        DISPLAY = "display", _("Layar")

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="devices")
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind)
    name = models.CharField(_("nama"), max_length=60)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField(_("aktif"), default=True)
    seen_at = models.DateTimeField(_("terakhir terlihat"), null=True, editable=False)
    shown_version = models.BigIntegerField(null=True, editable=False)
    shown_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("perangkat")
        verbose_name_plural = _("perangkat")
        constraints = [
            models.UniqueConstraint(fields=["hall", "name"], name="a_device_name_once_a_hall"),
        ]

    def __str__(self) -> str:
        return self.name


class Pairing(models.Model):
    """A browser that waits to become a device: what its screen says, until a manager types it."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="pairings")
    kind = models.CharField(max_length=8, choices=Device.Kind)
    code = models.CharField(max_length=8)
    secret_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="pairings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="a_pairing_code_once_a_hall"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%H:%M:%S}"
