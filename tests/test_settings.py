"""The page about settings is true, and an unsafe setting stops the start."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from mpp.options import EVERYWHERE, read_options

pytestmark = pytest.mark.long

REPOSITORY = Path(__file__).parent.parent
ASKED = re.compile(
    r"(?:environ\.get\(|environ\[|env\.get\(|required\(|flag\(|words\(|whole_number\((?:env, )?)"
    r"\"([A-Z_]+)\""
)
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE"}


def asked_for() -> set[str]:
    code = [path for name in ("mpp", "agencies", "queueing") for path in Path(name).rglob("*.py")]
    return {name for path in code for name in ASKED.findall(path.read_text())} - NOT_SETTINGS


def test_the_page_names_each_variable_that_the_code_asks_for(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    told = re.findall(r"^\| `([A-Z_]+)` \|", Path("docs/settings.md").read_text(), re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) == asked_for()


def start_with(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import mpp.settings"],
        cwd=REPOSITORY,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.fault(
    "T49", "a secret is missing or weak, or any host is let in", "the start is refused"
)
@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "shorter than 50"),
        ({"ALLOWED_HOSTS": "*"}, "name the hosts"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"KIOSK_RATE": "many"}, "must be a whole number"),
    ],
)
def test_an_unsafe_setting_stops_the_start_with_a_sentence(setting, reason):
    started = start_with(**setting)
    assert started.returncode != 0
    assert reason in started.stderr


@pytest.mark.fault("T49", "check --deploy behind TLS", "0 warnings")
def test_a_deployment_behind_tls_has_no_warnings():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "HTTPS": "1",
            "SECRET_KEY": "Tr0ub4dor&3-correct-horse-battery-staple" * 2,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("env", "is_warned"),
    [
        ({}, False),
        ({"HOST": "localhost"}, False),
        ({"HOST": EVERYWHERE}, True),
        ({"HOST": "192.168.1.10"}, True),
        ({"HOST": EVERYWHERE, "HTTPS": "1"}, False),
    ],
)
def test_a_hall_that_is_open_to_the_network_without_tls_warns(env, is_warned):
    assert read_options(env).is_in_the_clear is is_warned


def test_nobody_switches_debug_on(settings):
    assert "DEBUG" not in asked_for()
    assert settings.DEBUG is False


@pytest.mark.parametrize(("package", "floor"), [("Django", (5, 2, 14)), ("uvicorn", (0, 54, 0))])
def test_no_package_is_below_the_version_that_closed_a_known_hole(package, floor):
    have = tuple(int(part) for part in version(package).split("."))
    assert have >= floor
