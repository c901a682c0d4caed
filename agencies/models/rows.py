"""How does a row become a model? All of its columns at once, where presses read it."""

from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class ReadOften(models.Model):
    """A model that presses read: what comes from the database is taken as it is.

    Django takes one value after the other, which is the same for plain columns, only slower
    (docs/decisions/0008). Nor are `pre_init` and `post_init` sent.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:  # type: ignore[override] # stubs of 6.1
        if len(values) != len(cls._meta.concrete_fields):  # some columns are left for later
            return super().from_db(db, field_names, values)
        made, state = cls.__new__(cls), ModelState()
        state.adding, state.db = False, db
        made.__dict__.update(zip(field_names, values, strict=True), _state=state)
        return made
