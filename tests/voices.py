"""A folder of rendered voices for the tests: made once a session, whoever asks first."""

import fcntl
import os
from pathlib import Path

from django.test import override_settings

from voice import packs
from voice.languages import LANGUAGES
from voice.words import vocabulary

AGENCIES = ["Disdukcapil"]


def rendered() -> Path:
    """Return a MPP_VAR in which every language has its clips."""
    var = Path(os.environ["TEST_SERVERS_FOLDER"]) / "voices"
    var.mkdir(exist_ok=True)
    with (var / "lock").open("w") as lock, override_settings(VAR_DIR=var):
        fcntl.flock(lock, fcntl.LOCK_EX)
        for language in LANGUAGES.values():
            packs.render(language, vocabulary(language, AGENCIES))
    return var
