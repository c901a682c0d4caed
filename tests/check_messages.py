"""Is every text of the hall there in English too? Run by `make messages-check`.

Collects the texts anew in a copy and compares: none may be missing, left over, empty or unsure, and
what is compiled must be what is written. Needs gettext, which Debian has as a package.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

REPOSITORY = Path(__file__).parent.parent
APPS = ["mpp", "agencies", "voice", "queueing", "survey"]
SOURCES = [*APPS, "templates", "static", "locale", "manage.py"]
CATALOGUES = ["django", "djangojs"]


def collect(copy: Path) -> None:
    """Collect the texts of a copy of the sources into the copy's catalogues."""
    for name in SOURCES:
        source = REPOSITORY / name
        put = shutil.copytree if source.is_dir() else shutil.copy
        put(source, copy / name)
    for domain in CATALOGUES:
        command = [
            "manage.py",
            "makemessages",
            "--locale=en",
            f"--domain={domain}",
            "--no-obsolete",
        ]
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, *command], cwd=copy, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr)


def catalogue(root: Path, domain: str, suffix: str = "po") -> polib.POFile | polib.MOFile:
    path = root / "locale" / "en" / "LC_MESSAGES" / f"{domain}.{suffix}"
    return polib.pofile(str(path)) if suffix == "po" else polib.mofile(str(path))


def said(entries: polib.POFile | polib.MOFile) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return text and context with what they are in English."""
    return {
        (entry.msgid, entry.msgctxt or ""): (entry.msgstr, *entry.msgstr_plural.values())
        for entry in entries
        if not entry.obsolete
    }


def problems(copy: Path, domain: str) -> list[str]:
    wanted = said(catalogue(copy, domain))
    written = catalogue(REPOSITORY, domain)
    ours, compiled = said(written), said(catalogue(REPOSITORY, domain, "mo"))
    found = [f"not collected: {text!r}" for text, _ in wanted.keys() - ours.keys()]
    found += [f"used nowhere: {text!r}" for text, _ in ours.keys() - wanted.keys()]
    found += [f"no English: {entry.msgid!r}" for entry in written.untranslated_entries()]
    found += [f"unsure: {entry.msgid!r}" for entry in written.fuzzy_entries()]
    found += [] if ours == compiled else [f"{domain}.mo is older than {domain}.po"]
    return found


def main() -> None:
    if not shutil.which("xgettext"):
        sys.exit("Collecting texts needs gettext: install Debian's package gettext.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        collect(copy)
        found = [problem for domain in CATALOGUES for problem in problems(copy, domain)]
    if found:
        sys.exit("\n".join([*found, "`make messages` collects and compiles."]))


if __name__ == "__main__":
    main()
