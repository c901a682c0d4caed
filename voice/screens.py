"""Can the screens be heard? They tell it themselves; a change is a line of the log."""

import logging
from collections.abc import Sequence

log = logging.getLogger(__name__)
_told: dict[int, tuple[str, tuple[str, ...]]] = {}  # what each screen last told this process
SILENT = {"blocked", "broken"}


def note(screen: int, name: str, sound: str, missing: Sequence[str]) -> None:
    """Log what a screen tells of its sound when it is news."""
    told = (sound, tuple(missing))
    if not sound or _told.get(screen) == told:
        return
    _told[screen] = told
    level = logging.WARNING if sound in SILENT or missing else logging.INFO
    log.log(level, "the sound of %s is %s; missing clips: %s", name, sound, ", ".join(missing) or 0)
