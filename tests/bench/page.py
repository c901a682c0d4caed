"""Where do the figures stand? In docs/performance.md for people, and beside it for machines."""

import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mpp import embedded
from mpp.options import REPOSITORY
from tests.bench.cost import Machine
from tests.bench.rows import Part, as_json, markdown, summary

PAGE = REPOSITORY / "docs" / "performance.md"
DATA = PAGE.with_suffix(".json")
BEGIN, END = "<!-- table: written by make bench -->", "<!-- end of table -->"
PACKAGES = ("django", "uvicorn", "a2wsgi", "channels", "psycopg2-binary")


def first_number(command: Sequence[str]) -> str:
    """Return the first version number in what a program says of itself."""
    said = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    found = re.search(r"\d+(\.\d+)+", said.stdout)
    return found.group() if found else "?"


def commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    said = subprocess.run(  # noqa: S603 - our own command
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "?"


def about(mode: str, since: Machine) -> dict[str, Any]:
    """Return when and on what this was measured, and how much of it others used meanwhile."""
    now = Machine()
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "mode": mode,
        "seconds": round(now.at - since.at),
        "commit": commit(),
        "cores": os.cpu_count(),
        "others": round(now.others_since(since), 2),
        "python": platform.python_version(),
        "postgresql": first_number([embedded.postgres_program("postgres"), "--version"]),
        "valkey": first_number([embedded.valkey_program(), "--version"]),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
    }


def sentence(told: dict[str, Any]) -> str:
    names = ("python", "postgresql", "valkey", *PACKAGES)
    versions = ", ".join(f"{name} {told[name]}" for name in names)
    return (
        f"{told['at'][:16].replace('T', ' ')} UTC, commit {told['commit']}, {told['cores']} cores"
        f" of which others used {told['others']:.0%} meanwhile, {told['mode']} run of"
        f" {told['seconds']} s; {versions}."
    )


def table(parts: Sequence[Part], told: dict[str, Any]) -> str:
    head = (textwrap.fill(text, 110) for text in (sentence(told), summary(parts)))
    return "\n\n".join([*head, *map(markdown, parts)]).rstrip()


def renew(page: Path, text: str) -> None:
    """Put the text between the two marks of a page, and keep the rest."""
    old = re.compile(f"{re.escape(BEGIN)}.*{re.escape(END)}", re.DOTALL)
    new = f"{BEGIN}\n{text}\n{END}"
    page.write_text(old.sub(lambda _: new, page.read_text()))


def write_data(parts: Sequence[Part], told: dict[str, Any], data: Path) -> None:
    content = {**told, "parts": [as_json(part) for part in parts]}
    data.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write(parts: Sequence[Part], told: dict[str, Any], page: Path, data: Path) -> None:
    write_data(parts, told, data)
    renew(page, table(parts, told))
