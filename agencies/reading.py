"""Are a hall's files fit to load? Every cell is checked; a bad file is refused as a whole.

Five CSV files in one folder: hall, hours, agencies, services, aliases; and three that a hall may
leave out: windows and quotas (services with hours or numbers of their own), and life_events. The
columns are those of `agencies/catalogue/README.md`.
"""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
FREQUENT = 6

Cell = Callable[[str], Any]
Row = dict[str, Any]


class BadFiles(Exception):  # noqa: N818 - it names what it holds
    """The files cannot be loaded; `problems` says file, line, column and reason of each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class HallFiles:
    """The checked rows of one hall, cells already in their own types."""

    hall: Row = field(default_factory=dict)
    hours: list[Row] = field(default_factory=list)
    agencies: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)
    aliases: dict[str, Row] = field(default_factory=dict)
    life_events: list[Row] = field(default_factory=list)
    windows: list[Row] = field(default_factory=list)
    quotas: list[Row] = field(default_factory=list)


# --- What a cell may hold -----------------------------------------------------------------------


def plain(cell: str) -> str:
    if any(letter < " " and letter not in "\r\n\t" for letter in cell):
        raise ValueError("holds a character that is no text")  # noqa: TRY003, EM101
    return cell.strip()


def text(longest: int, *, needed: bool = False) -> Cell:
    def read(cell: str) -> str:
        if needed and not cell:
            raise ValueError("must not be empty")  # noqa: TRY003, EM101
        if len(cell) > longest:
            message = f"is longer than {longest} characters"
            raise ValueError(message)
        return cell

    return read


def matching(pattern: str, meaning: str, longest: int = 200) -> Cell:
    def read(cell: str) -> str:
        if not re.fullmatch(pattern, cell, re.ASCII) or len(cell) > longest:
            message = f"must be {meaning}, not {cell!r}"
            raise ValueError(message)
        return cell

    return read


def whole(low: int, high: int) -> Cell:
    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdecimal() and low <= int(cell) <= high):
            message = f"must be a whole number from {low} to {high}, not {cell!r}"
            raise ValueError(message)
        return int(cell)

    return read


def blank_or(cell_of: Cell) -> Cell:
    return lambda cell: cell_of(cell) if cell else None


def listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def clock_time(cell: str) -> dt.time:
    digits = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time like 08:00")(cell)
    return dt.time.fromisoformat(digits)


def zone_name(cell: str) -> str:
    try:
        return ZoneInfo(cell).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"must be a time zone like Asia/Jakarta, not {cell!r}"
        raise ValueError(message) from None


def weekday(cell: str) -> int:
    if cell not in WEEKDAYS:
        message = f"must be one of {', '.join(WEEKDAYS)}, not {cell!r}"
        raise ValueError(message)
    return WEEKDAYS.index(cell)


# Addresses that are taken already; a hall of that name could not be reached.
TAKEN = {"admin", "api", "health", "home", "jsi18n", "sign-in", "sign-out", "static", "v", "ws"}


def free_address(cell: str) -> str:
    if SLUG(cell) in TAKEN:
        message = f"{cell!r} is an address of the system"
        raise ValueError(message)
    return cell


def service_codes(cell: str) -> list[str]:
    return [SERVICE_CODE(code) for code in listed(text(400, needed=True)(cell))]


SLUG = matching(r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens", 50)
LONG_SLUG = matching(r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and hyphens", 110)
LETTER = matching(r"[A-HJ-NP-Z]", "one capital letter, without I and O")
WEB_ADDRESS = matching(r"https?://\S+", "an address like https://example.go.id")
SERVICE_CODE = matching(r"[A-HJ-NP-Z]\d\d", "a letter and two digits like A01")

COLUMNS: dict[str, dict[str, Cell]] = {
    "hall.csv": {
        "slug": free_address,
        "name_id": text(120, needed=True),
        "name_en": text(120),
        "city": text(80),
        "timezone": zone_name,
    },
    "hours.csv": {
        "weekday": weekday,
        "opens_at": clock_time,
        "last_issue_at": clock_time,
        "closes_at": clock_time,
    },
    "agencies.csv": {
        "code": LETTER,
        "slug": SLUG,
        "name_id": text(160, needed=True),
        "short_name": text(40, needed=True),
        "name_en": text(160),
        "kind": text(40),
        "counters": whole(1, 99),
        "floor_zone": text(8),
        "description_id": text(400),
        "description_en": text(400),
        "provenance": text(40),
        "source_ref": text(80),
    },
    "services.csv": {
        "agency_code": LETTER,
        "code": SERVICE_CODE,
        "slug": LONG_SLUG,
        "name_id": text(200, needed=True),
        "name_en": text(200),
        "target_minutes": whole(1, 480),
        "requirements_id": listed,
        "requirements_en": listed,
        "fee_idr": blank_or(whole(0, 2_000_000_000)),
        "fee_note_id": text(400),
        "fee_note_en": text(400),
        "processing_time_id": text(200),
        "processing_time_en": text(200),
        "online_url_known": lambda cell: cell and WEB_ADDRESS(cell),
        "provenance": text(40),
        "legal_basis": text(240),
        "source_ref": text(80),
    },
    "aliases.csv": {
        "code": SERVICE_CODE,
        "aliases": listed,
        "frequent_rank": blank_or(whole(1, FREQUENT)),
    },
    "life_events.csv": {
        "code": SLUG,
        "name_id": text(40, needed=True),
        "name_en": text(40),
        "services": listed,
    },
    "windows.csv": {
        "name": text(80, needed=True),
        "services": service_codes,
        "weekday": weekday,
        "opens_at": clock_time,
        "last_issue_at": clock_time,
        "closes_at": clock_time,
    },
    "quotas.csv": {"services": service_codes, "amount": whole(0, 9999)},
}
ONCE = {
    "hall.csv": ["slug"],
    "agencies.csv": ["code", "slug"],
    "services.csv": ["code", "slug"],
    "aliases.csv": ["code"],
    "life_events.csv": ["code"],
}
MAY_BE_MISSING = {"windows.csv", "quotas.csv", "life_events.csv"}


# --- Reading ------------------------------------------------------------------------------------


def read_hall(folder: Path) -> HallFiles:
    """Read and check the files of a folder; raises BadFiles with every problem found."""
    problems: list[str] = []
    rows = {name: list(_rows(folder / name, problems)) for name in COLUMNS}
    if not problems:
        problems += _misfits(rows)
    if problems:
        raise BadFiles(problems)
    return HallFiles(
        hall=rows["hall.csv"][0],
        hours=rows["hours.csv"],
        agencies=rows["agencies.csv"],
        services=rows["services.csv"],
        aliases={row["code"]: row for row in rows["aliases.csv"]},
        life_events=rows["life_events.csv"],
        windows=rows["windows.csv"],
        quotas=rows["quotas.csv"],
    )


def _rows(path: Path, problems: list[str]) -> Iterator[Row]:
    """Give the file's rows in their own types, each with its `line`; note what is wrong."""
    columns = COLUMNS[path.name]
    if path.name in MAY_BE_MISSING and not path.exists():
        return
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if list(reader.fieldnames or []) != list(columns):
                problems.append(f"{path.name} line 1: the columns must be {','.join(columns)}")
                return
            for raw in reader:
                yield _row(path.name, reader.line_num, raw, problems)
    except FileNotFoundError:
        problems.append(f"{path.name}: the file is missing")
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        problems.append(f"{path.name}: cannot be read ({error})")


