"""The clock that sends jobs by their names: it needs the schedule, and none of the hall."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")

app = Celery("mpp", fixups=set())  # without Django's: half the memory
app.config_from_object("django.conf:settings", namespace="CELERY")
