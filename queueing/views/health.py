"""Could a ticket be issued now? For whoever watches over the machine."""

import datetime as dt
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from agencies import clock
from agencies.models import Hall
from mpp import backups
from queueing.models import Canary
from voice import packs

CANARY_LATE = 180
BACKUP_LATE = dt.timedelta(hours=50)  # two nights were missed

PING_LIMIT = 0.3
_LOG_IS_LOST = """
    SELECT coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
    FROM pg_stat_archiver
"""


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """Say only that the process lives."""
    return JsonResponse({"status": "alive"})


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 once a ticket could be issued; the parts that may be late only tell."""
    store = database()
    is_ready = store["status"] == "ok"
    parts = {"database": store, "doorbell": doorbell()}
    if is_ready:
        parts |= {"worker": worker(), "backup": backup(), "voice": packs.health()}
    body = {"status": "ready" if is_ready else "not_ready", "parts": parts}
    return JsonResponse(body, status=200 if is_ready else 503)


def database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only') = 'on'")
            if cursor.fetchone()[0]:
                return {"status": "read_only"}
        halls = Hall.objects.filter(services__isnull=False).distinct().count()
    except Error as error:
        return {"status": "down", "error": type(error).__name__}
    return {"status": "ok" if halls else "no_hall", "halls": halls}


def doorbell() -> dict[str, Any]:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PING_LIMIT, socket_connect_timeout=PING_LIMIT, retry=None
    )
    try:
        with client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return {"status": "down", "error": type(error).__name__}
    return {"status": "ok"}


def worker() -> dict[str, Any]:
    bird = Canary.objects.first()
    if bird is None:
        return {"status": "not_heard_yet"}
    age = round(bird.age(clock.now()), 1)
    return {"status": "ok" if age < CANARY_LATE else "late", "canary_age_seconds": age}


def backup() -> dict[str, Any]:
    """Tell what would come back if the disk died now; the last drill is repeated as it was told."""
    taken, drill = backups.newest_first(), backups.last_drill()
    if not taken:
        return {"status": "none_yet"}
    age = clock.now() - dt.datetime.fromisoformat(taken[0].at)
    if drill and not drill["ok"]:
        status = "not_whole"
    elif _log_is_lost():
        status = "log_lost"
    else:
        status = "late" if age > BACKUP_LATE else "ok"
    hours = round(age / dt.timedelta(hours=1), 1)
    return {"status": status, "age_hours": hours, "drill": drill}


def _log_is_lost() -> bool:
    """Whether PostgreSQL could not hand its log over when it last tried."""
    with connection.cursor() as cursor:
        cursor.execute(_LOG_IS_LOST)
        return bool(cursor.fetchone()[0])