def _row(name: str, line: int, raw: dict[str, Any], problems: list[str]) -> Row:
    row: Row = {"line": line}
    if None in raw or None in raw.values():
        problems.append(f"{name} line {line}: has more or fewer cells than the first line")
        return row
    for column, read in COLUMNS[name].items():
        try:
            row[column] = read(plain(raw[column]))
        except ValueError as error:
            problems.append(f"{name} line {line}, column {column}: {error}")
    return row


def _misfits(rows: dict[str, list[Row]]) -> Iterator[str]:
    """Say where rows that are fine alone do not fit together."""
    if len(rows["hall.csv"]) != 1:
        yield "hall.csv: must describe exactly one hall"
    for name, columns in ONCE.items():
        for column in columns:
            yield from _twice(name, column, rows[name])
    yield from _misfit_hours(rows)
    yield from _misfit_services(rows)


def _misfit_hours(rows: dict[str, list[Row]]) -> Iterator[str]:
    for name in ("hours.csv", "windows.csv"):
        earlier: list[Row] = []
        for row in rows[name]:
            if not row["opens_at"] < row["last_issue_at"] <= row["closes_at"]:
                yield _at(name, row, "closes_at", "must come after opens_at and last_issue_at")
            for other in earlier:
                if _overlap(row, other):
                    yield _at(name, row, "opens_at", f"overlaps with line {other['line']}")
            earlier.append(row)


def _overlap(row: Row, other: Row) -> bool:
    same = ("weekday", "name", "services")
    return (
        all(row.get(column) == other.get(column) for column in same)
        and row["opens_at"] < other["closes_at"]
        and other["opens_at"] < row["closes_at"]
    )


def _misfit_services(rows: dict[str, list[Row]]) -> Iterator[str]:
    letters = {row["code"] for row in rows["agencies.csv"]}
    for row in rows["services.csv"]:
        if row["agency_code"] not in letters or row["code"][0] != row["agency_code"]:
            yield _at("services.csv", row, "agency_code", "is not the agency of this code")
        if len(row["requirements_id"]) != len(row["requirements_en"]):
            yield _at("services.csv", row, "requirements_en", "must list as many as the other")
    codes = {row["code"] for row in rows["services.csv"]}
    for row in rows["aliases.csv"]:
        if row["code"] not in codes:
            yield _at("aliases.csv", row, "code", "is not a service of this hall")
    for row in rows["life_events.csv"]:
        if not row["services"] or not codes.issuperset(row["services"]):
            yield _at("life_events.csv", row, "services", "must be services of this hall")
    yield from _misfit_calendar(rows, codes)


def _misfit_calendar(rows: dict[str, list[Row]], codes: set[str]) -> Iterator[str]:
    for name in ("windows.csv", "quotas.csv"):
        for row in rows[name]:
            if not set(row["services"]) <= codes:
                yield _at(name, row, "services", "names a service that this hall does not have")
    for row in rows["quotas.csv"]:
        if len({code[0] for code in row["services"]}) > 1:
            yield _at("quotas.csv", row, "services", "must be of one agency")


def _twice(name: str, column: str, rows: list[Row]) -> Iterator[str]:
    seen: dict[Any, int] = {}
    for row in rows:
        first = seen.setdefault(row[column], row["line"])
        if first != row["line"]:
            yield _at(name, row, column, f"{row[column]!r} stands on line {first} already")


def _at(name: str, row: Row, column: str, reason: str) -> str:
    return f"{name} line {row['line']}, column {column}: {reason}"
