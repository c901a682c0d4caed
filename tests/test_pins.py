"""What is installed is what was chosen: every version is pinned, and every file by its hash."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([^ ;\n]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Return the version of each package that a file pins."""
    found = PIN.findall((REPOSITORY / name).read_text())
    return {package.lower().replace("_", "-"): version for package, version in found}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_was_chosen_is_what_is_installed(name):
    chosen, installed = pins(f"{name}.in"), pins(f"{name}.txt")
    assert chosen
    assert {package: installed.get(package) for package in chosen} == chosen


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_package_from_elsewhere_is_refused_by_its_hash(name):
    entries = re.split(r"\n(?=[A-Za-z0-9])", (REPOSITORY / name).read_text())
    assert [entry for entry in entries if PIN.match(entry) and "--hash=sha256:" not in entry] == []


def test_tests_run_on_what_the_hall_runs_on():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
