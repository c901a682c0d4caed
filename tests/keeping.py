"""What the keeper of a hall does: take backups, lose a disk, bring the hall back.

Commands are typed as the ordinary user to whom the servers' folder belongs.
"""

import json
import os
import shutil
import signal
import subprocess
import sys

import psutil

from mpp import embedded
from mpp.embedded import KEEPER, wait_until
from mpp.options import REPOSITORY, SECRETS
from tests.running import on_database
from tests.servers import Servers


class Keeper:
    """Keeps the hall on these servers, which were made with `is_kept`."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.backups = servers.backups
        passwords = servers.passwords | {embedded.ADMIN: servers.passwords["admin"]}
        path = servers.folder / "secrets.json"
        path.write_text(json.dumps(dict.fromkeys(SECRETS, "") | passwords))
        shutil.chown(path, servers.folder.stat().st_uid)

    def environment(self, **more: str) -> dict[str, str]:
        url = self.servers.database_url(KEEPER, "postgres")
        own = {"BACKUP_DIR": str(self.backups), "BACKUP_URL": url}
        return {**os.environ, **self.servers.environment(), **own, **more}

    def types(self, *words: str, status: int = 0, **env: str) -> str:
        """Type a manage.py command; return what it printed, once it ended as expected."""
        command = [*self.servers.prefix, sys.executable, "manage.py", *words]
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            cwd=REPOSITORY,
            env=self.environment(**env),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr

    def hand_over_log(self) -> None:
        """Have the piece of the log that is being written archived now."""
        url = self.servers.admin_url
        handed = "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver"
        on_database(url, "CHECKPOINT")
        name = on_database(url, "SELECT pg_walfile_name(pg_switch_wal())")[0][0]
        assert wait_until(lambda: on_database(url, handed)[0][0] >= name, 20)

    def lose_disk(self) -> None:
        """Kill the server, and everything it knew with it."""
        children = psutil.Process(self.servers.postgres.pid).children()
        self.servers.postgres.kill(signal.SIGKILL)
        psutil.wait_procs(children, timeout=20)
        shutil.rmtree(self.servers.folder / "postgres")
        (self.servers.folder / "secrets.json").unlink()

    def restores(self, *words: str) -> str:
        """Bring the hall back and start its server; return what the command said."""
        told = self.types("restore", *words)
        self.servers.postgres.start()
        self.servers.wait()
        return told

    def last_drill(self) -> dict:
        return json.loads((self.backups / "drill.json").read_text())
