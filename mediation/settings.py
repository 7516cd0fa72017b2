"""Settings, read from the environment: one code path serves the demo, the tests, production.

What a deployer may set:
    DJANGO_SECRET_KEY     required unless DJANGO_DEBUG=1 or DJANGO_DEMO=1 (then kept in var/)
    DJANGO_SECRET_KEY_FALLBACKS  former ones, separated by spaces
    DJANGO_DEBUG          "1" for development
    DJANGO_DEMO           "1" for `make demo` (plain HTTP on this machine only)
    DJANGO_ALLOWED_HOSTS  comma-separated host names
    DJANGO_HTTPS          "0" when no TLS stands in front (default "1" outside DEBUG and the demo)
    DATABASE_URL          postgres://… ; SQLite in var/ when absent
    CONTACT_EMAIL         the address shown on legal pages
    GEOCODER              "1" to find street addresses with the national geocoder (off by default)
    EMAIL_URL             smtp://user:password@host:587?tls=1, file:///folder, console:// (default)
    EMAIL_FROM, SITE_URL  the address that mail comes from; https://…, where its links lead
    TRUSTED_PROXIES       addresses or networks of the reverse proxies, comma-separated
    BREACH_CHECK          "1" to refuse passwords found in breaches (off by default)
    AUDIT_DAYS            days that the log of accounts is kept (default 365)
    CONTRIBUTION_MONTHS   months that the words of an answered contribution are kept (default 6)
    HISTORY_DAYS          days that history is kept (1095); UNDO_DAYS, to undo a bulk action (14)
    MAP_TILES             what maps are drawn on: "ign" (default), "osm", or "none"
    TASKS_WORKER          "1": `manage.py db_worker` does the background work (default outside DEBUG
                          and the demo); "0": it is done at once, by who asks
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from mediation.logs import LOGGING  # noqa: F401 (Django reads it here)
from mediation.mail import all_mail_settings, site_url
from mediation.maps import leaflet_config
from mediation.release import newest_file
from mediation.secret_key import fallbacks, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("DJANGO_VAR_DIR", BASE_DIR / "var"))
FIXTURES_DIR = BASE_DIR / "fixtures"


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes"}


DEBUG = _flag("DJANGO_DEBUG")
DEMO = _flag("DJANGO_DEMO")
TESTING = _flag("DJANGO_TESTING")
LOCAL = DEBUG or DEMO or TESTING

SECRET_KEY = secret_key(os.environ, VAR_DIR if LOCAL else None)
SECRET_KEY_FALLBACKS = fallbacks(os.environ)

ALLOWED_HOSTS = [h for h in os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",") if h]
if LOCAL and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]

INSTALLED_APPS = [
    "mediation.apps.DirectoryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "leaflet",
    "simple_history",
    "directory",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mediation.compression.LightGZipMiddleware",
    "mediation.middleware.ReadableQueryMiddleware",
    "mediation.staff.StaffSessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mediation.staff.StaffAuthentication",
    "mediation.staff.StaffMessages",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "mediation.urls"
WSGI_APPLICATION = "mediation.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    # The pages: docs/decisions/0009-jinja2-templates.md.
    {
        "BACKEND": "mediation.jinja.Templates",
        "NAME": "jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "mediation.jinja.environment",
            "context_processors": ["mediation.context.site"],
        },
    },
    # The moderators' side.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "django"],
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

if not os.environ.get("DATABASE_URL"):
    VAR_DIR.mkdir(exist_ok=True)
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'demo.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes; IMMEDIATE avoids "database is locked" on upgrade.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;"
        ),
    }

# Attempts to sign in are counted here: every worker must see the same counts.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Beyond, old counts go: a stranger must not push out those of an attack under way.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "directory" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or TESTING
    else "mediation.storage.ModuleStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_BACKEND},
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Security -----------------------------------------------------------------------------------
_HTTPS = _flag("DJANGO_HTTPS", default=not LOCAL)
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_HTTPONLY = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
if _HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# "same-origin" would hide the referrer that OpenStreetMap's tile policy asks for.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Accounts (docs/accounts.md) ----------------------------------------------------------------
STAFF_PATHS = ("/admin/", "/compte/", "/effacer/")
"""The only paths where sessions exist: the last one ends the one it is sent."""
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATORS = "django.contrib.auth.password_validation."
FILE_UPLOAD_HANDLERS = [
    "mediation.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATORS}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}NumericPasswordValidator"},
    {"NAME": "directory.moderation.breaches.BreachedPasswordValidator"},
]
BREACH_CHECK = _flag("BREACH_CHECK")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
# A working day; nothing is remembered beyond the browser's closing.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_ADAPTER = "directory.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation's link has proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
# By account and address; "ip" is the account where no address can be believed.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip,10/15m/key"}
MFA_ADAPTER = "directory.accounts.adapter.SecondStepAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Clocks of telephones drift: the code before and the one after pass too.
MFA_TOTP_TOLERANCE = 1
TRUSTED_PROXIES = [one for one in os.environ.get("TRUSTED_PROXIES", "").split(",") if one]
AUDIT_DAYS = int(os.environ.get("AUDIT_DAYS", "365"))
HISTORY_DAYS = int(os.environ.get("HISTORY_DAYS", "1095"))
UNDO_DAYS = int(os.environ.get("UNDO_DAYS", "14"))
globals().update(all_mail_settings(os.environ))
SITE_URL: str = site_url(os.environ.get("SITE_URL", ""), ALLOWED_HOSTS, LOCAL)
CAMPAIGN_RATE = {"minute": 30, "domain": 6}

RELEASE = os.environ.get("RELEASE") or newest_file(BASE_DIR)

# --- Background work: docs/decisions/0018-background-work.md ------------------------------------
_WORKER = _flag("TASKS_WORKER", default=not LOCAL)
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if _WORKER
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}
# Lists sent through the admin, and their reports: never served as files.
IMPORTS_DIR = VAR_DIR / "imports"
IMPORTS_KEPT_DAYS = 30

# --- The directory ------------------------------------------------------------------------------
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")
# Street addresses are looked up by the national geocoder only where a deployer says so.
GEOCODER = _flag("GEOCODER")
SITE_NAME = "Coup de main santé"
# What these three mean: docs/moderation.md.
FRESHNESS_MONTHS = {"hours": 6, "phone": 12, "record": 12, "address": 36}
CONTRIBUTION_MONTHS = int(os.environ.get("CONTRIBUTION_MONTHS", "6"))
CONTRIBUTIONS_PER_HOUR = {"address": 20, "everyone": 200}
# Tests draw their own tiles: none is asked from the Internet.
LEAFLET_CONFIG = leaflet_config(os.environ.get("MAP_TILES", "none" if TESTING else "ign"))
