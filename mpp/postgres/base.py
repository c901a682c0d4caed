"""How often must a press knock at PostgreSQL? Here not for what can travel with something else.

- BEGIN goes with the first statement of a transaction, not before it;
- whether a kept connection still stands is seen at its socket: a server that went away has left
  word there. Only then, or after an error, the server itself is asked;
- what is `Often` asked is planned once a connection (PREPARE), not each time.
"""

import itertools
import select
from typing import Any

import orjson
from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg2.extensions import connection as Connection  # noqa: N812 - not Django's
from psycopg2.extensions import cursor
from psycopg2.extras import register_default_json

from agencies.ready import Often

NUMBERS = itertools.count()
# Until the end of the transaction. A plan is kept, but the table that it is made for grows: of an
# empty one PostgreSQL reads all rows, and would still do so when the morning has filled it.
BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true)"

register_default_json(globally=True, loads=orjson.loads)


class Cursor(cursor):
    """Runs a statement in the transaction that Django wants, which begins with the first one."""

    wrapper: "DatabaseWrapper"
    asked: tuple[Any, Any] | None = None  # what is asked by the name of its plan

    @property
    def query(self) -> Any:
        """The statement that was asked last, written out also where its plan was named."""
        return self.mogrify(*self.asked) if self.asked else super().query

    def execute(self, query: Any, values: Any = None) -> None:
        self.asked = None
        if isinstance(query, Often):
            self._execute_planned(query, values)
            self.asked = query, values
        elif not self.wrapper.is_to_begin:
            super().execute(query, values)
        else:
            self.wrapper.begins()
            super().execute(f"BEGIN;{query}", values)

    def executemany(self, query: Any, values: Any) -> None:
        if self.wrapper.is_to_begin:
            self.execute("SELECT")
        super().executemany(query, values)

    def _execute_planned(self, query: Often, values: Any) -> None:
        """Ask by its name what this connection has planned already, or plan it now."""
        plans = self.wrapper.plans
        name = plans.get(query)
        if name is None:
            name = f"often_{next(NUMBERS)}"  # a new one also when an earlier try came half-way
            self.execute(
                f"{BY_INDEX};PREPARE {name} AS {query.numbered};{query.by(name)}",
                query.chosen(values),
            )
            plans[query] = name
        else:
            self.execute(query.by(name), query.chosen(values))


def rows_of(asked: Any, statement: Often, values: Any) -> list[tuple[Any, ...]]:
    """Return the rows that a cursor gets; none of a statement that gives none."""
    asked.execute(statement, values)
    return asked.fetchall() if asked.description else []


class DatabaseWrapper(base.DatabaseWrapper):
    """Says BEGIN, COMMIT and ROLLBACK itself; psycopg2 is left in its autocommit mode for good."""

    is_to_begin = is_begun = False
    plans: dict[str, str]  # under which names this connection has planned what is asked often

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        self.is_to_begin, self.is_begun, self.plans = False, False, {}
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Cursor:
        made: Cursor = self.connection.cursor(cursor_factory=Cursor)
        made.tzinfo_factory = self.tzinfo_factory if settings.USE_TZ else None
        made.wrapper = self
        return made

    def ask(self, statement: Often, values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, by a shorter way than Django's cursors.

        They wrap each cursor and each thing done with it once more, for whoever listens.
        """
        if self.queries_logged or self.execute_wrappers:
            with self.cursor() as listened_to:
                return rows_of(listened_to, statement, values)
        self.validate_no_broken_transaction()
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors, self.create_cursor() as quick:
            return rows_of(quick, statement, values)

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        poller = select.poll()
        poller.register(self.connection.fileno(), select.POLLIN)
        is_quiet = not self.errors_occurred and not poller.poll(0)
        return is_quiet or super().is_usable()

    def begins(self) -> None:
        self.is_to_begin, self.is_begun = False, True

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            self.connection.autocommit = True
        self.is_to_begin = not autocommit and not self.is_begun

    def _commit(self) -> None:
        self._end("COMMIT")

    def _rollback(self) -> None:
        self._end("ROLLBACK")

    def _end(self, word: str) -> None:
        if self.connection is None or not self.is_begun:
            return
        with debug_transaction(self, word), self.wrap_database_errors:
            self.is_begun = False
            self.connection.cursor().execute(word)
