"""The calendar in the manager's hands: timetables with their windows, holidays, quotas."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from agencies import clock, holidays
from agencies.models import Hall, Holiday, Quota, Service, Timetable, Weekday, Window
from agencies.scope import HallScopedAdmin, OfHall, hall_of, is_manager

L = Timetable.Level


def named(services: Iterable[Service]) -> str:
    return ", ".join(service.code for service in services)


def hall_at(request: HttpRequest) -> Hall:
    """Return the hall whose calendar this person looks after; for an administrator the first."""
    return hall_of(request) or Hall.objects.all()[0]


class CalendarAdmin(HallScopedAdmin):
    """A part of the calendar, which may also be deleted.

    From the first change on what `comes_with_files` is the manager's, and the files leave it alone.
    """

    actions_list = ["show_week"]
    comes_with_files = True

    @action(description=_("Lihat minggu ini"), icon="calendar_view_week", url_path="week")
    def show_week(self, request: HttpRequest) -> HttpResponse:
        return redirect("calendar", hall_at(request).slug)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_manager(request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"hall": hall_of(request), **super().get_changeform_initial_data(request)}

    def write_down(self, request: HttpRequest, obj: Any, message: Any) -> None:
        if self.comes_with_files:
            Hall.objects.filter(pk=obj.hall_id).update(calendar_is_edited=True)
        super().write_down(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for each in queryset:
            self.write_down(request, each, [{"deleted": {}}])
        return super().log_deletions(request, queryset)


# --- Timetables ---------------------------------------------------------------------------------


class TimetableForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        """An agency or services are named where the level asks for them, and are of this hall."""
        told = super().clean() or self.cleaned_data
        level, services = told.get("level"), told.get("services") or []
        if level == L.SERVICE and not services:
            self.add_error("services", _("Pilih paling sedikit satu layanan."))
        if level != L.SERVICE and services:
            wrong = _("Layanan hanya dipilih bila jadwal ini untuk layanan tertentu.")
            self.add_error("services", wrong)
        if level == L.AGENCY and not told.get("agency"):
            self.add_error("agency", _("Pilih instansinya."))
        if level != L.AGENCY and told.get("agency"):
            wrong = _("Instansi hanya dipilih bila jadwal ini untuk satu instansi.")
            self.add_error("agency", wrong)
        for thing in [told.get("agency"), *services]:
            if thing and told.get("hall") and thing.hall_id != told["hall"].pk:
                self.add_error(None, _("%(thing)s bukan milik gedung itu.") % {"thing": thing})
        return told


class Windows(BaseInlineFormSet):
    def clean(self) -> None:
        """A closed timetable has no windows, an open one has some, and none overlaps another."""
        super().clean()
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if self.instance.is_closed and kept:
            raise ValidationError(_("Jadwal yang tutup sepanjang hari tidak mempunyai jam buka."))
        if not (self.instance.is_closed or kept or any(self.errors)):
            raise ValidationError(_("Isi paling sedikit satu jam buka, atau tandai tutup."))
        for weekday in {each["weekday"] for each in kept}:
            _require_apart([each for each in kept if each["weekday"] == weekday])


def _require_apart(windows: list[dict[str, Any]]) -> None:
    for one, next_one in pairwise(sorted(windows, key=lambda each: each["opens_at"])):
        if next_one["opens_at"] < one["closes_at"]:
            told = _("Jam buka bertumpang tindih: %(one)s dan %(other)s.")
            raise ValidationError(told % {"one": _window(one), "other": _window(next_one)})


def _window(told: dict[str, Any]) -> Window:
    return Window(**{name: told[name] for name in ("weekday", "opens_at", "closes_at")})


class WindowInline(TabularInline):
    model = Window
    formset = Windows
    extra = 0

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        choices = [("", _("Setiap hari lain")), *Weekday.choices]
        return forms.TypedChoiceField(
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            label=db_field.verbose_name,
            widget=UnfoldAdminSelectWidget,
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_manager(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Timetable)
class TimetableAdmin(CalendarAdmin):
    form = TimetableForm
    inlines = [WindowInline]
    list_display = ["name", "whose", "first_date", "last_date", "is_closed"]
    list_filter = ["level", ("hall", OfHall), ("agency", OfHall)]
    list_select_related = ["agency"]
    search_fields = ["name", "agency__short_name", "services__name_id"]
    autocomplete_fields = ["services"]
    fields = [
        "hall",
        "name",
        "level",
        "agency",
        "services",
        ("first_date", "last_date"),
        "is_closed",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("services")

    @admin.display(description=_("berlaku untuk"))
    def whose(self, timetable: Timetable) -> str:
        """The agency or the services that it is for, or that it is the whole hall's."""
        if timetable.agency:
            return str(timetable.agency)
        return named(timetable.services.all()) or str(L.HALL.label)


