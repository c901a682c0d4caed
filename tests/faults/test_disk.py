"""The disk dies in the middle of the morning: what was handed over comes back, in minutes."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.checker import judge
from tests.faults.ground import Ground
from tests.faults.load import Load
from tests.keeping import Keeper

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults-disk")]


@pytest.fixture
def kept_ground() -> Iterator[Ground]:
    with Ground(is_kept=True) as ground:
        ground.begin_anew()
        yield ground


@pytest.mark.fault(
    "T43",
    "the disk is lost under load, 75 s after a backup",
    "<= 60 s of events are lost; the rows tell one story; back <= 15 min; screens take a new epoch",
)
def test_a_lost_disk_costs_a_minute_at_most(kept_ground, history, seed, row):
    keeper = Keeper(kept_ground.servers)
    with Load(kept_ground, history, seed, pause=0.1) as load:
        load.run_for(50)
        keeper.types("backup")
        load.keep_on(75)
        lost = time.monotonic()
        keeper.lose_disk()
        known = len(history.answered(0))
        keeper.restores()
        back = load.back_after(time.monotonic())
        epoch = kept_ground.rows("SELECT epoch::text FROM agencies_hall")[0][0]
        load.run_for(50)
    restored_until = last_before(kept_ground, history, lost)
    row.update(lost_s=round(lost - restored_until, 1), answered_before=known, back_s=back)
    assert lost - restored_until <= 60
    assert all(frames[-1]["epoch"] == epoch for frames in load.frames())
    assert keeper.types("verify_log") == "The rows tell one story.\n"
    whole = [call for call in history.calls if call.ended <= restored_until or call.begun > lost]
    judge(kept_ground.evidence(whole))


def last_before(ground: Ground, history, moment: float) -> float:
    """Return when the last press before this moment was answered of which the log still knows."""
    known = {str(ticket) for (ticket,) in ground.rows("SELECT public_id FROM queueing_ticket")}
    kept = [
        call.ended
        for call in history.answered(0)
        if call.path == "visits"
        and call.outcome == "ok"
        and call.ended < moment
        and all(ticket["id"] in known for ticket in json.loads(call.text)["tickets"])
    ]
    return max(kept)
