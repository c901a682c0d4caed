"""What does the manager edit? The catalogue and its people, and the calendar."""

from agencies.admin import calendar, catalogue  # noqa: F401 - they register their tables
