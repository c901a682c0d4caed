"""Who may knock? People by session, programs by key, devices by their cookie or key.

Everything of another hall, and for officers everything of another agency, does not exist: 404.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from agencies import clock
from agencies.keys import demo_key, hash_key
from agencies.models import Agency, Counter, Hall, Operator, Queue, Service
from agencies.ready import Ready
from queueing import seen
from queueing.models import Device, Ticket, Visit
from queueing.pace import phones
from queueing.refusals import (
    IllegalMove,
    NotFound,
    NotKnown,
    NotYours,
    TooManyLooks,
    UnknownService,
)

REMEMBERED = dt.timedelta(days=1)  # a visit's page lives a day longer than its day
TEN_YEARS = 10 * 365 * 24 * 60 * 60
COOKIES = {
    Device.Kind.KIOSK: "kiosk",
    Device.Kind.DISPLAY: "display",
    Device.Kind.SURVEY: "survey",
}
PAIRING_COOKIE = "pairing"
GREETER_VERBS = {"reinstate", "cancel", "prioritise", "first", "change-service"}
R = Operator.Role

_LEFT = [f"hall__{name}" for name in Hall.seldom]
_people = Operator.objects.filter(is_active=True).select_related("hall", "agency", "counter")
_devices = Device.objects.filter(is_active=True).select_related("hall")
_offers = Service.objects.select_related("queue")
_of_key: Ready[Operator] = Ready(lambda key: _people.filter(key_hash=key).defer(*_LEFT))
_device: Ready[Device] = Ready(lambda key: _devices.filter(key_hash=key).defer(*_LEFT))
_services: Ready[Service] = Ready(lambda hall, codes: _offers.filter(hall=hall, code__in=codes))


@dataclass(frozen=True)
class Caller:
    """Who presses: an operator, a device, or (with neither) a visitor with a token."""

    scope: str  # for idempotency keys: nobody else's key is ours
    actor: str  # for the event log
    operator: Operator | None = None
    device: Device | None = None

    @property
    def holder(self) -> Operator | Device | None:
        return self.operator or self.device

    @property
    def role(self) -> str:
        if self.device:
            return str(self.device.kind)
        if self.operator and self.operator.is_superuser:
            return R.MANAGER
        return self.operator.role if self.operator else "visitor"

    def is_of(self, hall: Hall) -> bool:
        if self.operator and self.operator.is_superuser:
            return True
        return self.holder is not None and self.holder.hall_id == hall.pk

    def sees(self, agency: Agency) -> bool:
        """Managers and greeters see every agency of the hall, all others their own."""
        if self.role in {R.MANAGER, R.GREETER}:
            return True
        return self.operator is not None and self.operator.agency_id == agency.pk


def by_operator(operator: Operator) -> Caller:
    return Caller(f"operator:{operator.pk}", f"operator:{operator.username}", operator=operator)


def by_device(device: Device) -> Caller:
    return Caller(f"device:{device.pk}", f"{device.kind}:{device.name}", device=device)


def by_token(token: str) -> Caller:
    """The holder of a visit's token; the token itself is a secret and stays out of the log."""
    return Caller(f"visit:{hash_key(token)[:32]}", "visitor")


# --- Who is it? ---------------------------------------------------------------------------------


def brought(request: HttpRequest) -> tuple[str, str]:
    """Return the scheme and the key of the Authorization header; without one both are empty."""
    scheme, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return scheme, key.strip()


def caller_of(request: HttpRequest, device_kind: str = "") -> Caller:
    """Return who sent this request; raises NotKnown.

    A key in the Authorization header comes first, then the cookie of the wanted kind of device,
    then the signed-in person. Cookies count only with a CSRF token.
    """
    scheme, key = brought(request)
    if scheme:
        return _by_key(key, device_kind) if scheme.lower() == "bearer" else _nobody()
    device = _device_of_cookie(request, device_kind) if device_kind else None
    operator = request.user if isinstance(request.user, Operator) else None
    if device is None and operator is None:
        raise NotKnown
    _require_csrf(request)
    return by_device(device) if device else by_operator(request.user)  # type: ignore[arg-type]


def _nobody() -> Caller:
    raise NotKnown


def _by_key(key: str, device_kind: str) -> Caller:
    """Return whose key this is; looked for first among those who are expected at this door."""
    doors = (
        (_device_by_key, _operator_by_key) if device_kind else (_operator_by_key, _device_by_key)
    )
    return doors[0](key) or doors[1](key) or _nobody()


def _device_by_key(key: str) -> Caller | None:
    device = device_by_key(key)
    return by_device(device) if device else None


def _operator_by_key(key: str) -> Caller | None:
    operator = _of_key.first(hash_key(key))
    return by_operator(operator) if operator else None


