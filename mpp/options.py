"""What does the environment ask for, and what do the parts get to know of it?"""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mpp import embedded
from mpp.embedded import ADMIN, APP, KEEPER, OWNER
from mpp.terminal import refuse

REPOSITORY = Path(__file__).resolve().parent.parent
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when a person asks for it
SECRETS = (ADMIN, OWNER, APP, KEEPER, "valkey", "django")
NOT_FOR_PARTS = ("DATABASE_OWNER_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    var: Path
    database_url: str  # empty: we start PostgreSQL ourselves
    owner_url: str
    redis_url: str  # empty: we start Valkey ourselves
    kiosk_rate: int
    allowed_hosts: str
    backup_dir: Path
    https: bool

    @property
    def is_in_the_clear(self) -> bool:
        """Whether others than this machine may come, over plain HTTP."""
        return not (is_loopback(self.host) or self.https)

    @property
    def door(self) -> str:
        return f"{self.host}:{self.port}"


def read_options(env: Mapping[str, str]) -> Options:
    host = env.get("HOST") or "127.0.0.1"
    database_url = env.get("DATABASE_URL", "")
    if database_url and not database_url.startswith(("postgres://", "postgresql://")):
        refuse("DATABASE_URL must begin with postgresql://: the hall needs PostgreSQL.")
    var = Path(env.get("MPP_VAR") or REPOSITORY / "var").absolute()
    return Options(
        host=host,
        port=whole_number(env, "PORT", 8000, 1, 65_535),
        var=var,
        database_url=database_url,
        owner_url=env.get("DATABASE_OWNER_URL") or database_url,
        redis_url=env.get("REDIS_URL", ""),
        kiosk_rate=whole_number(env, "KIOSK_RATE", 30, 0, 1_000_000),
        allowed_hosts=env.get("ALLOWED_HOSTS") or ",".join(allowed_hosts(host)),
        backup_dir=Path(env.get("BACKUP_DIR") or var / "backup").absolute(),
        https=env.get("HTTPS") == "1",
    )


def whole_number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        refuse(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.")


def allowed_hosts(host: str) -> list[str]:
    """Return the names under which browsers may come to this machine."""
    if is_loopback(host):
        return LOOPBACK
    if host != EVERYWHERE:
        return [*LOOPBACK, host]
    import psutil  # noqa: PLC0415 - only asked when the whole network may come

    cards = psutil.net_if_addrs().values()
    addresses = [each.address for card in cards for each in card if each.family == socket.AF_INET]
    return list(dict.fromkeys([*LOOPBACK, socket.gethostname(), socket.getfqdn(), *addresses]))


def kept_secrets(var: Path) -> dict[str, str]:
    """Return the secrets of this folder; those that are missing are made up and kept."""
    path = var / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    kept = {name: secrets.token_urlsafe(48) for name in SECRETS} | kept
    unfinished = path.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(kept, indent=1))
    unfinished.rename(path)
    return kept


@dataclass(frozen=True)
class Addresses:
    """Where the parts find each other."""

    app: str
    owner: str
    admin: str
    keeper: str  # may copy the whole server; empty: that server has its own keeper
    redis: str
    postgres_port: int
    valkey_port: int


def addresses(options: Options, kept: Mapping[str, str]) -> Addresses:
    postgres, valkey = embedded.free_port(), embedded.free_port()
    given = options.database_url
    return Addresses(
        app=given or embedded.database_url(APP, kept[APP], postgres),
        owner=options.owner_url if given else embedded.database_url(OWNER, kept[OWNER], postgres),
        admin=embedded.database_url(ADMIN, kept[ADMIN], postgres, "postgres"),
        keeper="" if given else embedded.database_url(KEEPER, kept[KEEPER], postgres, "postgres"),
        redis=options.redis_url or embedded.redis_url(kept["valkey"], valkey),
        postgres_port=postgres,
        valkey_port=valkey,
    )


def environment(options: Options, where: Addresses, secret_key: str) -> dict[str, str]:
    """Return what the parts get to know; the owner of the database is none of their business."""
    given = {name: value for name, value in os.environ.items() if name not in NOT_FOR_PARTS}
    return given | {
        "DJANGO_SETTINGS_MODULE": "mpp.settings",
        "DATABASE_URL": where.app,
        "REDIS_URL": where.redis,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key,
        "MPP_VAR": str(options.var),
        "BACKUP_DIR": str(options.backup_dir),
        "PROMETHEUS_MULTIPROC_DIR": str(options.var / "run" / "metrics"),
        "HOST": options.host,
        "PORT": str(options.port),
        "KIOSK_RATE": str(options.kiosk_rate),
        "ALLOWED_HOSTS": options.allowed_hosts,
        "LC_ALL": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",  # threads that share their memory pools need less of it
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }


def for_worker(where: Addresses) -> dict[str, str]:
    """Return what the worker gets to know beyond the others: it takes the backups."""
    return {"BACKUP_URL": where.keeper}


def for_open_hall(env: Mapping[str, str], where: Addresses) -> dict[str, str]:
    """Return the environment of the one command that may change tables."""
    owned = {**env, "DATABASE_URL": where.owner, "DATABASE_OWNER_URL": where.owner}
    app, owner = embedded.role_of(where.app), embedded.role_of(where.owner)
    return owned if app == owner else {**owned, "APP_ROLE": app}
