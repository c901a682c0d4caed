"""A disk dies, and the hall comes back: with every number it gave, and knowing that it was away."""

import datetime as dt
import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg2
import pytest

from mpp import backups, restoring, run
from mpp.embedded import KEEPER
from mpp.options import REPOSITORY, read_options
from mpp.terminal import Refusal
from tests.keeping import Keeper
from tests.running import on_database
from tests.servers import Servers, WebProcesses

pytestmark = pytest.mark.xdist_group("backups")


class KeptHall(Keeper):
    """A small hall with one web process, and the one who keeps it."""

    def __enter__(self) -> Self:
        self.servers.start()
        self.types("open_hall")
        self.demo = json.loads((self.servers.folder / "demo.json").read_text())
        self.web = WebProcesses(1, self.environment(KIOSK_RATE="0")).__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.web.stop()
        self.servers.stop()

    def take(self, count: int = 1) -> list[str]:
        """Take numbers at the kiosk; return their labels."""
        headers = {"Authorization": f"Bearer {self.demo['kiosks'][0]['key']}"}
        with httpx.Client(base_url=self.web.url, headers=headers, timeout=30) as kiosk:
            return [self.take_one(kiosk) for _ in range(count)]

    def take_one(self, kiosk: httpx.Client) -> str:
        key = {"Idempotency-Key": uuid.uuid4().hex}
        wanted = {"services": ["A01"]}
        answer = kiosk.post("/api/v1/halls/payakumbuh/visits", json=wanted, headers=key)
        return answer.json()["tickets"][0]["label"]

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        return on_database(self.servers.database_url(), question)

    def labels(self) -> list[str]:
        rows = self.ask("SELECT label FROM queueing_ticketevent WHERE label <> '' ORDER BY version")
        return [label for (label,) in rows]

    def epoch(self) -> str:
        return str(self.ask("SELECT epoch FROM agencies_hall")[0][0])


@pytest.fixture(scope="module")
def kept_hall() -> Iterator[KeptHall]:
    with KeptHall(Servers(is_kept=True)) as hall:
        yield hall


@pytest.fixture
def backup(kept_hall) -> Path:
    """A backup of a hall that has given a number."""
    kept_hall.take()
    kept_hall.types("backup")
    return max(kept_hall.backups.glob("*Z"))


# --- The disk dies ------------------------------------------------------------------------------


@pytest.mark.usefixtures("backup")
@pytest.mark.slow
def test_a_lost_disk_costs_no_number_that_was_handed_over(kept_hall):
    kept_hall.take(3)
    kept_hall.hand_over_log()
    before, epoch = kept_hall.labels(), kept_hall.epoch()
    kept_hall.lose_disk()
    assert "Start the hall again" in kept_hall.restores()
    assert kept_hall.labels() == before
    assert kept_hall.epoch() != epoch
    assert kept_hall.types("verify_log") == "The rows tell one story.\n"


@pytest.mark.slow
@pytest.mark.fault("T43", "a hall that was restored loses its disk again", "it comes back again")
@pytest.mark.usefixtures("backup")
def test_a_hall_that_was_restored_can_be_restored_again(kept_hall):
    for _ in range(2):
        taken = kept_hall.take()
        kept_hall.hand_over_log()
        kept_hall.lose_disk()
        kept_hall.restores()
        assert kept_hall.labels()[-1:] == taken


@pytest.mark.slow
@pytest.mark.fault("T43", "a mistake is made after a backup", "the hall is put back before it")
@pytest.mark.usefixtures("backup")
def test_the_hall_can_be_put_back_to_a_moment_before_a_mistake(kept_hall):
    good = kept_hall.labels()
    moment = kept_hall.ask("SELECT clock_timestamp()")[0][0].isoformat()
    kept_hall.take()
    kept_hall.hand_over_log()
    kept_hall.servers.postgres.kill(signal.SIGINT)
    kept_hall.restores("--until", moment)
    assert kept_hall.labels() == good


@pytest.mark.slow
@pytest.mark.usefixtures("backup")
def test_a_new_machine_needs_only_the_backup(kept_hall):
    new, disk = kept_hall.servers.folder / "new", kept_hall.servers.folder / "disk"
    copy = [*kept_hall.servers.prefix, "cp", "-a", str(kept_hall.backups), str(disk)]
    subprocess.run(copy, check=True)  # noqa: S603 - the old hall goes on writing to its own
    env = kept_hall.environment(MPP_VAR=str(new), BACKUP_DIR=str(disk))
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BACKUP_URL"):
        del env[name]
    command = [*kept_hall.servers.prefix, sys.executable, "-m", "mpp.run", "manage", "restore"]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False
    )
    assert "Start the hall again: make run" in done.stdout, done.stderr
    assert {"postgres", "secrets.json"} <= {path.name for path in new.iterdir()}


@pytest.mark.usefixtures("backup")
@pytest.mark.slow
def test_old_data_are_put_beside_and_not_thrown_away(kept_hall):
    kept_hall.servers.postgres.kill(signal.SIGINT)
    before = set(kept_hall.servers.folder.glob("*.before-*"))
    kept_hall.restores()
    beside = set(kept_hall.servers.folder.glob("*.before-*")) - before
    assert {path.name.split(".")[0] for path in beside} == {"postgres", "secrets"}


