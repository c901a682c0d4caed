"""What chance may a load take? `--seed N` repeats a run; without it each run has its own.

`--cases N` says how many odd orders are thrown at each address of the API, `--idle N` for how many
seconds a screen must bear that nothing happens.
"""

import random
from typing import Any

import pytest


def pytest_addoption(parser: Any) -> None:
    parser.addoption("--seed", type=int, help="the seed of the loads; random unless given")
    parser.addoption("--cases", type=int, default=60, help="odd orders for each address")
    parser.addoption("--idle", type=int, default=90, help="seconds in which nothing happens")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: Any) -> None:
    told = getattr(config, "workerinput", {}).get("seed", config.option.seed)
    config.option.seed = random.SystemRandom().randrange(1_000_000) if told is None else told


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process that xdist starts the one seed of this run."""
    node.workerinput["seed"] = node.config.option.seed


def pytest_report_header(config: Any) -> str:
    return f"seed of the loads: {config.option.seed}"


@pytest.fixture
def idle(request: Any) -> int:
    seconds: int = request.config.option.idle
    return seconds


@pytest.fixture
def cases(request: Any) -> int:
    count: int = request.config.option.cases
    return count


@pytest.fixture
def seed(request: Any) -> int:
    chosen: int = request.config.option.seed
    request.node.add_report_section("setup", "seed", f"repeat with --seed {chosen}")
    return chosen
