"""What does the person at the terminal read? Progress, addresses, or why nothing starts."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn


class Refusal(Exception):  # noqa: N818 - nothing broke: we say no, in one sentence
    pass


def refuse(sentence: str) -> NoReturn:
    raise Refusal(sentence)


def refuse_folder(var: Path, error: OSError) -> NoReturn:
    refuse(f"MPP_VAR={var} cannot be written: {error.strerror}. Choose another folder.")


def say(words: str, end: str = "\n") -> None:
    print(words, end=end, flush=True)  # noqa: T201 - this is how a launcher speaks


@contextmanager
def step(words: str) -> Iterator[None]:
    """Say what begins, and when it is ready how long it took."""
    began = time.monotonic()
    say(f"{words} ... ", end="")
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f"ready ({time.monotonic() - began:.1f} s)")


def welcome(var: Path) -> str:
    """Return the addresses and sign-ins of the open hall, as its demo set-up wrote them down."""
    path = var / "demo.json"
    if not path.exists():
        refuse(f"There are no addresses to show: {path} is not there.")
    demo = json.loads(path.read_text())
    return "\n".join(["", "The hall is open.", *addresses(demo), "", *sign_ins(demo, path), ""])


def addresses(demo: Mapping[str, Any]) -> list[str]:
    base, hall = demo["base_url"].rstrip("/"), demo["hall"]
    rows = {
        "door": f"{base}/",
        "kiosk": first_address(demo["kiosks"], f"{base}/{hall}/kiosk"),
        "desk": f"{base}/{hall}/desk",
        "display": first_address(demo["displays"], f"{base}/{hall}/display"),
        "manager": f"{base}/{hall}/manager",
        "admin": f"{base}/admin/",
    }
    return [f"  {name:9} {address}" for name, address in rows.items()]


def first_address(devices: list[Mapping[str, Any]], otherwise: str) -> str:
    return next((device["url"] for device in devices if device.get("url")), otherwise)


def sign_ins(demo: Mapping[str, Any], path: Path) -> list[str]:
    people = {"manager": demo["manager"], "greeter": demo["greeter"]}
    people |= {f"counter {each['counter']}": each for each in demo["operators"][:1]}
    rows = [f"  {who:9} {each['username']} / {each['password']}" for who, each in people.items()]
    return ["Sign in as", *rows, f"  All counters, and the keys for programs: {path}"]