@pytest.mark.slow
def test_backups_are_not_forgotten_by_beginning_anew(tmp_path, backup, monkeypatch):
    options = read_options({"MPP_VAR": str(tmp_path), "BACKUP_DIR": str(backup.parent)})
    with pytest.raises(Refusal, match="`make restore` brings it back"):
        run.refuse_to_forget(options)


# --- The drill ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("backup")
@pytest.mark.slow
def test_a_drill_brings_the_backup_back_beside_the_living_hall(kept_hall):
    kept_hall.hand_over_log()
    assert "came back whole" in kept_hall.types("drill")
    told = kept_hall.last_drill()
    assert (told["ok"], told["faults"]) == (True, [])
    assert told["behind_seconds"] == 0
    assert not list(kept_hall.backups.glob("drill-*"))


@pytest.mark.usefixtures("backup")
@pytest.mark.slow
def test_a_drill_tells_for_how_long_events_were_not_handed_over(kept_hall):
    kept_hall.take()
    kept_hall.types("drill")
    assert 0 < kept_hall.last_drill()["behind_seconds"] < 60


@pytest.mark.usefixtures("backup")
@pytest.mark.slow
def test_a_drill_finds_a_number_that_is_missing(kept_hall):
    rise = "UPDATE queueing_queueday SET last_number = last_number {} 1"
    kept_hall.ask(rise.format("+"))
    kept_hall.hand_over_log()
    try:
        assert "the last number of A on" in kept_hall.types("drill", status=1)
    finally:
        kept_hall.ask(rise.format("-"))
    told = kept_hall.last_drill()
    assert (told["ok"], len(told["faults"])) == (False, 1)


@pytest.mark.slow
def test_a_drill_finds_a_backup_that_cannot_be_read(kept_hall, backup):
    whole = (backup / "base.tar.gz").read_bytes()
    (backup / "base.tar.gz").write_bytes(whole[:1000])
    try:
        kept_hall.types("drill", status=1)
        assert not kept_hall.last_drill()["ok"]
    finally:
        (backup / "base.tar.gz").write_bytes(whole)


# --- What is kept -------------------------------------------------------------------------------


@pytest.mark.slow
def test_only_the_newest_are_kept_and_the_log_since_then(kept_hall, backup):
    kept_hall.take()
    kept_hall.hand_over_log()
    kept_hall.types("backup", BACKUP_KEEP="1")
    (last,) = kept_hall.backups.glob("*Z")
    assert last != backup
    first = json.loads((last / "backup.json").read_text())["first_log"]
    logs = [path.name[:24] for path in (kept_hall.backups / "wal").glob("0*")]
    assert [name for name in logs if "history" not in name and name[8:] < first[8:]] == []


@pytest.mark.slow
def test_a_backup_is_nobody_elses_to_read(backup):
    assert backup.stat().st_mode & 0o077 == 0


@pytest.mark.slow
@pytest.mark.fault("T43", "a dump of a server elsewhere", "comes back whole, with a new epoch")
def test_of_a_server_elsewhere_a_dump_is_taken_and_put_back(kept_hall):
    taken = kept_hall.take()
    assert "(dump)" in kept_hall.types("backup", BACKUP_URL="")
    kept_hall.take()
    epoch = kept_hall.epoch()
    assert "came back whole" in kept_hall.types("drill", BACKUP_URL="")
    kept_hall.types("restore", DATABASE_OWNER_URL=kept_hall.servers.database_url())
    assert kept_hall.labels()[-1:] == taken
    assert kept_hall.epoch() != epoch


def test_a_folder_that_cannot_be_written_is_told(kept_hall):
    kept_hall.backups.chmod(0o500)
    try:
        words = kept_hall.types("backup", status=1)
    finally:
        kept_hall.backups.chmod(0o700)
    assert "cannot be written" in words


def test_two_backups_at_once_are_one(kept_hall, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    with backups.alone(), pytest.raises(backups.BackupError, match="Another backup"):
        backups.take()


def test_without_a_backup_there_is_nothing_to_restore(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    with pytest.raises(backups.BackupError, match="There is no backup in"):
        restoring.restore()
    with pytest.raises(backups.BackupError, match="No base backup is older than 2026"):
        restoring.restore(dt.datetime(2026, 11, 24, tzinfo=dt.UTC))


# --- When ---------------------------------------------------------------------------------------


def told_at(folder: Path, moment: str) -> None:
    backup = backups.Backup("20261124T110500Z", "base", moment, 1.0, 1, "")
    backup_folder = folder / backup.name
    backup_folder.mkdir()
    (backup_folder / "backup.json").write_text(json.dumps(vars(backup)))


@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        ("2026-11-24T18:30+07:00", False),
        ("2026-11-25T06:45+07:00", False),
        ("2026-11-25T17:59+07:00", False),
        ("2026-11-25T18:00+07:00", True),
        ("2026-11-27T07:30+07:00", True),
    ],
)
def test_a_backup_is_due_once_after_each_evening(settings, tmp_path, now, is_due):
    settings.BACKUP_DIR = tmp_path
    told_at(tmp_path, "2026-11-24T18:05:00+07:00")
    assert backups.is_due(dt.datetime.fromisoformat(now)) is is_due


def test_a_new_hall_is_backed_up_at_once(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    assert backups.is_due(dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC))


def test_the_keeper_may_copy_everything_and_change_nothing(kept_hall):
    url = kept_hall.servers.database_url(KEEPER, "mpp")
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(url)
