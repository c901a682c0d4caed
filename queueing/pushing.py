"""Which phone is told what, whose page is shut? Three ahead, and each call: once, in short time.

Only the worker comes here. A message that cannot be sent is not sent again: the page, the screens
and the voice tell it, too.
"""

import datetime as dt
import json
import logging
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, NamedTuple

import certifi
import urllib3
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from py_vapid import Vapid02
from pywebpush import WebPusher

from agencies import clock
from agencies.models import Hall
from queueing import push, telling
from queueing.models import PushSubscription, Ticket
from queueing.refusals import Invalid
from queueing.visits import tickets_of, visit_told

NEAR = 3
AT_ONCE = 8
ONE_WITHIN = urllib3.Timeout(connect=2, read=3)
ALL_WITHIN = 6.0
LIVES = 600  # seconds that a push service keeps a message for a phone that is off
SIGNED_FOR = dt.timedelta(hours=12)
GONE = {404, 410}

log = logging.getLogger(__name__)


class Message(NamedTuple):
    subscription: PushSubscription
    mark: str  # of what is told, so that it is told once
    text: str
    at: dt.datetime


def tell_phones() -> int:
    """Send what is due to the phones of every hall that wants it; return how many were told."""
    messages = [message for message in due() if claim(message)]
    if not messages:
        return 0
    with_time = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="push")
    tries = [with_time.submit(send, message) for message in messages]
    done, _late = wait(tries, timeout=ALL_WITHIN)
    with_time.shutdown(wait=False, cancel_futures=True)
    outcomes = [each.result() for each in done if each.exception() is None]
    gone = [message.subscription.pk for message, status in outcomes if status in GONE]
    PushSubscription.objects.filter(pk__in=gone).delete()
    return sum(200 <= status < 300 for _, status in outcomes)  # noqa: PLR2004 - was taken


def due() -> Iterator[Message]:
    """Yield what somebody should be told and was not yet."""
    wanted = PushSubscription.objects.filter(
        visit__hall__phone_push=True, visit__date__gte=F("visit__hall__business_date")
    )
    by_hall: dict[Hall, list[PushSubscription]] = defaultdict(list)
    for subscription in wanted.select_related("visit__hall").order_by("pk"):
        by_hall[subscription.visit.hall].append(subscription)
    for hall, subscriptions in by_hall.items():
        tickets: dict[int, list[Ticket]] = defaultdict(list)
        for ticket in tickets_of({each.visit_id for each in subscriptions}):
            tickets[ticket.visit_id].append(ticket)
        for subscription in subscriptions:
            yield from _due_to(hall, subscription, tickets[subscription.visit_id])


def _due_to(hall: Hall, subscription: PushSubscription, rows: list[Ticket]) -> Iterator[Message]:
    now = clock.now()
    state = visit_told(hall, now, rows)
    for ticket in state["tickets"]:
        mark = mark_of(ticket)
        if mark and mark not in subscription.told:
            yield Message(subscription, mark, text_of(ticket, state["at"], subscription), now)


def mark_of(ticket: dict[str, Any]) -> str:
    """Return the name of what there is to tell of a number now; "" when there is nothing."""
    if ticket["state"] == "called":
        return f"{ticket['id']} called {ticket['calls']}"
    is_near = ticket["state"] == "waiting" and ticket["ahead"] <= NEAR
    is_passed_by = ticket["away_until"] or ticket["held_by"]
    return f"{ticket['id']} near" if is_near and not is_passed_by else ""


def text_of(ticket: dict[str, Any], at: str, subscription: PushSubscription) -> str:
    with translation.override(subscription.language):
        told = telling.told(ticket, at)
    return json.dumps(
        {
            "title": f"{ticket['label']} · {told['title']}",
            "body": told["sentence"],
            "tag": ticket["label"],
            "url": reverse("follow", args=[subscription.visit.token]),
            "urgent": ticket["state"] == "called",
        }
    )


def claim(message: Message) -> bool:
    """Write down that this is told; False when another run was quicker."""
    subscription = message.subscription
    before = list(subscription.told)
    subscription.told = [*before, message.mark]
    same = PushSubscription.objects.filter(pk=subscription.pk, told=before)
    return bool(same.update(told=subscription.told))


def send(message: Message) -> tuple[Message, int]:
    """Send one message; return the status of the answer, 0 where there was none."""
    endpoint = message.subscription.endpoint
    began = time.monotonic()
    try:
        status = post(endpoint, *sealed(message))
    except (Invalid, OSError, ValueError, urllib3.exceptions.HTTPError) as error:
        log.warning("a phone could not be told: %s", type(error).__name__)
        return message, 0
    seconds = time.monotonic() - began
    log.info("told a phone %s: %s in %.2f s", push.digest_of(endpoint), status, seconds)
    return message, status


def sealed(message: Message) -> tuple[bytes, dict[str, str]]:
    """Return the message as only the phone can read it, and the headers that say who sends."""
    subscription, text, at = message.subscription, message.text, message.at
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    pusher = WebPusher({"endpoint": subscription.endpoint, "keys": keys})
    body = pusher.encode(text.encode())["body"]
    place = push.require_outside(subscription.endpoint)
    sender = settings.PUBLIC_URL if settings.PUBLIC_URL.startswith("https:") else ""
    claims = {
        "aud": f"{place.scheme}://{place.netloc}",
        "sub": sender or "mailto:antrean@localhost.localdomain",
        "exp": str(int((at + SIGNED_FOR).timestamp())),
    }
    headers = Vapid02(push.private_key()).sign(claims)
    headers |= {"Content-Encoding": "aes128gcm", "TTL": str(LIVES), "Urgency": "high"}
    return body, headers


def post(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    """Post to the very machine that was judged: no other name, no redirect, no long answer."""
    place = push.require_outside(endpoint)
    host, target = place.hostname or "", endpoint.split(place.netloc, 1)[1] or "/"
    address = address_of(host, place.port or 443)
    options: dict[str, Any] = {"timeout": ONE_WITHIN, "retries": False, "maxsize": 1}
    pool: urllib3.HTTPConnectionPool
    if place.scheme == "https":
        names: dict[str, Any] = {"server_hostname": host, "assert_hostname": host}
        names["ca_certs"] = certifi.where()
        pool = urllib3.HTTPSConnectionPool(address, place.port or 443, **names, **options)
    else:
        pool = urllib3.HTTPConnectionPool(address, place.port or 80, **options)
    with pool:
        answer = pool.urlopen(
            "POST",
            target,
            body=body,
            headers={**headers, "Host": place.netloc},
            redirect=False,
            preload_content=False,
        )
        answer.close()
        return answer.status


def address_of(host: str, port: int) -> str:
    """Return an address of that name; raises Invalid when any of them leads into a house."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(place[4][0]) for place in found]
    if host not in settings.PUSH_INSIDE and not all(map(push.is_outside, addresses)):
        raise Invalid
    return addresses[0]