def _require_csrf(request: HttpRequest) -> None:
    if request.method in {"GET", "HEAD"}:
        return
    refused = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(
        request, lambda _: HttpResponse(), (), {}
    )
    if refused:
        raise NotYours


def _device_of_cookie(request: HttpRequest, kind: str) -> Device | None:
    key = request.COOKIES.get(COOKIES[Device.Kind(kind)])
    return device_by_key(key, kind) if key else None


# --- What may they do? --------------------------------------------------------------------------


def find_hall(slug: str) -> Hall:
    hall = Hall.objects.filter(slug=slug).first()
    if hall is None:
        raise NotFound
    return hall


def hall_at(caller: Caller, slug: str) -> Hall:
    """Return the hall that an address names; the caller's own was read with the caller."""
    own = caller.holder and caller.holder.hall
    return own if own and own.slug == slug else find_hall(slug)


def require_role(caller: Caller, hall: Hall, *roles: str) -> None:
    """Another hall does not exist for this caller; in the own hall the role must fit."""
    if not caller.is_of(hall):
        raise NotFound
    if caller.role not in roles:
        raise NotYours


def find_counter(caller: Caller, hall: Hall, number: int) -> Counter:
    """Return a counter that this caller may work at.

    An officer works at the counter that was assigned, or without one at any of the agency; another
    agency's does not exist. The supervisor may work at any of the agency, the manager at all.
    """
    if not caller.is_of(hall):
        raise NotFound
    if caller.role not in {R.OFFICER, R.SUPERVISOR, R.MANAGER}:
        raise NotYours
    counter = _counter_there(caller, hall, number)
    if counter is None or not caller.sees(counter.agency):
        raise NotFound
    own = assigned_counter(caller)
    if own and own.pk != counter.pk:
        raise NotYours(_("Anda bertugas di loket %(number)s.") % {"number": own.number})
    return counter


def _counter_there(caller: Caller, hall: Hall, number: int) -> Counter | None:
    """Return the hall's counter of that number; an officer's own was read with the officer."""
    own, agency = assigned_counter(caller), caller.operator and caller.operator.agency
    if own and agency and (hall.pk, number, agency.pk) == (own.hall_id, own.number, own.agency_id):
        own.hall, own.agency = hall, agency
        return own
    counters = Counter.objects.select_related("hall", "agency")
    return counters.filter(hall=hall, number=number).first()


def assigned_counter(caller: Caller) -> Counter | None:
    """Return the one counter that an officer was assigned to; the others are not bound to one."""
    return caller.operator.counter if caller.operator and caller.role == R.OFFICER else None


def find_queue(caller: Caller, hall: Hall, code: str) -> Queue:
    """Return a queue of which this caller may say that its system is down, or works again.

    The officer whose counter serves it, the supervisor of its agency, the manager.
    """
    if not caller.is_of(hall):
        raise NotFound
    if caller.role not in {R.OFFICER, R.SUPERVISOR, R.MANAGER}:
        raise NotYours
    queue = Queue.objects.select_related("hall", "agency").filter(hall=hall, code=code).first()
    if queue is None:
        raise NotFound
    if caller.role != R.OFFICER and caller.sees(queue.agency):
        return queue
    if works_for(caller, queue):
        return queue
    if not caller.sees(queue.agency):
        raise NotFound
    raise NotYours(_("Loket Anda tidak melayani antrean ini."))


def find_queues_to_assign(caller: Caller, counter: Counter, codes: list[str]) -> list[Queue]:
    """Return the queues that this caller lets a counter serve.

    The supervisor gives and takes those of the own agency; what the manager gave beside them stays.
    """
    if caller.role not in {R.SUPERVISOR, R.MANAGER}:
        raise NotYours
    queues = list(Queue.objects.select_related("agency").filter(hall=counter.hall, code__in=codes))
    served = list(counter.queues.select_related("agency"))
    if len(queues) < len(set(codes)) or not all(map(caller.sees, _agencies(queues, served))):
        raise NotFound(_("Antrean itu tidak ada."))
    if not all(map(caller.sees, _agencies(served, queues))):
        raise NotYours(_("Loket ini juga melayani instansi lain; itu diatur pengelola MPP."))
    return queues


def _agencies(queues: list[Queue], except_of: list[Queue]) -> list[Agency]:
    return [queue.agency for queue in queues if queue not in except_of]


def find_officer(caller: Caller, counter: Counter, username: str) -> Operator:
    """Return whom the counter may be handed over to: an officer of its agency who works here.

    An officer hands over to somebody who is bound to no other counter.
    """
    officers = Operator.objects.select_related("counter").filter(is_active=True, role=R.OFFICER)
    officer = officers.filter(agency=counter.agency, username=username).first()
    if officer is None:
        raise NotFound(_("Petugas itu tidak ada di instansi ini."))
    elsewhere = officer.counter if officer.counter_id != counter.pk else None
    if elsewhere and caller.role == R.OFFICER:
        words = _("Petugas itu bertugas di loket %(number)s.")
        raise IllegalMove(words % {"number": elsewhere.number})
    return officer


