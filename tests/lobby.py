"""A running hall whose screens may be set up and decorated: `pytest_plugins = ["tests.lobby"]`."""

import pytest

from tests.screens import forget


@pytest.fixture
def lobby(hall):
    """The running hall, of which the screens and the lobby are as new afterwards."""
    yield hall
    forget(hall)
    hall.rows("DELETE FROM queueing_lobby RETURNING 1")
    hall.rows("DELETE FROM queueing_medium RETURNING 1")
