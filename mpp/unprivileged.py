"""As whom does the hall run? As an ordinary user, always.

PostgreSQL refuses to run as root, and nothing else here needs to. Started as root, the launcher
gives the folder of the data to an ordinary user and goes on as that user, so that there is only
one way to run: launcher, process manager and parts all belong to the same ordinary user.
"""

import os
import pwd
import stat
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mpp.terminal import refuse, refuse_folder

READ_ANYTHING = ("dac_read_search", "dac_override")  # the narrow one first; containers lack it
LOW_PORTS = "net_bind_service"
NUMBERS = {"dac_override": 1, "dac_read_search": 2, LOW_PORTS: 10}
OURS = ("postgres", "valkey", "log", "run", "backup", "secrets.json", "demo.json")


@dataclass(frozen=True)
class User:
    uid: int
    gid: int
    name: str


def user_for(var: Path) -> User:
    """Return the owner of the data; for root's and new folders `postgres`, else `nobody`."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    if var.exists() and (owner := var.stat()).st_uid != 0:
        names = {entry.pw_uid: name for name, entry in known.items()}
        return User(owner.st_uid, owner.st_gid, names.get(owner.st_uid, str(owner.st_uid)))
    entry = known.get("postgres") or known.get("nobody")
    if entry is None:
        refuse("This machine has no user `postgres` or `nobody`: start as an ordinary user.")
    return User(entry.pw_uid, entry.pw_gid, entry.pw_name)


def give_folder(var: Path, user: User) -> None:
    """Make the folder of the data, or hand root's own over to the user."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if var.stat().st_uid == user.uid:
        return
    for folder in var.iterdir():
        if folder.is_dir() and folder.name not in OURS:
            refuse(f"MPP_VAR={var} is root's and holds {folder.name}/: choose an empty folder.")
    ours = [var / name for name in OURS if (var / name).exists()]
    for path in (var, *ours, *(each for folder in ours for each in folder.rglob("*"))):
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def may(user: User, entry: os.stat_result) -> bool:
    """Whether the user may read this file, or read and enter this folder."""
    if entry.st_uid == user.uid:
        read, enter = stat.S_IRUSR, stat.S_IXUSR
    elif entry.st_gid == user.gid:
        read, enter = stat.S_IRGRP, stat.S_IXGRP
    else:
        read, enter = stat.S_IROTH, stat.S_IXOTH
    needed = enter if stat.S_ISDIR(entry.st_mode) else read
    return bool(entry.st_mode & needed)


def closed_to(user: User, paths: Iterable[Path]) -> list[Path]:
    """Return what stands between the user and the paths: folders and files closed to him."""
    ways: dict[Path, None] = {}
    for path in paths:
        for real in (path.absolute(), path.resolve()):
            ways.update(dict.fromkeys([*reversed(real.parents), real]))
    return [way for way in ways if way.exists() and not may(user, way.stat())]


def held_capabilities() -> set[str]:
    """Return which of the capabilities that we know this process could pass on."""
    lines = Path("/proc/self/status").read_text().splitlines()
    masks = dict(line.split(":", 1) for line in lines if line.startswith("Cap"))
    held = int(masks["CapPrm"], 16) & int(masks["CapBnd"], 16)
    return {name for name, number in NUMBERS.items() if held & (1 << number)}


def capabilities(closed: list[Path], port: int, held: set[str], user: User) -> list[str]:
    """Return the least that the user must be lent: usually nothing."""
    wanted = [LOW_PORTS] if port < first_open_port() and LOW_PORTS in held else []
    reading = [name for name in READ_ANYTHING if name in held][:1] if closed else []
    if closed and not reading:
        refuse(
            f"As root the hall runs as user {user.name}, who may not enter {closed[0]}. Open that"
            " folder to others, move the clone or MPP_VAR out of it, or start as an ordinary user."
        )
    return [*wanted, *reading]


def first_open_port() -> int:
    return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())


def command_as(user: User, lent: Sequence[str] = ()) -> list[str]:
    """Return a command that runs what follows as the user, with no rights but those lent."""
    only = ",".join(["-all", *(f"+{name}" for name in lent)])
    who = [f"--reuid={user.uid}", f"--regid={user.gid}", "--clear-groups", "--no-new-privs"]
    rights = [f"--inh-caps={only}", f"--ambient-caps={only}", f"--bounding-set={only}"]
    if not set(READ_ANYTHING).isdisjoint(lent):
        rights.append("--securebits=+no_setuid_fixup")  # access(2) forgets lent rights otherwise
    return ["setpriv", *who, *rights, "--"]


def prefix_for(var: Path, port: int = 65_535) -> list[str]:
    """Return the command in front of everything when root; the folder of the data is ready then."""
    user = user_for(var)
    try:
        give_folder(var, user)
    except OSError as error:
        refuse_folder(var, error)
    closed = closed_to(user, [*programs(), var])
    prefix = command_as(user, capabilities(closed, port, held_capabilities(), user))
    if subprocess.run([*prefix, "true"], check=False).returncode != 0:  # noqa: S603
        refuse(f"Root may not become user {user.name} on this machine: start as an ordinary user.")
    return prefix


def programs() -> list[Path]:
    """Return one path in each place that programs are read from."""
    return [Path(sys.executable), Path(os.__file__), Path(__file__)]


def restart(var: Path, port: int) -> None:
    """Go on as an ordinary user: the same process, the same command, from its beginning."""
    prefix = prefix_for(var, port)
    environment = {**os.environ, "HOME": str(var)}
    command = [*prefix, sys.executable, *sys.orig_argv[1:]]
    os.execvpe(command[0], command, environment)  # noqa: S606 - no shell is wanted
