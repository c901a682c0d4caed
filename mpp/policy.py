"""What may a page load? Ours only our own files; a package's what that package needs."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PolicyMiddleware(CSPMiddleware):
    """Sends the strict policy of our pages, and a looser one for those that packages bring."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(settings.PACKAGED_PAGES) and not report_only:
            parts.replace = settings.PACKAGED_POLICY
        return parts
