"""What is the hall? Agencies, queues, services, counters and the people who work there."""

from agencies.models.audit import AuditAddress, AuditEntry
from agencies.models.calendar import Holiday, Quota, Timetable, Weekday, Window
from agencies.models.hall import Hall, LiveFields, in_language
from agencies.models.offers import Agency, Queue, Service
from agencies.models.people import Assignment, Counter, Operator
from agencies.models.rows import ReadOften

__all__ = [
    "Agency",
    "Assignment",
    "AuditAddress",
    "AuditEntry",
    "Counter",
    "Hall",
    "Holiday",
    "LiveFields",
    "Operator",
    "Queue",
    "Quota",
    "ReadOften",
    "Service",
    "Timetable",
    "Weekday",
    "Window",
    "in_language",
]
