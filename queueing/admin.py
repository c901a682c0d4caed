"""Tickets to look at and not to touch; devices, slips and the lobby to set up."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from agencies.clock import local
from agencies.scope import HallScopedAdmin, OfHall, ReadOnlyAdmin
from queueing import logo, media
from queueing.models import Device, Lobby, Medium, SlipDesign, Ticket


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["label", "date", "state", "counter", "issued_at", "called_at", "ended_at"]
    list_filter = [("hall", OfHall), "date", "state", ("queue__agency", OfHall)]
    list_select_related = ["queue", "counter"]
    search_fields = ["=number", "=queue__code"]
    date_hierarchy = "date"
    show_full_result_count = False
    fields = [
        "label",
        "date",
        "state",
        "services",
        "counter",
        "calls",
        "issued_at",
        "called_at",
        "started_at",
        "ended_at",
        "history",
    ]

    @admin.display(description=_("riwayat"))
    def history(self, ticket: Ticket) -> SafeString:
        """Every event of the ticket, oldest first."""
        events = ticket.events.order_by("version")
        rows = (
            (
                f"{local(ticket.hall, event.at):%H.%M.%S}",
                event.kind,
                event.counter or "-",
                event.actor,
            )
            for event in events
        )
        return format_html_join("", "<p>{} · {} · loket {} · {}</p>", rows)


@admin.register(Device)
class DeviceAdmin(HallScopedAdmin):
    audited = ("name", "is_active")
    list_display = ["name", "kind", "is_active", "seen_at", "shown_version", "shown_at", "hall"]
    list_filter = [("hall", OfHall), "kind", "is_active"]
    readonly_fields = ["hall", "kind", "seen_at", "shown_version", "shown_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # devices are paired, not typed


def picture_field(help_text: Any) -> forms.FileField:
    return forms.FileField(
        label=_("logo"), required=False, widget=UnfoldAdminFileFieldWidget, help_text=help_text
    )


class LogoForm(forms.ModelForm):
    """Keeps of an uploaded logo only what was drawn anew, by the `draw` of whatever it is for."""

    draw: Callable[[Any, int], bytes]
    without_logo = forms.BooleanField(
        label=_("hapus logo"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    def clean_picture(self) -> bytes | None:
        file = self.cleaned_data["picture"]
        return self.draw(file, file.size) if file else None

    def save(self, commit: bool = True) -> Any:
        if self.cleaned_data["picture"]:
            self.instance.logo = self.cleaned_data["picture"]
        elif self.cleaned_data["without_logo"]:
            self.instance.logo = b""
        return super().save(commit)


class SlipDesignForm(LogoForm):
    draw = staticmethod(logo.redrawn)
    picture = picture_field(
        _("PNG atau JPEG, paling banyak 512 kB. Dicetak hitam putih, 45 x 20 mm.")
    )


@admin.register(SlipDesign)
class SlipDesignAdmin(HallScopedAdmin):
    form = SlipDesignForm
    list_display = ["hall", "lines_id", "preview"]
    list_select_related = ["hall"]
    readonly_fields = ["preview"]
    fields = ["hall", "picture", "without_logo", "lines_id", "lines_en", "preview"]

    @admin.display(description=_("pratinjau"))
    def preview(self, design: SlipDesign) -> SafeString | str:
        """The way to the sample, on both papers; of a design that was saved."""
        if not design.pk:
            return "-"
        address = reverse("slip-preview", args=[design.hall.slug])
        return format_html('<a href="{}">{}</a>', address, _("Lihat di kertas 80 dan 58 mm"))


class LobbyForm(LogoForm):
    draw = staticmethod(media.drawn_logo)
    picture = picture_field(
        _("PNG, JPEG, atau WebP, paling banyak 8 MB. Tampil di kepala setiap layar.")
    )


@admin.register(Lobby)
class LobbyAdmin(HallScopedAdmin):
    form = LobbyForm
    audited = ("text_id", "text_is_on", "colour")
    list_display = ["hall", "text_is_on", "media_are_on", "colour"]
    list_select_related = ["hall"]
    fields = [
        "hall",
        "text_is_on",
        "text_id",
        "text_en",
        "media_are_on",
        "colour",
        "picture",
        "without_logo",
    ]


class MediumForm(forms.ModelForm):
    file = forms.FileField(
        label=_("berkas"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "Gambar PNG, JPEG, WebP sampai 8 MB, atau video MP4, WebM sampai 24 MB. "
            "Video tampil tanpa suara."
        ),
    )

    def clean_file(self) -> media.Kept | None:
        file = self.cleaned_data["file"]
        if file is None and self.instance.pk is None:
            raise forms.ValidationError(_("Pilih sebuah berkas."))
        return media.accepted(file, file.size) if file else None

    def save(self, commit: bool = True) -> Any:
        if kept := self.cleaned_data["file"]:
            self.instance.keep(kept.kind, kept.content_type, kept.content)
        return super().save(commit)


@admin.register(Medium)
class MediumAdmin(HallScopedAdmin):
    form = MediumForm
    list_display = ["name", "kind", "place", "is_on", "size_told", "hall"]
    list_filter = [("hall", OfHall), "kind", "is_on"]
    list_select_related = ["hall"]
    fields = ["hall", "name", "file", "place", "is_on", "seconds"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)  # no ticket ever hangs on a picture

    @admin.display(description=_("ukuran"))
    def size_told(self, medium: Medium) -> str:
        return f"{medium.size / 1024**2:.1f} MB"
