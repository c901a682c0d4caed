"""A folder of rendered voices for the tests: made once a session, whoever asks first."""

import fcntl
import os
from pathlib import Path

from django.test import override_settings

from agencies.management.commands.load_hall import CATALOGUE
from agencies.reading import read_hall
from voice import packs, reading
from voice.languages import ENGLISH, LANGUAGES, Language
from voice.models import usual_name
from voice.words import vocabulary


def words(language: Language) -> dict[str, str]:
    """Return every clip that the hall of the catalogue needs."""
    files = read_hall(CATALOGUE)
    names = [usual_name(row["short_name"], language) for row in files.agencies]
    column = "name_en" if language is ENGLISH else "name_id"
    services = [row[column] for row in files.services]
    return {**vocabulary(language, names), **reading.texts(language, services)}


def rendered() -> Path:
    """Return a MPP_VAR in which every language has its clips."""
    var = Path(os.environ["TEST_SERVERS_FOLDER"]) / "voices"
    var.mkdir(exist_ok=True)
    with (var / "lock").open("w") as lock, override_settings(VAR_DIR=var):
        fcntl.flock(lock, fcntl.LOCK_EX)
        for language in LANGUAGES.values():
            packs.render(language, words(language))
    return var
