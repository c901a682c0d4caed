"""How long does each request take? Counted by its route, never by its address."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from queueing.gauges import REQUESTS


class MeasuringMiddleware:
    """Measures every request that a route was found for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        if request.resolver_match is not None:
            status = f"{response.status_code // 100}xx"
            counted = REQUESTS.labels(request.resolver_match.route, status)
            counted.observe(time.perf_counter() - began)
        return response
