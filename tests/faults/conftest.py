"""What a row of the table may ask for: a ground that is whole again, a history, a seed."""

import logging
from collections.abc import Iterator

import pytest

from tests.faults.ground import Ground
from tests.faults.history import History


@pytest.fixture(scope="module")
def _ground() -> Iterator[Ground]:
    with Ground() as ground:
        yield ground


@pytest.fixture
def ground(_ground: Ground) -> Iterator[Ground]:
    """A hall to break; whatever a row leaves broken is mended before the next one."""
    _ground.mend()
    _ground.begin_anew()
    yield _ground
    _ground.mend()


@pytest.fixture(scope="session", autouse=True)
def _no_word_of_each_request() -> None:
    logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture
def history(tmp_path) -> History:
    return History(tmp_path)
