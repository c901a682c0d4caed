"""Was this press answered before? Then it gets the same answer, and nothing changes again.

The key is claimed first and the answer stored last, in the transaction of the change itself. Four
simultaneous taps: one claims, three wait for its commit and replay its answer. A refused press
stores nothing, so the same key may try again.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
from django.db import OperationalError, transaction

from agencies.ready import Often
from queueing.journal import keep, one_press
from queueing.models import Command
from queueing.refusals import KeyMissing, KeyReused, TryAgain

LONGEST_KEY = 255
KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")
_RETRY = {"40P01", "40001", "55P03"}  # deadlock, serialisation, lock time-out
_CLAIM = Often.named("""
    INSERT INTO queueing_command (caller, key, fingerprint, at)
    VALUES (%(caller)s, %(key)s, %(mark)s, hall_now())
    ON CONFLICT (caller, key) DO NOTHING RETURNING id
""")


class Answer(NamedTuple):
    """A status and the text of a JSON body, kept and repeated to the letter."""

    status: int
    text: str
    replayed: bool = False


def answer(status: int, body: Any) -> Answer:
    return Answer(status, orjson.dumps(body).decode())


def check_key(key: str) -> str:
    """Return the key when it is 1 to 255 visible ASCII characters; raises KeyMissing."""
    if not KEY.fullmatch(key):
        raise KeyMissing
    return key


def fingerprint(path: str, body: Any) -> str:
    """Return what makes two requests the same: where they went and what they said."""
    said = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{path}\n{said}".encode()).hexdigest()


def once(caller: str, key: str, mark: str, press: Callable[[], Answer]) -> Answer:
    """Do the press once for this caller and key; a repeat gets the stored answer.

    One silent retry when the database asks for it, then TryAgain: the client keeps its key.
    """
    for is_last in (False, True):
        try:
            return _once(caller, key, mark, press)
        except OperationalError as error:
            if is_last or getattr(error.__cause__, "pgcode", None) not in _RETRY:
                raise TryAgain from error
    raise AssertionError


def _once(caller: str, key: str, mark: str, press: Callable[[], Answer]) -> Answer:
    with transaction.atomic(), one_press():
        claimed = claim(caller, key, mark)
        if claimed is None:
            return _replay(caller, key, mark)
        given = press()
        keep(claimed, given.status, given.text)
        return given


def claim(caller: str, key: str, mark: str) -> int | None:
    """Claim a key for this transaction; None when it was claimed before.

    Waits for whoever has claimed it and is not done yet.
    """
    rows = _CLAIM.ask({"caller": caller, "key": key, "mark": mark})
    return rows[0][0] if rows else None


def _replay(caller: str, key: str, mark: str) -> Answer:
    stored = Command.objects.get(caller=caller, key=key)
    if stored.fingerprint != mark:
        raise KeyReused
    return Answer(stored.status or 200, stored.answer, replayed=True)


def forget_before(moment: dt.datetime) -> int:
    """Delete the presses answered before that moment; return how many."""
    return Command.objects.filter(at__lt=moment).delete()[0]
