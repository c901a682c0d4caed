"""How is a question asked a thousand times, and its SQL written once?

Django puts a queryset into SQL anew each time that it is asked, which takes a press longer than all
that the database does for it (docs/decisions/0008). Here that is done at the first asking, with
stand-ins where the values go; from then on only the values change.

    by_key = Ready(lambda key: Device.objects.filter(key_hash=key).select_related("hall"))
    device = by_key.first(hash_key(key))

What is found are models, or tuples where the queryset ends in `values_list`.
Values are whole numbers, texts, dates, or lists of them for `__in`; a list of another length is
another statement, so long lists of any length are asked by `of_all`. Who is prefetched is not asked
for.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

R = TypeVar("R")  # a model, or a tuple
Shape = tuple[Any, ...]

FAR = 1_900_000_000  # a number that no id reaches, yet an integer column holds
LONG_AGO = dt.date(1, 1, 1)
LOT = 128
NAME = re.compile(r"%\((\w+)\)s")


class Often(str):
    """A statement that each connection may plan once; `numbered` is what is planned, $1 a value.

    Whatever is the same each time stays in it, so that the plan may use an index made for that.
    `picks` says which of the statement's parameters is each value.
    """

    __slots__ = ("numbered", "picks")
    numbered: str
    picks: list[Any]

    @classmethod
    def of(cls, sql: str, params: Sequence[tuple[int | None, Any]]) -> "Often":
        made = cls(sql)
        places = [place for place, _ in params]
        known = sorted({place for place in places if place is not None})
        made.picks = [places.index(place) for place in known]
        words = (
            connection.ops.compose_sql("%s", [param]).replace("%", "%%")  # type: ignore[attr-defined]
            if place is None
            else f"${known.index(place) + 1}"
            for place, param in params
        )
        first, *rest = sql.split("%s")
        made.numbered = first + "".join(map("".join, zip(words, rest, strict=True)))
        return made

    @classmethod
    def named(cls, sql: str) -> "Often":
        """Return a statement of ours, in which each value stands by its name: %(name)s."""
        made = cls(sql)
        made.picks = list(dict.fromkeys(NAME.findall(sql)))
        made.numbered = NAME.sub(lambda name: f"${made.picks.index(name[1]) + 1}", sql)
        return made

    def ask(self, values: Any = ()) -> list[tuple[Any, ...]]:
        """Return the rows that the statement gives with these values."""
        rows: list[tuple[Any, ...]] = connection.ask(self, values)  # type: ignore[attr-defined]
        return rows

    def by(self, name: str) -> str:
        """Return how the planned statement is asked under its name."""
        values = f" ({', '.join(['%s'] * len(self.picks))})" if self.picks else ""
        return f"EXECUTE {name}{values}"

    def chosen(self, values: Any) -> list[Any]:
        return [values[pick] for pick in self.picks]


class Ready(Generic[R]):
    """A queryset whose SQL is written when it is first asked."""

    def __init__(self, build: Callable[..., QuerySet[Model, R]]) -> None:
        self.build = build
        self._statements: dict[Shape, Statement[R] | None] = {}

    def ask(self, *values: Any) -> list[R]:
        """Return what the queryset finds with these values."""
        shape = tuple(len(each) if isinstance(each, list) else None for each in values)
        if shape not in self._statements:
            self._statements[shape] = self._put_into_sql(values)
        statement = self._statements[shape]
        return list(statement.ask(_flat(values))) if statement else []

    def _put_into_sql(self, values: Sequence[Any]) -> "Statement[R] | None":
        try:
            return Statement(self.build, values)
        except EmptyResultSet:
            return None  # nothing is in an empty list

    def first(self, *values: Any) -> R | None:
        return next(iter(self.ask(*values)), None)

    def of_all(self, ids: Collection[int]) -> list[R]:
        """Return what the queryset finds with these as its one list, in lots of few sizes."""
        return [found for lot in _lots(sorted(ids)) for found in self.ask(lot)]


class Statement(Generic[R]):
    """The SQL of a queryset for values of one shape, and what its rows become."""

    def __init__(self, build: Callable[..., QuerySet[Model, R]], values: Sequence[Any]) -> None:
        stand_ins = _stand_ins(values)
        queryset = build(*stand_ins)
        self.compiler = queryset.query.get_compiler(connection=connection)
        sql, params = self.compiler.as_sql()
        places = {stand_in: place for place, stand_in in enumerate(_flat(stand_ins))}
        self.params = [
            (places.get(param) if isinstance(param, Hashable) else None, param) for param in params
        ]
        self.sql = Often.of(sql, self.params)
        self.converters = self.compiler.get_converters([each for each, *_ in self.compiler.select])
        self.is_of_models = queryset.query.default_cols
        if self.is_of_models:
            self._learn_models(queryset)

    def _learn_models(self, queryset: QuerySet[Model, R]) -> None:
        select, about = self.compiler.select, self.compiler.klass_info
        fields = about["select_fields"]
        self.model: type[Any] = about["model"]
        self.own = slice(fields[0], fields[-1] + 1)
        self.names = [expression.target.attname for expression, *_ in select[self.own]]
        self.related = get_related_populators(about, select, queryset.db)  # type: ignore[call-arg]
        self.beside = self.compiler.annotation_col_map or {}

    def ask(self, values: Sequence[Any]) -> Iterator[R]:
        rows = self.sql.ask(
            [param if place is None else values[place] for place, param in self.params]
        )
        become: Callable[[list[Any]], Any] = self._model if self.is_of_models else tuple
        for row in rows:
            yield become(self._converted(list(row)))

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, (converters, expression) in self.converters.items():
            for converter in converters:
                row[place] = converter(row[place], expression, connection)
        return row

    def _model(self, row: list[Any]) -> R:
        found = self.model.from_db(connection.alias, self.names, row[self.own])
        for populator in self.related:
            populator.populate(row, found)
        for name, place in self.beside.items():
            setattr(found, name, row[place])
        return found


def _lots(ids: list[int]) -> Iterator[list[int]]:
    """Return the ids in lots of 1, 2, 4 to 128; the last of a lot fills it up."""
    for begin in range(0, len(ids), LOT):
        lot = ids[begin : begin + LOT]
        size = 1 << (len(lot) - 1).bit_length()
        yield lot + lot[-1:] * (size - len(lot))


def _flat(values: Sequence[Any]) -> list[Any]:
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def _stand_ins(values: Sequence[Any]) -> list[Any]:
    """Return a value of the same kind for each, unlike all others."""
    numbers = iter(range(FAR, FAR + 1000))
    return [
        [_like(each, next(numbers)) for each in value]
        if isinstance(value, list)
        else _like(value, next(numbers))
        for value in values
    ]


def _like(value: Any, number: int) -> Any:
    match value:
        case str():
            return f"stand-in {number}"
        case dt.date():
            return LONG_AGO + dt.timedelta(days=number - FAR)
    return number
