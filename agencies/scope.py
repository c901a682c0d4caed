"""What does a manager see in the admin? The own hall only; an installation's administrator all."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import RelatedFieldListFilter
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from agencies import audit
from agencies.models import AuditEntry, Hall, Operator


def hall_of(request: HttpRequest) -> Hall | None:
    """Return the hall that a manager is bound to; None for an administrator."""
    user = request.user
    return None if user.is_superuser else user.hall  # type: ignore[union-attr]


def is_manager(request: HttpRequest) -> bool:
    user = request.user
    if not (isinstance(user, Operator) and user.is_active and user.is_staff):
        return False
    return user.is_superuser or (user.role == Operator.Role.MANAGER and user.hall_id is not None)


def in_hall(rows: QuerySet[Any], hall: Hall | None) -> QuerySet[Any]:
    """Keep the rows of this hall, or all for an administrator."""
    if hall is None:
        return rows
    if rows.model is Hall:
        return rows.filter(pk=hall.pk)
    names = {field.name for field in rows.model._meta.get_fields()}  # noqa: SLF001 - Django documents it
    return rows.filter(hall=hall) if "hall" in names else rows


class OfHall(RelatedFieldListFilter):
    """A filter at the side of a table that offers rows of the own hall only."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = field.remote_field.model._default_manager.all()  # noqa: SLF001 - as below
        return [(row.pk, str(row)) for row in in_hall(rows, hall_of(request))]


class HallScopedAdmin(ModelAdmin):
    """Managers edit their own hall; rows and choices of other halls do not exist for them."""

    audited: tuple[str, ...] = ()  # fields of which the audit also tells the new value

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.write_down(request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.write_down(request, obj, message)
        return super().log_change(request, obj, message)

    def write_down(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """Tell the audit which fields were saved, and the values of those that open doors."""
        hall = obj if isinstance(obj, Hall) else getattr(obj, "hall", None)
        audit.write_down(
            AuditEntry.Kind.CHANGE,
            request.user.get_username(),
            hall=hall,
            subject=f"{obj._meta.label_lower} {obj.pk} {obj}"[:160],  # noqa: SLF001 - as above
            request=request,
            saved=message,
            values={name: getattr(obj, name) for name in self.audited},
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_manager(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_manager(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_manager(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_manager(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # whatever a ticket was ever for stays; close it instead

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return in_hall(super().get_queryset(request), hall_of(request))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        rows = db_field.remote_field.model._default_manager.all()  # noqa: SLF001 - the same
        kwargs.setdefault("queryset", in_hall(rows, hall_of(request)))
        if db_field.name == "hall" and hall_of(request):
            kwargs["required"] = True  # a person without a hall would be nobody's
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        rows = db_field.remote_field.model._default_manager.all()  # noqa: SLF001 - the same
        kwargs.setdefault("queryset", in_hall(rows, hall_of(request)))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ReadOnlyAdmin(HallScopedAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
