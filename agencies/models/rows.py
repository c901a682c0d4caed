"""How does a row become a model, and a model a row to be? All columns at once, where presses do it.

Django takes one value after the other, which is the same for plain columns, only slower
(docs/decisions/0008). Nor are `pre_init` and `post_init` sent here.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class ReadOften(models.Model):
    """A model that presses read: what comes from the database is taken as it is."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:  # type: ignore[override] # stubs of 6.1
        made, state = cls.__new__(cls), ModelState()
        state.adding, state.db = False, db
        made.__dict__.update(zip(field_names, values, strict=True), _state=state)
        return made

    def refresh_from_db(
        self, using: Any = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Read these fields anew; with one that was left all that were left, in one question."""
        left = self.get_deferred_fields()
        wanted = left | set(fields) if fields is not None and left & set(fields) else fields
        super().refresh_from_db(using, wanted, from_queryset)

    @classmethod
    def begun(cls, **values: Any) -> Self:
        """Return a new one that is not kept yet, as `cls(**values)` does for names of fields."""
        made = cls.__new__(cls)
        made.__dict__.update({name: default() for name, default in _defaults(cls)})
        made.__dict__["_state"] = ModelState()
        for name, value in values.items():
            setattr(made, name, value)
        return made


@cache
def _defaults(model: type[models.Model]) -> list[tuple[str, Callable[[], Any]]]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented
    return [(field.attname, field.get_default) for field in fields]
