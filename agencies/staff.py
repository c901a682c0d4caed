"""Who works for an agency, and what may be changed about them? Each change stands in the audit.

Officers and supervisors only: greeters and managers belong to the whole hall and to /admin/.
"""

import secrets
from collections.abc import Iterable

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies import audit
from agencies.models import Agency, AuditEntry, Counter, Operator

ROLES = (Operator.Role.OFFICER, Operator.Role.SUPERVISOR)
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
LENGTH = 14


class Impossible(Exception):  # noqa: N818 - the page says why
    """What was asked cannot be; says it in a sentence for people."""


def people_of(agencies: Iterable[Agency]) -> QuerySet[Operator]:
    """Return who works for these agencies, whoever works at present first."""
    people = Operator.objects.filter(agency__in=agencies, role__in=ROLES, is_superuser=False)
    return people.select_related("agency", "counter", "hall").order_by("-is_active", "username")


def hire(agency: Agency, username: str, by: Operator, request: HttpRequest) -> tuple[Operator, str]:
    """Add an officer; return the person and the password, which is told once."""
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        raise Impossible(_("Nama pengguna hanya huruf, angka, dan @ . + - _")) from None
    person = Operator(username=username, hall=agency.hall, agency=agency, role=ROLES[0])
    password = _new_password(person)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise Impossible(_("Nama pengguna itu sudah dipakai.")) from None
    _write_down(person, by, request, "hired", agency=agency.code)
    return person, password


def set_active(person: Operator, by: Operator, request: HttpRequest, *, is_active: bool) -> None:
    """Let somebody in again, or out: sign-in, key and counter end at once."""
    if person == by:
        raise Impossible(_("Anda tidak dapat menonaktifkan diri sendiri."))
    person.is_active = is_active
    person.counter = person.counter if is_active else None
    person.key_hash = person.key_hash if is_active else None
    person.save(update_fields=["is_active", "counter", "key_hash"])
    _write_down(person, by, request, "is_active", is_active=is_active)


def set_work(
    person: Operator, role: str, counter: Counter | None, by: Operator, request: HttpRequest
) -> None:
    """Say what somebody does, and at which counter of the agency, if at a certain one."""
    if person == by and role != person.role:
        raise Impossible(_("Peran Anda sendiri diubah oleh penyelia lain atau pengelola MPP."))
    if role not in ROLES or (counter and counter.agency_id != person.agency_id):
        raise Impossible(_("Peran atau loket itu tidak ada di instansi ini."))
    person.role, person.counter = role, counter
    person.save(update_fields=["role", "counter"])
    number = counter.number if counter else None
    _write_down(person, by, request, "work", role=role, counter=number)


def reset_password(person: Operator, by: Operator, request: HttpRequest) -> str:
    """Give somebody a new password, which is told once; sign-ins with the old one end."""
    password = _new_password(person)
    person.save(update_fields=["password"])
    _write_down(person, by, request, "password")
    return password


def renew_key(person: Operator, by: Operator, request: HttpRequest) -> str:
    """Give somebody a new key for programs and keypads, which is told once; the old one ends."""
    key = person.new_key()
    person.save(update_fields=["key_hash"])
    _write_down(person, by, request, "key")
    return key


def _new_password(person: Operator) -> str:
    password = "".join(secrets.choice(READABLE) for _ in range(LENGTH))
    person.set_password(password)
    return password


def _write_down(
    person: Operator, by: Operator, request: HttpRequest, what: str, **values: object
) -> None:
    audit.write_down(
        AuditEntry.Kind.CHANGE,
        by.username,
        hall=person.hall,
        subject=f"agencies.operator {person.pk} {person.username}"[:160],
        request=request,
        saved=[{"changed": {"fields": [what]}}],
        values=values,
    )
