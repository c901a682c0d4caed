"""Programs at the door: they speak JSON through Django's client, each with a key of the cast."""

import json
import uuid
from typing import Any

from django.test import Client

from agencies.models import Hall
from tests.cast import Cast


class Program:
    """Somebody's program: `Program(cast, "officer").post("counters/1/open")`; "" has no key.

    A path is read from the hall's address on, or from the root when it begins with a slash.
    """

    def __init__(
        self, cast: Cast | Hall, name: str = "", *, key: str = "", language: str = ""
    ) -> None:
        slug = cast.slug if isinstance(cast, Hall) else cast.hall.slug
        self.hall = f"/api/v1/halls/{slug}"
        key = key or (cast.key(name) if name else "")
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        if language:
            self.headers["Accept-Language"] = language
        self.client = Client()

    def address(self, path: str) -> str:
        return path if path.startswith("/") else f"{self.hall}/{path}"

    def get(self, path: str) -> Any:
        return self.client.get(self.address(path), headers=self.headers)

    def post(self, path: str, body: Any = None, *, once: str | None = None) -> Any:
        """Press a button; `once` is the Idempotency-Key, a new one unless given."""
        return self.send(path, json.dumps({} if body is None else body), once=once)

    def send(self, path: str, raw: str | bytes, *, once: str | None = None, kind: str = "") -> Any:
        """Send a body as it is, however odd."""
        key = uuid.uuid4().hex if once is None else once
        return self.client.post(
            self.address(path),
            raw,
            content_type=kind or "application/json",
            headers={**self.headers, **({"Idempotency-Key": key} if key else {})},
        )

    def take(self, *services: str, **options: Any) -> Any:
        """Take a number, as a kiosk or greeter; options go into the body, `once` beside it."""
        once = options.pop("once", None)
        return self.post("visits", {"services": list(services), **options}, once=once)


def refusal(response: Any) -> tuple[int, str]:
    """Return status and code of a refusal that is told as the contract says."""
    body = response.json()
    assert set(body) == {"code", "message"}
    assert body["message"]
    return response.status_code, body["code"]