def works_for(caller: Caller, queue: Queue) -> bool:
    """Whether a counter at which this caller may work serves the queue, whosever it is."""
    own = assigned_counter(caller)
    mine = {"pk": own.pk} if own else {"agency": caller.operator and caller.operator.agency_id}
    return queue.counters.filter(**mine).exists()


def find_ticket(caller: Caller, hall: Hall, public_id: uuid.UUID, verb: str) -> Ticket:
    """Return a ticket of this hall that this caller may do the verb to."""
    if not caller.is_of(hall):
        raise NotFound
    if caller.device or (caller.role == R.GREETER and verb not in GREETER_VERBS):
        raise NotYours
    ticket = Ticket.objects.whole().filter(hall=hall, public_id=public_id).first()
    if ticket is None:
        raise NotFound
    if caller.sees(ticket.queue.agency) or works_for(caller, ticket.queue):
        return ticket
    raise NotFound


def find_ticket_to_print(caller: Caller, hall: Hall, public_id: uuid.UUID) -> Ticket:
    """Return a ticket of this hall whose slip this caller may print.

    The greeter and the manager any; a kiosk those that it gave out or was asked to print again.
    """
    require_role(caller, hall, Device.Kind.KIOSK, R.GREETER, R.MANAGER)
    tickets = Ticket.objects.whole().filter(hall=hall, public_id=public_id)
    if caller.device:
        tickets = tickets.filter(Q(visit__device=caller.device) | Q(jobs__device=caller.device))
    ticket = tickets.first()
    if ticket is None:
        raise NotFound
    return ticket


def find_services(hall: Hall, codes: list[str]) -> list[Service]:
    """Return the services in the hall with these codes; raises UnknownService."""
    wanted = sorted(set(codes))
    services = _services.ask(hall.pk, wanted)
    if len(services) < len(wanted):
        raise UnknownService
    return services


def find_service(hall: Hall, code: str) -> Service:
    """Return the service in the hall with the code that an address names."""
    service = Service.objects.select_related("queue").filter(hall=hall, code=code).first()
    if service is None:
        raise NotFound
    return service


def find_visit(token: str) -> Visit:
    """Return a visit of today or yesterday; older ones are gone, as the citizen was told."""
    if seconds := phones.wait(token):
        raise TooManyLooks(retry_after=seconds)
    visit = Visit.objects.select_related("hall").filter(token=token).first()
    if visit is None or visit.date < clock.today(visit.hall) - REMEMBERED:
        raise NotFound
    return visit


# --- Devices ------------------------------------------------------------------------------------


def device_by_key(key: str, kind: str = "") -> Device | None:
    """Return the device whose key this is, unless it was sent away; it was seen just now."""
    device = _device.first(hash_key(key))
    if device is None or kind not in {"", device.kind}:
        return None
    seen.note(device)
    return device


def was_sent_away(request: HttpRequest, kind: str) -> bool:
    """Whether this browser has a device's cookie that is worth nothing any more."""
    has_cookie = COOKIES[Device.Kind(kind)] in request.COOKIES
    return has_cookie and _device_of_cookie(request, kind) is None


def device_of(request: HttpRequest, hall: Hall, kind: str) -> Device | None:
    """Return the device of this kind and hall that this browser was paired as."""
    device = _device_of_cookie(request, kind)
    return device if device and device.hall_id == hall.pk else None


def pair(request: HttpRequest, hall: Hall, key: str) -> HttpResponse:
    """Make this browser the device that owns the key, and go on to the clean address."""
    device = Device.objects.filter(hall=hall, key_hash=hash_key(key), is_active=True).first()
    response = redirect(request.path)
    if device:
        keep_secret(response, COOKIES[Device.Kind(device.kind)], key, TEN_YEARS)
    return response


def keep_secret(response: HttpResponse, name: str, secret: str, seconds: int) -> None:
    """Give the browser a secret that no script and no other site can make use of."""
    response.set_cookie(
        name,
        secret,
        max_age=seconds,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Strict",
    )


def pair_demo(request: HttpRequest, hall: Hall, kind: str) -> HttpResponse | None:
    """In a demo hall any browser may be the first device of its kind; elsewhere None."""
    device = Device.objects.filter(hall=hall, kind=kind, is_active=True).order_by("pk").first()
    key = demo_key(hall.slug, device.name) if device else ""
    if not (hall.always_open and device and device.key_hash == hash_key(key)):
        return None
    return pair(request, hall, key)
