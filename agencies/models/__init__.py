"""What is the hall? Agencies, queues, services, counters and the people who work there."""

from agencies.models.audit import AuditAddress, AuditEntry
from agencies.models.hall import Hall, LiveFields, OpeningHours, in_language
from agencies.models.offers import Agency, Queue, Service
from agencies.models.people import Counter, Operator

__all__ = [
    "Agency",
    "AuditAddress",
    "AuditEntry",
    "Counter",
    "Hall",
    "LiveFields",
    "OpeningHours",
    "Operator",
    "Queue",
    "Service",
    "in_language",
]
