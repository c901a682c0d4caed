"""Gives the tests a PostgreSQL and a Valkey of their own, before Django reads its settings.

The first pytest process starts them; the workers that it starts find them in their environment.
"""

import atexit
import os
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.servers import Servers

OWN = "TEST_SERVERS_FOLDER"
# Fixtures that start web processes or servers: whoever asks for one is `long`.
STARTING = {"_running_hall", "_limited", "_breakable_hall", "fragile_hall", "own_valkey"}
STARTING |= {"watched", "servers", "kept_hall"}

# A browser takes seconds for each look: what these look at closer is looked at by `make thorough`.
THOROUGH = {"test_desk_fit", "test_display_months", "test_display_room", "test_kiosk_help"}
THOROUGH |= {"test_kiosk_search", "test_kiosk_sizes", "test_kiosk_walk", "test_slip_page"}
THOROUGH |= {"test_survey_pages", "test_voice_display"}


def start_servers() -> None:
    servers = Servers().start()
    atexit.register(servers.stop)
    os.environ.update(servers.environment())
    os.environ.pop("DEMO_PASSWORD", None)
    os.environ["KIOSK_RATE"] = os.environ["PHONE_RATE"] = "0"
    os.environ["TEST_ADMIN_URL"] = servers.admin_url
    os.environ["TEST_APP_PASSWORD"] = servers.passwords["mpp_app"]
    os.environ[OWN] = str(servers.folder)


def pytest_addoption(parser: Any) -> None:
    parser.addoption("--walk", metavar="FOLDER", help="keep pictures of the walk to the kiosk here")


if OWN not in os.environ:
    start_servers()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is long, and as slow what looks closer or again in other sizes and languages."""
    seen = set()
    for item in items:
        if STARTING.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.long)
        if item.get_closest_marker("browser") is None:
            continue
        if item.path.stem in THOROUGH:
            item.add_marker(pytest.mark.slow)
        if hasattr(item, "callspec"):
            function = item.nodeid.partition("[")[0]
            if function in seen:
                item.add_marker(pytest.mark.slow)
            seen.add(function)
