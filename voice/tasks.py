"""When is the voice rendered? Soon after the start, and whenever a new word is needed."""

import logging
import subprocess
import sys

from celery import shared_task
from django.conf import settings

from voice import hall, packs

log = logging.getLogger(__name__)
_tried: list[dict[str, dict[str, str]]] = []  # what could not be rendered is not tried for ever


@shared_task
def render_voice() -> None:
    """Render what is missing, in a process of its own: its library is not ours."""
    wanted = hall.missing()
    if not wanted or wanted in _tried or not packs.is_possible():
        return
    _tried[:] = [wanted]
    command = [sys.executable, "manage.py", "render_voice"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        log.error("the voice could not be rendered: %s", done.stderr.strip())
