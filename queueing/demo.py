"""Who works in the demo hall? One officer a counter, a greeter, a manager, and its devices.

Written to `$MPP_VAR/demo.json` (contract section 1), so that people and programs can sign in.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

from agencies.keys import demo_key, hash_key
from agencies.models import Counter, Hall, Operator
from queueing import lifecycle
from queueing.models import Device

DEVICES = [
    ("kiosks", Device.Kind.KIOSK, ["Anjungan 1", "Anjungan 2"]),
    ("displays", Device.Kind.DISPLAY, ["Layar utama", "Layar zona B"]),
    ("surveys", Device.Kind.SURVEY, ["Tablet survei"]),
]
R = Operator.Role


def set_up(hall: Hall, password: str) -> None:
    """Make or mend the demo people and devices of a hall, and open its counters."""
    hashed = _hash_of(password)
    _person(hall, "manajer", R.MANAGER, hashed, is_staff=True)
    _person(hall, "resepsionis", R.GREETER, hashed)
    for counter in hall.counters.select_related("agency", "hall"):
        at = {"agency": counter.agency, "counter": counter}
        _person(hall, f"loket-{counter.number:02d}", R.OFFICER, hashed, **at)
        if counter.status == Counter.Status.CLOSED:
            lifecycle.open_counter(counter, actor="system")
    for _, kind, names in DEVICES:
        for name in names:
            key = hash_key(demo_key(hall.slug, name))
            values = {"kind": kind, "key_hash": key}
            Device.objects.update_or_create(hall=hall, name=name, defaults=values)


def lives_elsewhere(hall: Hall) -> bool:
    """Whether the demo people already belong to another hall: their names are theirs alone."""
    return Operator.objects.filter(username="manajer").exclude(hall=hall).exists()


def _hash_of(password: str) -> str:
    """Return a hash of the one demo password, the stored one while it still fits."""
    kept = Operator.objects.filter(username="manajer").values_list("password", flat=True).first()
    return kept if kept and check_password(password, kept) else make_password(password)


def _person(hall: Hall, username: str, role: str, hashed: str, **at: Any) -> None:
    key = hash_key(demo_key(hall.slug, username))
    values = {"hall": hall, "role": role, "password": hashed, "key_hash": key, **at}
    Operator.objects.update_or_create(username=username, defaults=values)


def describe(hall: Hall, password: str, base_url: str) -> dict[str, Any]:
    """Return what demo.json says."""

    def person(username: str) -> dict[str, Any]:
        key = demo_key(hall.slug, username)
        return {"username": username, "password": password, "key": key}

    devices = {
        plural: [_device(hall, name, f"{base_url}/{hall.slug}/{kind}") for name in names]
        for plural, kind, names in DEVICES
    }
    return {
        "base_url": base_url,
        "hall": hall.slug,
        "manager": person("manajer"),
        "greeter": person("resepsionis"),
        "operators": [
            {
                **person(f"loket-{counter.number:02d}"),
                "counter": counter.number,
                "agency": counter.agency.code,
            }
            for counter in hall.counters.select_related("agency").order_by("number")
        ],
        **devices,
    }


def _device(hall: Hall, name: str, address: str) -> dict[str, str]:
    key = demo_key(hall.slug, name)
    return {"name": name, "key": key, "url": f"{address}?pair={key}"}


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the file for its owner's eyes only, whole or not at all."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
    draft.replace(path)


def kept_password(path: Path) -> str | None:
    """Return the password of an earlier demo.json, if there is a readable one."""
    try:
        return str(json.loads(path.read_text())["manager"]["password"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
