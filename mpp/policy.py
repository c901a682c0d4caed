"""What may a page load? Ours only our own files; a package's what that package needs."""

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """Sends the strict policy of our pages, and a looser one for those that packages bring.

    A kiosk's page may also speak to the bridge on its own machine: `response.bridge` names it.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(settings.PACKAGED_PAGES) and not report_only:
            parts.replace = settings.PACKAGED_POLICY
        if bridge := getattr(response, "bridge", ""):
            parts.update = {**(parts.update or {}), "connect-src": [SELF, bridge]}
        return parts
