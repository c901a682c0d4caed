"""Django's plain HTTP side; `mpp.asgi` serves it from a fixed pool of threads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp.settings")

application = get_wsgi_application()
