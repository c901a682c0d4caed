"""The floor: what does an answer cost that does nothing?

Run as a program it is the hall's web process with the barest WSGI application in the place of
Django. As a URLconf (see `floor_settings`) it is a Django view that does nothing.
"""

import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

import uvicorn
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from mpp import serve
from mpp.settings import WEB_THREADS
from mpp.threads import Threads, Whole

TEXT = json.dumps({"ready": True}).encode()
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(TEXT)))]


def bare(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    start("200 OK", HEADERS)
    return [TEXT]


@csrf_exempt
def empty(request: HttpRequest) -> HttpResponse:
    json.loads(request.body or b"{}")
    return HttpResponse(TEXT, headers=dict(HEADERS))


urlpatterns = [path("health/ready", empty), path("", empty)]


def main() -> None:
    config = serve.config()
    config.app = Whole(Threads(bare, workers=WEB_THREADS))  # type: ignore[arg-type]
    config.lifespan = "off"
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=0)])


if __name__ == "__main__":
    main()
