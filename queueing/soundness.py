"""Do the rows still tell one story? Asked of a database that was restored, or at any time.

The constraints keep one row from contradicting another. What spans many rows - numbers and
versions without holes, a state that follows from the log - is asked for here, in a few questions
to the database however long the history.
"""

from django.db import connection

from queueing.lifecycle import MOVES

# What the log of a ticket must end with for its state to be what it is.
STATES = {"issue": "waiting"} | {kind: move.target for kind, move in MOVES.items() if move.target}

_NUMBERS = """
    SELECT q.code || ' on ' || t.date || ' has ' || count(*) || ' numbers up to ' || max(t.number)
    FROM queueing_ticket t JOIN agencies_queue q ON q.id = t.queue_id
    GROUP BY q.code, t.queue_id, t.date HAVING count(*) <> max(t.number)
"""
_LAST_NUMBERS = """
    SELECT 'the last number of ' || q.code || ' on ' || d.date || ' is not ' || d.last_number
    FROM queueing_queueday d JOIN agencies_queue q ON q.id = d.queue_id
    WHERE d.last_number <> (
        SELECT coalesce(max(t.number), 0) FROM queueing_ticket t
        WHERE t.queue_id = d.queue_id AND t.date = d.date)
"""
_VERSIONS = """
    SELECT h.slug || ' is at version ' || h.version || ' and has ' || count(e.version) || ' events'
    FROM agencies_hall h LEFT JOIN queueing_ticketevent e ON e.hall_id = h.id
    GROUP BY h.id HAVING h.version <> count(e.version) OR h.version <> coalesce(max(e.version), 0)
"""
_STATES = """
    SELECT q.code || '-' || lpad(t.number::text, 3, '0') || ' on ' || t.date || ' is ' || t.state
        || ', but its last event is ' || coalesce(last.kind, 'missing')
    FROM queueing_ticket t JOIN agencies_queue q ON q.id = t.queue_id
    LEFT JOIN (
        SELECT DISTINCT ON (ticket_id) ticket_id, kind FROM queueing_ticketevent
        WHERE kind = ANY(%(kinds)s) ORDER BY ticket_id, version DESC
    ) last ON last.ticket_id = t.id
    LEFT JOIN unnest(%(kinds)s, %(states)s) AS move(kind, state) ON move.kind = last.kind
    WHERE move.state IS DISTINCT FROM t.state ORDER BY t.id
"""


def faults() -> list[str]:
    """Return each contradiction as a sentence; an empty list when the rows tell one story."""
    named = {"kinds": list(STATES), "states": list(STATES.values())}
    questions = (_NUMBERS, _LAST_NUMBERS, _VERSIONS, _STATES)
    with connection.cursor() as cursor:
        found = []
        for question in questions:
            cursor.execute(question, named)
            found += [sentence for (sentence,) in cursor.fetchall()]
    return found
