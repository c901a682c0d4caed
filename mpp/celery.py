"""Work that may be late. Nothing a citizen or officer waits for runs here."""

import os

from celery import Celery

from queueing import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")

app = Celery("mpp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
patience.install()
