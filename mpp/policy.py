"""What may a page load? Ours only our own files; a package's what that package needs."""

from functools import cache

from csp.constants import HEADER, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

strict = cache(build_policy)


class PolicyMiddleware(CSPMiddleware):
    """Sends the strict policy of our pages, and a looser one for those that packages bring.

    A kiosk's page may also speak to the bridge on its own machine: `response.bridge` names it.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Data are asked for too often to put their policy together each time."""
        if response.headers.get("Content-Type") == "application/json":
            response.headers[HEADER] = strict()
            return response
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(settings.PACKAGED_PAGES) and not report_only:
            parts.replace = settings.PACKAGED_POLICY
        if bridge := getattr(response, "bridge", ""):
            parts.update = {**(parts.update or {}), "connect-src": [SELF, bridge]}
        return parts
