"""What travels small? Stylesheets and modules; the pages decide for themselves."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

SMALLER = ("text/css", "text/javascript", "image/svg+xml")


class GzipStatic(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if request.path.startswith(settings.STATIC_URL) and kind.startswith(SMALLER):
            return super().process_response(request, response)
        return response
