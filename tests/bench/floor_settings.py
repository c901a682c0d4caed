"""The hall's settings for a Django view that does nothing: FLOOR=bare takes the middleware away."""

import os

from mpp.settings import *  # noqa: F403
from mpp.settings import MIDDLEWARE as WHOLE

ROOT_URLCONF = "tests.bench.floor"
MIDDLEWARE = [] if os.environ.get("FLOOR") == "bare" else WHOLE
