"""The ceiling: how often could this PostgreSQL do the transaction, if nothing stood before it?

A recorded press becomes a script of `pgbench`. What a statement gave and a later one names again
(ids, numbers, moments) is handed on by `\\gset`; what the web process makes up (the key of the
press, the token, the public id) is new in each transaction. All other text is as it was recorded.
"""

import datetime as dt
import os
import re
import subprocess
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mpp import embedded
from tests.bench.recording import Statement

NONCE = r"\set nonce random(100000000000, 999999999999)"
LEAST = 1000  # smaller numbers may stand for anything; see `distinct`
CHANGES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b")
A_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def distinct(value: Any) -> dict[str, str]:
    """Return how later statements may write this value, and what that is of it, say "- 1".

    Empty when the text could mean anything. A press that writes three events names the hall's
    version, the one before and the one before that.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= LEAST:
        return {str(value): ""} | {str(value - less): f" - {less}" for less in range(1, 6)}
    if isinstance(value, dt.datetime):
        return {value.isoformat(): ""}
    return {str(value): ""} if isinstance(value, uuid.UUID) else {}


def replaced(text: str, known: Mapping[str, str]) -> str:
    for value, name in known.items():
        text = re.sub(whole(value), lambda found, to=name: in_place_of(found, to), text)
    return text


def in_place_of(found: re.Match[str], name: str) -> str:
    """Return the name; behind the colon of a JSON key with a space, lest `::` is read as a cast."""
    return f" {name}" if found.string[: found.start()].endswith(":") else name


def whole(value: str) -> str:
    """Return a pattern of this value where it is no part of a longer one, nor of a time."""
    return rf"(?<![\w.-])(?<![^\"]:){re.escape(value)}(?![\w.])"


def handed_on(statement: Statement, later: str) -> list[tuple[int, str, str]]:
    """Return which columns of the row later statements name, how they write them, and what of it.

    The value itself stands before what is only close to it.
    """
    found = [
        (place, text, change)
        for place, value in enumerate(statement.rows[0] if statement.rows else ())
        for text, change in distinct(value).items()
        if re.search(whole(text), later)
    ]
    return sorted(found, key=lambda each: each[2])


def asking(number: int, text: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """Return the statement as it hands its row on, and the names of its variables.

    Columns of a SELECT may share a name, so they are named anew; a change must name its own.
    """
    prefix = f"s{number}_"
    if CHANGES.search(LOCKS.sub("", text)):
        clear = all(A_NAME.fullmatch(name) for name in names) and len(set(names)) == len(names)
        assert clear, f"cannot hand on {names} of {text}"
        return f"{text} \\gset {prefix}", [f":{prefix}{name}" for name in names]
    columns = [f"c{place}" for place in range(len(names))]
    asked = f"SELECT * FROM ({text}) AS r({', '.join(columns)})"  # noqa: S608 - recorded
    return f"{asked} \\gset {prefix}", [f":{prefix}{name}" for name in columns]


def script(said: Sequence[Statement], made_up: Mapping[str, str]) -> str:
    """Return what pgbench shall do over and over; `made_up`: literals, and what stands for them."""
    known, lines = dict(made_up), [NONCE]
    for number, statement in enumerate(said):
        lines += turn_of_transaction(said, number)
        text = replaced(statement.text.strip().rstrip(";"), known)
        later = "\n".join(each.text for each in said[number + 1 :])
        columns = [each for each in handed_on(statement, later) if each[1] not in known]
        if not columns:
            lines.append(f"{text};")
            continue
        assert len(statement.rows) == 1, f"one of several rows is named again: {text}"
        asked, names = asking(number, text, statement.names)
        lines.append(asked)
        for place, value, change in columns:
            known.setdefault(value, f"({names[place]}{change})" if change else names[place])
    return "\n".join([*lines, *(["END;"] if said[-1].is_inside else [])]) + "\n"


def turn_of_transaction(said: Sequence[Statement], number: int) -> list[str]:
    was_inside = number > 0 and said[number - 1].is_inside
    if said[number].is_inside == was_inside:
        return []
    return ["END;"] if was_inside else ["BEGIN;"]


def transaction_of(said: Sequence[Statement]) -> list[Statement]:
    """Return what is said inside of the transaction alone: without who knocks, and the answer."""
    return [statement for statement in said if statement.is_inside]


# --- Running it ---------------------------------------------------------------------------------


class Bench:
    """pgbench, with these scripts in turn, on the database of this address."""

    def __init__(self, url: str, folder: Path, scripts: Sequence[str]) -> None:
        self.url, self.files = url, list(self.written(folder, scripts))

    @staticmethod
    def written(folder: Path, scripts: Sequence[str]) -> Iterator[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(scripts):
            path = folder / f"{number}.sql"
            path.write_text(text)
            yield path

    def run(self, clients: int, transactions: int) -> float:
        """Return how many a second it did; raises when one of them failed."""
        command = [embedded.postgres_program("pgbench"), "--no-vacuum", f"--client={clients}"]
        command += [f"--jobs={min(2, clients)}", f"--transactions={transactions // clients}"]
        command += [f"--file={path}" for path in self.files]
        said = subprocess.run(  # noqa: S603 - our own command
            [*command, self.url],
            env={**os.environ, "PGTZ": "UTC", "PGOPTIONS": "-c synchronous_commit=on"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr[-2000:] + said.stdout
        found = re.search(r"tps = ([\d.]+) \(without", said.stdout)
        assert found, said.stdout
        return float(found.group(1))
