"""Tickets to look at and not to touch: their state has one writer, and it is not this page."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agencies.clock import local
from agencies.scope import HallScopedAdmin, OfHall, ReadOnlyAdmin
from queueing.models import Device, Ticket


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
