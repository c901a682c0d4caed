"""Where a connection goes: HTTP to Django on a fixed pool of threads, websockets to Channels.

Each thread keeps its own database connection, so a request costs neither a new thread nor a new
connection (design: 2.9 CPU-ms an issue against 10.2 with Django's own ASGI handler). Presses have
threads of their own: none waits behind a page, or a film that a screen loads slowly. Of presses
calls go first: a lobby looks at them, and each makes room for another.
"""

from typing import Any

from mpp.threads import Threads, Whole
from mpp.wsgi import application as wsgi  # sets up Django before anything else is imported

from channels.routing import ProtocolTypeRouter, URLRouter  # isort: skip
from channels.sessions import CookieMiddleware  # isort: skip
from django.conf import settings  # isort: skip
from django.urls import path, re_path  # isort: skip

from queueing import patience  # isort: skip
from queueing.consumers import (  # isort: skip
    BoardConsumer,
    BrowserOriginValidator,
    Nowhere,
    VisitConsumer,
)

patience.install()
sockets = URLRouter(
    [
        path("ws/v/<slug:token>", VisitConsumer.as_asgi()),
        path("ws/<slug:hall>/board", BoardConsumer.as_asgi()),
        re_path("", Nowhere.as_asgi()),
    ]
)

CALLS = ("/call-next", "/call", "/recall")
presses = Threads(wsgi, settings.WEB_THREADS, is_urgent=lambda path: path.endswith(CALLS))
pages = Threads(wsgi, settings.WEB_THREADS)


async def http(scope: Any, *ends: Any) -> None:
    await (presses if scope["path"].startswith("/api/") else pages)(scope, *ends)


application = ProtocolTypeRouter(
    {
        "http": Whole(patience.NoteArrival(http)),
        "websocket": BrowserOriginValidator(CookieMiddleware(sockets), settings.ALLOWED_HOSTS),
    }
)
