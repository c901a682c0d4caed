"""Every setting of the hall: values come from the environment, and an unsafe one stops the start.

`docs/settings.md` explains each variable; a test holds that page against this file.
"""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from mpp import logs
from mpp.release import release_of

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """Return an environment variable; without it the hall does not start."""
    value = os.environ.get(name, "")
    if not value:
        message = f"{name} is not set. `make run` sets it; see docs/settings.md."
        raise ImproperlyConfigured(message)
    return value


def whole_number(name: str, default: int) -> int:
    """Return an environment variable as a whole number of at least 0."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal():
        message = f"{name} must be a whole number, not {text!r}."
        raise ImproperlyConfigured(message)
    return int(text)


def words(name: str, default: str = "") -> list[str]:
    """Return an environment variable as a list, split at commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def flag(name: str) -> bool:
    """Return whether an environment variable says 1."""
    return os.environ.get(name, "0") == "1"


# --- Safety -------------------------------------------------------------------------------------

DEBUG = False
SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 50:  # noqa: PLR2004 - the length that `check --deploy` asks for
    raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters.")  # noqa: TRY003, EM101
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS may not be '*': name the hosts.")  # noqa: TRY003, EM101
HTTPS = flag("HTTPS")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"  # forms lose their origin with no-referrer
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
}
# The admin comes from a package whose pages evaluate expressions of their own.
PACKAGED_PAGES = ("/admin/",)
PACKAGED_POLICY = {
    "script-src": [SELF, UNSAFE_EVAL, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "require-trusted-types-for": None,
}

# --- The hall -----------------------------------------------------------------------------------

VAR_DIR = Path(os.environ.get("MPP_VAR", BASE_DIR / "var"))
PUBLIC_URL = os.environ.get("PUBLIC_URL", "").rstrip("/")
BACKUP_DIR = Path(os.environ.get("BACKUP_DIR") or VAR_DIR / "backup")
BACKUP_URL = os.environ.get("BACKUP_URL", "")
BACKUP_KEEP = whole_number("BACKUP_KEEP", 7)
GROUPS_KEEP = whole_number("GROUPS_KEEP", 30)
if GROUPS_KEEP > 30:  # noqa: PLR2004 - domain: who was in need of what is a matter of 30 days
    raise ImproperlyConfigured("GROUPS_KEEP may be at most 30 days.")  # noqa: TRY003, EM101
DETAILS_KEEP = whole_number("DETAILS_KEEP", 60)
if DETAILS_KEEP < 30:  # noqa: PLR2004 - the hall learns from the last 20 days
    raise ImproperlyConfigured("DETAILS_KEEP must be at least 30 days.")  # noqa: TRY003, EM101
METRICS_KEY = os.environ.get("METRICS_KEY", "")
KIOSK_RATE = whole_number("KIOSK_RATE", 30)
PHONE_RATE = whole_number("PHONE_RATE", 120)
PUSH_INSIDE = words("PUSH_INSIDE")
SOCKETS_PER_ADDRESS = whole_number("SOCKETS_PER_ADDRESS", 5000)
RELEASE = release_of(BASE_DIR)
WEB_THREADS = whole_number("WEB_THREADS", 4)

# --- The parts ----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "agencies",
    "voice",
    "queueing",
    "survey",
]
MIDDLEWARE = [
    "mpp.watching.MeasuringMiddleware",
    "queueing.answers.AnswerInTime",
    "django.middleware.security.SecurityMiddleware",
    "mpp.compress.GzipStatic",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mpp.policy.PolicyMiddleware",
    "mpp.people.Session",
    "mpp.language.LanguageMiddleware",
    "queueing.answers.JsonForPrograms",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mpp.people.SignIn",
    "mpp.people.SecondFactor",
    "mpp.people.Limits",
    "mpp.people.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "mpp.urls"
ASGI_APPLICATION = "mpp.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60
WHITENOISE_ROOT = BASE_DIR / "static/root"  # a service worker rules only below its own address

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **dj_database_url.parse(
            required("DATABASE_URL"),
            engine="mpp.postgres",
            conn_max_age=None,
            conn_health_checks=True,
        ),
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=3,
    keepalives_idle=10,  # a peer that is gone without a word is noticed within 25 s
    keepalives_interval=5,
    keepalives_count=3,
    tcp_user_timeout=10_000,
    application_name="mpp",
    options="-c statement_timeout=5000 -c lock_timeout=2000"
    " -c idle_in_transaction_session_timeout=10000 -c synchronous_commit=on"
    " -c random_page_cost=1.1"  # what a hall asks for is in memory: an index, not the whole table
    " -c plan_cache_mode=force_generic_plan",  # what is planned once is not planned again each time
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL")

CELERY_BROKER_URL = REDIS_URL
# Every job is sent again by beat and may run twice, so the broker need not keep what was taken: a
# worker that wants to give it back over a line that has just died ends (kombu 5.7).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "ack_emulation": False,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "canary": {"task": "queueing.tasks.canary", "schedule": 60},
    "renew-forecasts": {
        "task": "queueing.tasks.renew_forecasts",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "learn": {"task": "queueing.tasks.learn", "schedule": 600},
    "close-days": {"task": "queueing.tasks.close_days", "schedule": 60},
    "enter-holidays": {"task": "queueing.tasks.enter_holidays", "schedule": 3600},
    "back-up": {"task": "queueing.tasks.back_up", "schedule": 600},
    "forget-old-commands": {"task": "queueing.tasks.forget_old_commands", "schedule": 3600},
    "count-days": {"task": "queueing.tasks.count_days", "schedule": 600},
    "forget-details": {"task": "queueing.tasks.forget_details", "schedule": 3600},
    "forget-groups": {"task": "queueing.tasks.forget_groups", "schedule": 3600},
    "render-voice": {"task": "voice.tasks.render_voice", "schedule": 60},
    "forget-respondents": {"task": "survey.tasks.forget_respondents", "schedule": 3600},
    "tell-phones": {
        "task": "queueing.tasks.tell_phones",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "forget-phones": {"task": "queueing.tasks.forget_phones", "schedule": 3600},
    "forget-addresses": {"task": "queueing.tasks.forget_addresses", "schedule": 3600},
}

# --- People and words ---------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.Operator"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Who may try a password again, and when: `agencies/lockout.py`.
AXES_HANDLER = "agencies.lockout.Lockout"
AXES_USERNAME_CALLABLE = "agencies.lockout.counted_name"
AXES_LOCKOUT_CALLABLE = "queueing.views.sign_in.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "next", "csrfmiddlewaretoken"]

OTP_TOTP_ISSUER = "Antrean MPP"

LOGIN_URL = reverse_lazy("sign-in")
LOGIN_REDIRECT_URL = reverse_lazy("home")
LOGOUT_REDIRECT_URL = reverse_lazy("door")

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = True

UNFOLD = {
    "SITE_TITLE": _("Antrean MPP"),
    "SITE_HEADER": _("Antrean MPP"),
    "SITE_SYMBOL": "confirmation_number",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("icons/hall.svg")},
    ],
    "SCRIPTS": [lambda request: static("admin.js")],
    "SHOW_BACK_BUTTON": True,
    "COLORS": {
        "primary": {
            "50": "#eaf5f5",
            "100": "#d0e8e8",
            "200": "#a6d2d3",
            "300": "#72b6b9",
            "400": "#3f959a",
            "500": "#1c7a80",
            "600": "#0a5c63",
            "700": "#084e54",
            "800": "#07444a",
            "900": "#06383d",
            "950": "#042528",
        },
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": logs.formatter()},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"axes": {"level": "ERROR"}},  # it would log names and addresses
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