# --- Holidays -----------------------------------------------------------------------------------


class YearForm(BaseDialogForm):
    """Which year's holidays are to be entered: this one or the next."""

    year = forms.TypedChoiceField(label=_("Tahun"), coerce=int, widget=UnfoldAdminSelectWidget)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        this = clock.today(hall_at(request)).year
        self.fields["year"].choices = [(this, str(this)), (this + 1, str(this + 1))]


@admin.register(Holiday)
class HolidayAdmin(CalendarAdmin):
    comes_with_files = False
    list_display = ["date", "called", "kind", "is_confirmed", "is_closed"]
    list_filter = ["kind", "is_confirmed", ("hall", OfHall)]
    search_fields = ["name_id", "name_en"]
    date_hierarchy = "date"
    ordering = ["-date"]
    actions = ["confirm"]
    actions_list = ["fill_year", "show_week"]

    @action(
        description=_("Muat hari libur setahun"),
        icon="event_repeat",
        url_path="fill-year",
        dialog={
            "title": _("Muat hari libur setahun"),
            "description": _("Hari yang sudah Anda isi atau pastikan tidak berubah."),
            "form_class": YearForm,
            "form_submit_text": _("Muat"),
        },
    )
    def fill_year(self, request: HttpRequest, form: YearForm) -> HttpResponse:
        """Enter the national holidays and joint leave of a year."""
        if not is_manager(request):
            return HttpResponse(status=403)
        hall, year = hall_at(request), form.cleaned_data["year"]
        count = holidays.fill(hall, year)
        self.write_down(request, hall, [{"added": {"holidays of": year, "count": count}}])
        told = ngettext(
            "%(count)d hari libur tahun %(year)d ditambahkan.",
            "%(count)d hari libur tahun %(year)d ditambahkan.",
            count,
        )
        messages.success(request, told % {"count": count, "year": year})
        address = reverse("admin:agencies_holiday_changelist")
        return HttpResponse(headers={"HX-Redirect": f"{address}?date__year={year}"})

    @admin.display(description=_("nama"), ordering="name_id")
    def called(self, holiday: Holiday) -> str:
        return holiday.name

    @admin.action(description=_("Nyatakan sudah pasti"))
    def confirm(self, request: HttpRequest, rows: QuerySet[Holiday]) -> None:
        """Say of the chosen days that they are decreed as they stand here."""
        for row in rows.filter(is_confirmed=False):
            row.is_confirmed = True
            row.save(update_fields=["is_confirmed"])
            self.log_change(request, row, [{"changed": {"fields": ["is_confirmed"]}}])
        messages.success(request, _("Hari libur itu sudah pasti."))


# --- Quotas -------------------------------------------------------------------------------------


class QuotaForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Hari"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=Quota._meta.get_field("weekdays").help_text,  # noqa: SLF001 - Django documents it
    )

    def clean(self) -> dict[str, Any]:
        """One number series counts the quota, so all its services are of its queue."""
        told = super().clean() or self.cleaned_data
        queue = told.get("queue")
        strays = [
            each for each in told.get("services") or [] if queue and each.queue_id != queue.pk
        ]
        if strays:
            wrong = _("Bukan layanan antrean %(queue)s: %(services)s.")
            self.add_error("services", wrong % {"queue": queue, "services": named(strays)})
        if queue and told.get("hall") and queue.hall_id != told["hall"].pk:
            self.add_error("queue", _("%(thing)s bukan milik gedung itu.") % {"thing": queue})
        return told


@admin.register(Quota)
class QuotaAdmin(CalendarAdmin):
    audited = ("amount", "first_date", "last_date")
    form = QuotaForm
    list_display = ["queue", "whose", "amount", "first_date", "last_date", "days"]
    list_filter = [("hall", OfHall), ("queue", OfHall)]
    list_select_related = ["queue"]
    search_fields = ["queue__code", "services__name_id"]
    autocomplete_fields = ["services"]
    fields = ["hall", "queue", "services", "amount", ("first_date", "last_date"), "weekdays"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("services")

    @admin.display(description=_("layanan"))
    def whose(self, quota: Quota) -> str:
        return named(quota.services.all()) or str(_("semua layanan"))

    @admin.display(description=_("hari"))
    def days(self, quota: Quota) -> str:
        """The weekdays on which it counts."""
        return ", ".join(str(Weekday(day).label) for day in sorted(quota.weekdays)) or str(
            _("setiap hari buka")
        )
