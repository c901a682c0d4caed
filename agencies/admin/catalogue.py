"""The catalogue in the manager's hands: halls, agencies, queues, services, counters, people."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from agencies.models import (
    Agency,
    Assignment,
    AuditEntry,
    Counter,
    Hall,
    Operator,
    Queue,
    Service,
)
from agencies.reading import zone_name
from agencies.scope import HallScopedAdmin, OfHall, ReadOnlyAdmin, hall_of, in_hall, is_manager

# What a second factor is made of is nobody's to read, not even in the admin.
admin.site.unregister([TOTPDevice, StaticDevice])


class HallForm(ModelForm):
    def clean_timezone(self) -> str:
        """A hall in a zone that nobody knows could neither show its board nor end its day."""
        try:
            return zone_name(self.cleaned_data["timezone"])
        except ValueError:
            raise ValidationError(_("Zona waktu tidak dikenal. Contoh: Asia/Jakarta.")) from None


@admin.register(Hall)
class HallAdmin(HallScopedAdmin):
    form = HallForm
    audited = (
        "timezone",
        "always_open",
        "second_factor",
        "offer_after",
        "priority_credit",
        "phone_push",
    )
    list_display = ["name_id", "slug", "city", "timezone", "always_open"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


@admin.register(Agency)
class AgencyAdmin(HallScopedAdmin):
    list_display = ["code", "short_name", "name_id", "kind", "zone", "hall"]
    list_filter = [("hall", OfHall), "kind", "zone"]
    search_fields = ["code", "short_name", "name_id"]


@admin.register(Queue)
class QueueAdmin(HallScopedAdmin):
    list_display = ["code", "agency", "status", "hall"]
    list_filter = [("hall", OfHall), "status"]
    list_select_related = ["agency", "hall"]
    search_fields = ["code", "agency__short_name"]


@admin.register(Service)
class ServiceAdmin(HallScopedAdmin):
    list_display = ["code", "name_id", "target_minutes", "fee_idr", "frequent_rank", "is_open"]
    list_filter = ["is_open", ("hall", OfHall), ("queue__agency", OfHall)]
    search_fields = ["code", "name_id", "name_en", "aliases"]
    list_per_page = 50
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


class AssignmentInline(TabularInline):
    """What a counter serves, and with which weights; queues of other halls do not exist."""

    model = Assignment
    extra = 0
    verbose_name_plural = _("kelompok antrean")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = in_hall(Queue.objects.all(), hall_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_manager(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Counter)
class CounterAdmin(HallScopedAdmin):
    inlines = [AssignmentInline]
    list_display = ["number", "agency", "status", "hall"]
    list_filter = [("hall", OfHall), "status", ("agency", OfHall)]
    list_select_related = ["agency", "hall"]
    readonly_fields = ["status", "break_reason", "break_until"]


@admin.register(Operator)
class OperatorAdmin(HallScopedAdmin, UserAdmin):
    audited = ("role", "hall_id", "agency_id", "counter_id", "is_active", "is_staff")
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "role", "agency", "counter", "hall", "is_active"]
    list_filter = ["role", "is_active", ("hall", OfHall), ("agency", OfHall)]
    list_select_related = ["agency", "counter", "hall"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("MPP", {"fields": ["role", "hall", "agency", "counter"]}),
        (None, {"fields": ["first_name", "last_name", "is_active", "is_staff"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        ("MPP", {"fields": ["role", "hall", "agency", "counter"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """An installation's administrator is out of a manager's reach, password and all."""
        people = super().get_queryset(request)
        return people if request.user.is_superuser else people.filter(is_superuser=False)


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ["at", "kind", "actor", "subject", "address", "hall"]
    list_filter = [("hall", OfHall), "kind"]
    list_select_related = ["hall", "from_where"]
    search_fields = ["actor", "subject"]
    show_full_result_count = False
    fields = ["at", "kind", "actor", "subject", "address", "detail", "hall"]

    @admin.display(description=_("alamat jaringan"))
    def address(self, entry: AuditEntry) -> str:
        """From where; nothing once it was forgotten."""
        return entry.from_where.address if hasattr(entry, "from_where") else ""
