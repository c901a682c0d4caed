"""How does a hall start on one machine, and how does it stop?

`make run` comes here. Read `run` first: it is the whole story from an empty folder to an open
hall, and back. `docs/running.md` tells it to the person who types the command.
"""

import errno
import fcntl
import json
import os
import resource
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO, NoReturn

import psycopg2

from mpp import embedded, ending, unprivileged
from mpp.embedded import wait_until
from mpp.options import (
    EVERYWHERE,
    REPOSITORY,
    SECRETS,
    Addresses,
    Options,
    addresses,
    environment,
    for_open_hall,
    for_worker,
    kept_secrets,
    read_options,
)
from mpp.parts import (
    PYTHON,
    Part,
    ProcessManager,
    dying_with_parent,
    own_parts,
    postgres_part,
    valkey_part,
)
from mpp.terminal import Refusal, refuse, refuse_folder, say, step, welcome

IN_THE_CLEAR = """\
Beware: the whole network may come, and nothing is encrypted (HTTPS=0). Passwords and the keys of
devices can be read on the way. Put a proxy that speaks TLS before it; see docs/security.md.
"""


def run(options: Options) -> None:
    """Start everything, stay, and stop everything."""
    lock = lock_folder(options.var)
    forget_counts(options.var / "run" / "metrics")
    check_door(options)
    check_database(options)
    kept = kept_secrets(options.var)
    where = addresses(options, kept)
    env = environment(options, where, kept["django"])
    remember_environment(options.var, {**env, **for_worker(where)})
    manager = ProcessManager(options.var, prepared_parts(options, where, kept), env, lock)
    try:
        if not options.database_url:
            start_postgres(manager, where, kept)
        if not options.redis_url:  # one that is given is not waited for: the hall runs without
            start_valkey(manager, where, kept)
        open_hall(for_open_hall(env, where))
        start_own_parts(manager, options)
        say(welcome(options.var))
        if options.is_in_the_clear:
            say(IN_THE_CLEAR)
        stay(manager)
    finally:
        stop(manager)
        say(f"Everything has stopped. The data are in {options.var}.")


# --- Before anything starts ---------------------------------------------------------------------


def open_folder(var: Path) -> None:
    try:
        for folder in (var, var / "log", var / "run", var / "run" / "metrics"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / ".writable").touch()
            (folder / ".writable").unlink()
    except OSError as error:
        refuse_folder(var, error)


def remember_environment(var: Path, env: Mapping[str, str]) -> None:
    """Keep what the parts get to know, for commands that are typed beside them."""
    path = var / "run" / "environment.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(dict(env)))


def forget_counts(folder: Path) -> None:
    """Begin to count anew: what earlier processes counted is in Prometheus by now."""
    for path in folder.glob("*.db"):
        path.unlink()


def lock_folder(var: Path) -> IO[str]:
    """Keep other runs out of the folder for as long as the returned file is open."""
    open_folder(var)
    lock = (var / "run" / "lock").open("a+")
    try:
        wait_for_lock(lock, var)
    except Refusal:
        lock.close()
        raise
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def wait_for_lock(lock: IO[str], var: Path) -> None:
    """Wait for a run that was killed and is still stopping, but not for one that lives."""
    if locked(lock):
        return
    lock.seek(0)
    pid = lock.read().strip()
    if pid and Path("/proc", pid).exists():
        refuse(f"`make run` (process {pid}) already uses {var}. Stop it, or set MPP_VAR.")
    say("Waiting for the last run, which is still stopping ...")
    if not wait_until(lambda: locked(lock), 30):
        refuse(f"The last run does not let go of {var}.")


def locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def check_door(options: Options) -> None:
    """Say in words what would keep the web server from its address."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((options.host, options.port))
        except PermissionError:
            refuse(f"This user may not open {options.door}: choose a PORT from 1024 on.")
        except socket.gaierror:
            refuse(f"HOST={options.host} is not an IPv4 address or a name that has one.")
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                refuse(f"{options.door} is in use by another program. Stop it, or set PORT.")
            refuse(f"{options.door} cannot be opened: {error.strerror}.")


def check_database(options: Options) -> None:
    for url in filter(None, {options.owner_url, options.database_url}):
        try:
            psycopg2.connect(url, connect_timeout=5).close()
        except psycopg2.Error as error:
            refuse(f"The database of DATABASE_URL does not let us in: {str(error).strip()}")


def prepared_parts(options: Options, where: Addresses, kept: Mapping[str, str]) -> list[Part]:
    """Return the parts, with everything on disk that they start from."""
    parts = own_parts(options.door, options.var / "run", for_worker(where))
    if not options.database_url:
        parts.append(postgres_part(prepare_postgres(options, where, kept)))
    if not options.redis_url:
        parts.append(valkey_part(prepare_valkey(options.var, where, kept)))
    return parts


def prepare_postgres(options: Options, where: Addresses, kept: Mapping[str, str]) -> list[str]:
    data, log_folder = options.var / "postgres", options.backup_dir / "wal"
    make_log_folder(log_folder)
    if not data.exists():
        refuse_to_forget(options)
        with step("Making the database"):
            try:
                embedded.init_postgres(data, kept[embedded.ADMIN])
            except subprocess.CalledProcessError:
                refuse("The database could not be made: PostgreSQL's initdb says why above.")
    embedded.forget_dead_postmaster(data)
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # meant for another server
    return embedded.postgres_command(data, where.postgres_port, log_folder)


def make_log_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        refuse(f"BACKUP_DIR={folder.parent} cannot be written: {error.strerror}.")


def refuse_to_forget(options: Options) -> None:
    """A new database beside old backups is never what a person wants without saying so."""
    if any(options.backup_dir.glob("*Z/backup.json")):
        refuse(
            f"{options.var} has no database, but {options.backup_dir} holds backups of one."
            " `make restore` brings it back; to begin anew, move them away."
        )


def prepare_valkey(var: Path, where: Addresses, kept: Mapping[str, str]) -> list[str]:
    data = var / "valkey"
    data.mkdir(exist_ok=True)
    config = var / "run" / "valkey.conf"
    config.write_text(embedded.valkey_config(data, where.valkey_port, kept["valkey"]))
    return embedded.valkey_command(config)


# --- The start, step by step --------------------------------------------------------------------


def start_postgres(manager: ProcessManager, where: Addresses, kept: Mapping[str, str]) -> None:
    with step("Starting PostgreSQL 18"):
        manager.start("postgres")
        wait_for(manager, "postgres", lambda: embedded.postgres_answers(where.admin), 60)
        embedded.create_roles_and_database(where.admin, kept)
        embedded.create_keeper(where.admin, kept[embedded.KEEPER])


def start_valkey(manager: ProcessManager, where: Addresses, kept: Mapping[str, str]) -> None:
    def answers() -> bool:
        return embedded.valkey_answers(kept["valkey"], where.valkey_port)

    with step("Starting Valkey 9"):
        manager.start("valkey")
        wait_for(manager, "valkey", answers, 30)


def open_hall(env: Mapping[str, str]) -> None:
    """Run the one command that makes tables and loads the hall; it says itself what it does."""
    command = dying_with_parent([PYTHON, "manage.py", "open_hall"])
    opening = subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=REPOSITORY, env=env, process_group=0
    )
    try:
        if opening.wait(180) != 0:
            refuse("The hall could not be opened: `manage.py open_hall` says why above.")
    except subprocess.TimeoutExpired:
        refuse("`manage.py open_hall` did not end within 180 s.")
    finally:
        opening.terminate()
        opening.wait()


def start_own_parts(manager: ProcessManager, options: Options) -> None:
    with step("Starting the web server"):
        manager.start("web")
        wait_for(manager, "web", lambda: is_ready(options), 60)
    for name in ("worker", "beat"):  # nobody waits for what may be late
        manager.start(name)


def is_ready(options: Options) -> bool:
    host = "127.0.0.1" if options.host == EVERYWHERE else options.host
    named = {"Host": options.allowed_hosts.split(",")[0].strip(" ."), "X-Forwarded-Proto": "https"}
    door = HTTPConnection(host, options.port, timeout=5)
    try:
        door.request("GET", "/health/ready", headers=named)
        return door.getresponse().status == 200  # noqa: PLR2004 - OK
    except (OSError, HTTPException):
        return False
    finally:
        door.close()


def wait_for(manager: ProcessManager, name: str, check: Callable[[], bool], seconds: float) -> None:
    if not wait_until(check, seconds):
        refuse(f"No answer within {seconds:.0f} s. {manager.last_words(name)}")


# --- The end ------------------------------------------------------------------------------------


def stay(manager: ProcessManager) -> None:
    ending.wait_for_end_of(manager.process.pid)
    refuse(f"The process manager ended by itself; see {manager.log / 'supervisord.log'}.")


def stop(manager: ProcessManager) -> None:
    """Let supervisord stop the parts in their order, and see that really nothing is left."""
    say("\nStopping ...")
    manager.process.terminate()
    with suppress(subprocess.TimeoutExpired):
        manager.process.wait(30)
    manager.process.kill()
    ending.end_orphans(patience=10)


def allow_many_sockets() -> None:
    """Each screen and phone is an open file of a web process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def start(options: Options) -> None:
    os.umask(0o077)
    if os.geteuid() == 0:
        unprivileged.restart(options.var, options.port)  # comes back here as another user
    ending.listen()
    ending.adopt_orphans()
    allow_many_sockets()
    run(options)


def manage(options: Options, words: list[str]) -> NoReturn:
    """Go on as `manage.py` with what the parts of this folder know, running or not."""
    if os.geteuid() == 0:
        unprivileged.restart(options.var, options.port)
    open_folder(options.var)
    path = options.var / "run" / "environment.json"
    if path.exists():
        env = json.loads(path.read_text())
    else:
        kept = dict.fromkeys(SECRETS, "")
        env = environment(options, addresses(options, kept), secrets.token_urlsafe(48))
    command = [PYTHON, str(REPOSITORY / "manage.py"), *words]
    os.execvpe(command[0], command, {**env, **os.environ})  # noqa: S606 - no shell is wanted


def main() -> int:
    try:
        options = read_options(os.environ)
        if sys.argv[1:] == ["addresses"]:
            say(welcome(options.var))
        elif sys.argv[1:2] == ["manage"]:
            manage(options, sys.argv[2:])
        else:
            start(options)
    except Refusal as refusal:
        print(refusal, file=sys.stderr, flush=True)  # noqa: T201 - to the person
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
