"""Which release is this? A page that was loaded from another one loads itself anew at rest."""

import hashlib
from pathlib import Path

SHOWN = ("static", "templates", "locale")
KINDS = {".js", ".css", ".html", ".svg", ".mo"}


def release_of(base: Path) -> str:
    """Return a short name of all that pages are made of; another file, another name."""
    told = hashlib.sha256()
    files = (path for folder in SHOWN for path in (base / folder).rglob("*"))
    for path in sorted(path for path in files if path.suffix in KINDS):
        told.update(f"{path.relative_to(base)}\0".encode())
        told.update(path.read_bytes())
    return told.hexdigest()[:12]
