"""What a hall shows on its screens beside the calls: a running text, pictures, its colours."""

import hashlib

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _

from agencies.models import Hall, in_language
from queueing.contrast import legible_under_white

LONGEST_TEXT = 600


class Lobby(models.Model):
    """How the screens of a hall look. Everything lies in the database, and so in every backup."""

    hall = models.OneToOneField(
        Hall, models.CASCADE, related_name="lobby", verbose_name=_("mal pelayanan publik")
    )
    text_is_on = models.BooleanField(_("teks berjalan menyala"), default=True)
    text_id = models.TextField(
        _("teks berjalan"),
        blank=True,
        max_length=LONGEST_TEXT,
        help_text=_("Satu pesan satu baris, paling banyak 600 huruf. Pesan tampil bergantian."),
    )
    text_en = models.TextField(_("teks berjalan (Inggris)"), blank=True, max_length=LONGEST_TEXT)
    colour = models.CharField(
        _("warna MPP"),
        max_length=7,
        blank=True,
        validators=[legible_under_white],
        help_text=_("Misalnya #07444a; cukup gelap untuk tulisan putih. Kosong: warna bawaan."),
    )
    logo = models.BinaryField(blank=True, default=b"")
    media_are_on = models.BooleanField(_("media menyala"), default=True)

    class Meta:
        verbose_name = _("layar lobi")
        verbose_name_plural = _("layar lobi")

    def __str__(self) -> str:
        return str(self.hall)

    @property
    def messages(self) -> list[str]:
        if not self.text_is_on:
            return []
        lines = in_language(self.text_id, self.text_en).splitlines()
        return [text for line in lines if (text := " ".join(line.split()))]


def lobby_of(hall: Hall) -> Lobby:
    """Return what the hall has decided; one that has decided nothing looks as it comes."""
    return Lobby.objects.filter(hall=hall).first() or Lobby(hall=hall)


class Medium(models.Model):
    """A picture or a film of the hall's own, shown beside the calls and never over them."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("Gambar")
        FILM = "film", _("Video")

    hall = models.ForeignKey(
        Hall, models.CASCADE, related_name="media", verbose_name=_("mal pelayanan publik")
    )
    name = models.CharField(
        _("nama"), max_length=80, help_text=_("Dibacakan bagi yang tidak melihat gambarnya.")
    )
    place = models.PositiveSmallIntegerField(_("urutan"), default=1)
    is_on = models.BooleanField(_("tampil"), default=True)
    seconds = models.PositiveSmallIntegerField(
        _("lama gambar (detik)"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(120)],
    )
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind, editable=False)
    content_type = models.CharField(max_length=16, editable=False)
    digest = models.CharField(max_length=12, editable=False)
    size = models.PositiveIntegerField(_("ukuran"), editable=False)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("media")
        verbose_name_plural = _("media")
        ordering = ["hall", "place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["picture", "film"]), name="only_known_media"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def keep(self, kind: str, content_type: str, content: bytes) -> None:
        """Take on what was accepted of an upload; its digest names it in its address."""
        self.kind, self.content_type, self.content = kind, content_type, content
        self.size, self.digest = len(content), hashlib.sha256(content).hexdigest()[:12]

    def piece(self, first: int, last: int) -> bytes:
        """Return these bytes of it; the rest stays in the database."""
        cut = Func(
            F("content"),
            models.Value(first + 1),
            models.Value(last - first + 1),
            function="substring",
            output_field=models.BinaryField(),
        )
        return bytes(Medium.objects.filter(pk=self.pk).values_list(cut, flat=True)[0])
