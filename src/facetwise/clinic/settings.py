"""Django's settings. What differs between clinics comes from the environment; `facetwise clinic` sets it.

`FACETWISE_CLINIC_HOME` is the folder of the clinic: its database and its secret key. `FACETWISE_CLINIC_DATABASE` may
name a PostgreSQL database instead, as `postgresql://user:password@host:port/name`, with a socket's folder as
`postgresql://user@/name?host=/folder`. `FACETWISE_CLINIC_HOSTS` are the names it answers to,
`FACETWISE_CLINIC_HTTPS=1` says that it stands behind HTTPS, `FACETWISE_CLINIC_TIME_ZONE` in which time zone it is where
that is not the machine's. `FACETWISE_CLINIC_MAIL` and `FACETWISE_CLINIC_MAIL_FROM`
name the mail server that reminders go through, and their sender; without them no mail is sent.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from facetwise.clinic.drawing_styles import style_sources
from facetwise.clinic.mail_server import mail_server
from facetwise.clinic.secret_key import secret_key
from facetwise.clinic.time_zone import time_zone
from facetwise.documents import DocumentError, Problem

HOME = Path(os.environ.get("FACETWISE_CLINIC_HOME", "clinic")).resolve()
HTTPS = os.environ.get("FACETWISE_CLINIC_HTTPS") == "1"

SECRET_KEY = secret_key(HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("FACETWISE_CLINIC_HOSTS", "127.0.0.1,localhost").split(",")
ROOT_URLCONF = "facetwise.clinic.urls"
WSGI_APPLICATION = "facetwise.clinic.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "facetwise.clinic.apps.ClinicConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "facetwise.clinic.request_size.RequestSizeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "facetwise.clinic.access.ClinicMiddleware",
    "facetwise.clinic.failing.FailingMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "facetwise.clinic.people.own_clinics.header",
                "facetwise.clinic.statuses.statuses",
            ],
        },
    }
]


def _database(url: str | None) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "clinic.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # two who write wait for each other instead of failing
                "timeout": 20,
                # FULL: what was confirmed is on the disk, so that a power cut takes none of it
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(url)  # PostgreSQL's own reading of its addresses
    except ProgrammingError:
        what = "FACETWISE_CLINIC_DATABASE is no address of a PostgreSQL database"
        raise DocumentError([Problem("", what, "Write it postgresql://user:password@host:port/name")]) from None
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(given.pop(key, "")) for name, key in names.items()},
        "OPTIONS": given,
        "CONN_MAX_AGE": 60,
    }


DATABASES = {"default": _database(os.environ.get("FACETWISE_CLINIC_DATABASE"))}

CACHES = {  # what limits sign-ins counts in it: shared, because several processes answer and a restart forgets nothing
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "clinic_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "facetwise.clinic.sign_in.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Facetwise"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "facetwise.clinic.sign_in.addresses.client_address"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
AXES_USERNAME_CALLABLE = "facetwise.clinic.sign_in.tried_names.tried_name"
AXES_SENSITIVE_PARAMETERS = ["username", "login"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name patients; a cookie is readable

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if HTTPS else []
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 << 20
CLINIC_LARGEST = 8 << 20  # of a request: files of 2 MB pass, and the page can still tell of one that is larger
CLINIC_LARGEST_BEFORE_SIGN_IN = 128 << 10  # patients' messages and forms have a few KB
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, *style_sources()],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

MAIL = mail_server(os.environ.get("FACETWISE_CLINIC_MAIL"), os.environ.get("FACETWISE_CLINIC_MAIL_FROM"))
CLINIC_SENDS_MAIL = MAIL is not None
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 10
if MAIL is not None:
    EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
    EMAIL_USE_TLS, EMAIL_USE_SSL, DEFAULT_FROM_EMAIL = MAIL.starttls, MAIL.tls, MAIL.sender

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
USE_TZ = True
TIME_ZONE = time_zone()
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "facetwise.clinic.formats"

LOGGING = {  # what goes wrong is told without whom it was about: no messages of errors, no tokens of links
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "errors_by_kind": {"()": "facetwise.clinic.logs.ErrorsByKind"},
        "without_tokens": {"()": "facetwise.clinic.links.logging.WithoutTokens"},
    },
    "formatters": {"without_messages": {"()": "facetwise.clinic.logs.WithoutMessages"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["errors_by_kind", "without_tokens"],
            "formatter": "without_messages",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
