"""Which parts does a hall consist of, and who brings back one that dies?

supervisord does. It runs in a session of its own, so that a Ctrl-C reaches the launcher only, and
is asked over XML-RPC on the loopback. Each part gets a signal from the kernel when supervisord
dies, and supervisord when the launcher does: nothing outlives `make run`.
"""

import secrets
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import IO
from xmlrpc.client import Error, ServerProxy

from mpp.embedded import free_port, wait_until
from mpp.options import REPOSITORY
from mpp.terminal import refuse

PYTHON = sys.executable


@dataclass(frozen=True)
class Part:
    name: str
    command: Sequence[str]
    rank: int  # the lower, the longer it stays when the hall stops
    stop_signal: str = "TERM"
    stop_seconds: int = 5
    copies: int = 1
    niceness: int = 0  # how far it stands back when the processor is short
    door: str = ""  # HOST:PORT of a listening socket that all copies share
    env: Mapping[str, str] = field(default_factory=dict)  # what only this part gets to know


def postgres_part(command: Sequence[str]) -> Part:
    return Part("postgres", command, rank=1, stop_signal="INT", stop_seconds=10)


def valkey_part(command: Sequence[str]) -> Part:
    return Part("valkey", command, rank=2)


def own_parts(door: str, run: Path, worker_env: Mapping[str, str]) -> list[Part]:
    """Return the parts that are our own code."""
    celery = [PYTHON, "-m", "celery"]
    beat = [*celery, "--app=mpp.beat", "beat", f"--schedule={run / 'beat'}", "--pidfile="]
    worker = [*celery, "--app=mpp", "--skip-checks", "worker"]  # open_hall has checked
    worker += ["--pool=threads", "--concurrency=2"]
    worker += ["--without-gossip", "--without-mingle"]
    return [
        Part("beat", beat, rank=3),
        Part("worker", worker, rank=4, niceness=10, env=worker_env),  # nobody waits for it
        Part("web", [PYTHON, "-m", "mpp.serve"], rank=5, stop_seconds=11, copies=2, door=door),
    ]


# --- The configuration --------------------------------------------------------------------------


def dying_with_parent(command: Sequence[str], signal: str = "TERM") -> list[str]:
    return ["setpriv", f"--pdeathsig={signal}", "--", *command]


def section(title: str, values: Mapping[str, object]) -> str:
    """Return one section; a percent sign would begin a substitution, so it is doubled."""
    lines = [f"{name}={str(value).replace('%', '%%')}" for name, value in values.items()]
    return "\n".join([f"[{title}]", *lines, ""])


def part_section(part: Part) -> str:
    """Return how supervisord runs a part; names of logs are relative to where it runs itself."""
    kind = "fcgi-program" if part.door else "program"
    nice = ["nice", f"--adjustment={part.niceness}"] if part.niceness else []
    values: dict[str, object] = {
        "command": shlex.join([*nice, *dying_with_parent(part.command, part.stop_signal)]),
        "directory": REPOSITORY,
        "priority": part.rank,
        "autostart": "false",
        "autorestart": "true",
        "startsecs": 1,
        "startretries": 1_000_000,  # for ever; each pause is a second longer than the last
        "stopsignal": part.stop_signal,
        "stopwaitsecs": part.stop_seconds,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"{part.name}.log",
        "stdout_logfile_maxbytes": "5MB",
        "stdout_logfile_backups": 3,
    }
    if part.door:
        values |= {"socket": f"tcp://{part.door}", "socket_backlog": 2048}
    if part.env:
        values["environment"] = ",".join(f'{name}="{word}"' for name, word in part.env.items())
    if part.copies > 1:
        values |= {"numprocs": part.copies, "process_name": f"{part.name}-%(process_num)d"}
        values["stdout_logfile"] = f"{part.name}-%(process_num)d.log"
    return section(f"{kind}:{part.name}", values).replace("%%(process_num)d", "%(process_num)d")


def manager_sections(port: int, password: str) -> list[str]:
    supervisord = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": "supervisord.log",
        "logfile_maxbytes": "5MB",
        "logfile_backups": 3,
        "pidfile": "../run/supervisord.pid",
        "umask": "077",
    }
    door = {"port": f"127.0.0.1:{port}", "username": "launcher", "password": password}
    rpc = "supervisor.rpcinterface:make_main_rpcinterface"
    return [
        section("supervisord", supervisord),
        section("inet_http_server", door),
        section("rpcinterface:supervisor", {"supervisor.rpcinterface_factory": rpc}),
    ]


# --- The process manager ------------------------------------------------------------------------


class ProcessManager:
    """supervisord, started with every part at rest."""

    def __init__(self, var: Path, parts: list[Part], env: Mapping[str, str], lock: IO[str]) -> None:
        self.log = var / "log"
        port, password = free_port(), secrets.token_urlsafe(24)
        sections = manager_sections(port, password)
        sections += [part_section(part) for part in parts]
        config = var / "run" / "supervisord.conf"
        config.write_text("\n".join(sections))
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            dying_with_parent([PYTHON, "-m", "supervisor.supervisord", "-c", str(config)]),
            cwd=self.log,
            env=env,
            stdin=lock,  # so that the folder stays locked until supervisord has ended, too
            start_new_session=True,
        )
        self.rpc = ServerProxy(f"http://launcher:{password}@127.0.0.1:{port}/RPC2")
        if not wait_until(self.answers, 15):
            refuse(f"The process manager did not start; see {self.log / 'supervisord.log'}.")

    def answers(self) -> bool:
        try:
            self.rpc.supervisor.getState()
        except (OSError, HTTPException, Error):
            return False
        return True

    def start(self, name: str) -> None:
        self.rpc.supervisor.startProcessGroup(name, False)  # noqa: FBT003 - do not wait

    def last_words(self, name: str) -> str:
        """Return where a part's log is, and the end of it."""
        paths = sorted(self.log.glob(f"{name}*.log"))
        if not paths:
            return f"It left no log in {self.log}."
        lines = paths[0].read_text(errors="replace").splitlines()[-15:]
        return "\n".join([f"The end of {paths[0]}:", *(f"  {line}" for line in lines)])
