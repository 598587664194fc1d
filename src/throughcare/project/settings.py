"""Django's settings. What differs between installations comes from the environment: docs/how-to/run-in-service.md.

Safe without any setting: no debugging pages, cookies for this host only, a secret made at the first start.
Importing this reads the environment and the secret, and starts nothing.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from throughcare.project import database, environment, rooms

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parents[1]
HOME = environment.home(CHECKOUT)
"""Where this installation keeps its data: the embedded database, the secret, the mail of the demonstration."""

DEBUG = environment.flag("THROUGHCARE_DEBUG")
DEMO = environment.flag("THROUGHCARE_DEMO")
"""Whether this is the demonstration: one-click sign-in, mail readable in the browser. Never in service."""

PORT = environment.number("PORT", 8000, least=1, most=65535)
SITE_URL = environment.text("THROUGHCARE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_SITE = urlsplit(SITE_URL)
if _SITE.scheme not in {"http", "https"} or not _SITE.hostname or _SITE.path or _SITE.query:
    raise environment.SettingWrong(
        "THROUGHCARE_URL", f"is {SITE_URL!r}", "Give the site's address, like https://cases.example"
    )
HTTPS = _SITE.scheme == "https"

SECRET_KEY = environment.secret("THROUGHCARE_SECRET_KEY", HOME / "secret-key")
SECRET_KEY_FALLBACKS = environment.listed("THROUGHCARE_OLD_SECRET_KEYS")
ALLOWED_HOSTS = environment.listed("THROUGHCARE_HOSTS") or sorted({_SITE.hostname, "127.0.0.1", "localhost"})

# The rooms.

ROOMS = rooms.ROOMS


def _is_app(room: str) -> bool:
    """A room is a Django app once it has tables or commands; the others are plain packages."""
    return any(rooms.has(room, part) for part in ("apps.py", "models.py", "management"))


INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *[f"throughcare.{room}" for room in rooms.ALL if _is_app(room)],
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "throughcare.project.security.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if rooms.has("access", "doors.py"):
    MIDDLEWARE.append("throughcare.access.doors.AccessMiddleware")
if rooms.has("web", "moved.py"):
    MIDDLEWARE.append("throughcare.web.moved.LeadOn")

ROOT_URLCONF = "throughcare.project.urls"
ASGI_APPLICATION = "throughcare.project.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

_TEMPLATE_DIRS = [PACKAGE / room / "templates" for room in rooms.ALL]
_JINJA = {"environment": "throughcare.web.jinja.environment"} if rooms.has("web", "jinja.py") else {}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": _TEMPLATE_DIRS,
        "APP_DIRS": False,
        "OPTIONS": _JINJA,
    },
    # For Django's own and the API's pages only.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True, "OPTIONS": {}},
]

# The database.

DATABASE_URL = environment.text("DATABASE_URL")
DATABASE_ROLE = environment.choice("THROUGHCARE_DB_ROLE", "owner", among=("owner", "app"))
"""`owner` makes tables; `app` may not change the ledger. `throughcare serve` and `worker` choose `app` themselves."""

DATABASES = {"default": database.settings_for(HOME, DATABASE_URL)}
DATABASES["default"] |= {"CONN_HEALTH_CHECKS": True, "TEST": {"TEMPLATE": "template0"}}
if DATABASE_ROLE == "app":
    # In the connection's options, so that the worker's own connections take the role too, and RESET ROLE keeps it.
    DATABASES["default"]["OPTIONS"]["options"] = f"-c role={database.APP_ROLE}"
if _POOL := environment.number("THROUGHCARE_DB_POOL", 0, least=0, most=200):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _POOL, "timeout": 10}

# The seal.

LEDGER_ORIGIN = environment.text("THROUGHCARE_ORIGIN", "throughcare.example")
"""The name of this ledger in its signed checkpoints: chosen once, for ever."""

# Sign-in and sessions.

if rooms.has("access", "models.py"):
    AUTH_USER_MODEL = "access.User"
SILENCED_SYSTEM_CHECKS = ["auth.E003"]  # e-mail is unique in any letter case, which the check cannot see
if not rooms.has("access", "doors.py"):
    SILENCED_SYSTEM_CHECKS.append("access.E001")
LOGIN_URL = "/sign-in"
ACCESS_PRESENTER = "throughcare.web.plain_pages.present"
"""How the pages of access (sign-in, refusals) look: in the shell of the staff pages."""
CSRF_FAILURE_VIEW = "throughcare.web.plain_pages.stale_form"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_IDLE_MINUTES = 15
"""As `access.doors` keeps it, which ends an idle session, and one that is 12 hours old, with a page that says so."""
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# What browsers are told.

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if environment.flag("THROUGHCARE_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Static files.

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: WhiteNoise finds files in the package
STATICFILES_DIRS = [] if _is_app("web") else [folder for folder in (PACKAGE / "web" / "static",) if folder.is_dir()]
WHITENOISE_USE_FINDERS = True  # served from the package as they are: no copy to keep in step
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
WHITENOISE_ROOT = None

# Mail.

_SMTP_URL = environment.text("THROUGHCARE_SMTP", "smtp://127.0.0.1:25")
try:
    _SMTP = urlsplit(_SMTP_URL)
    EMAIL_HOST, EMAIL_PORT = _SMTP.hostname or "", _SMTP.port or (465 if _SMTP.scheme == "smtps" else 587)
except ValueError as wrong:
    raise environment.SettingWrong(
        "THROUGHCARE_SMTP", "cannot be read", "Give smtp://USER:PASSWORD@HOST:PORT"
    ) from wrong
if _SMTP.scheme not in {"smtp", "smtps", "smtp+starttls"} or not EMAIL_HOST:
    raise environment.SettingWrong(
        "THROUGHCARE_SMTP",
        "is no address of a mail server",
        "Give smtp://, smtp+starttls:// or smtps://USER:PASSWORD@HOST:PORT",
    )
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_SMTP.username or ""), unquote(_SMTP.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _SMTP.scheme == "smtps", _SMTP.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("THROUGHCARE_MAIL_FROM", "Throughcare <no-reply@throughcare.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_FOLDER = HOME / "mail"
"""A Maildir: where the demonstration's catcher keeps messages, one file each in `new/`."""

# Language and time.

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# What is logged.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "throughcare.project.security.WithoutDetails",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "DEBUG" if DEBUG else "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # addresses that were not found may hold what was searched for
        "procrastinate": {"level": "WARNING"},  # its INFO lines carry the arguments of jobs
        "asyncio": {"level": "WARNING"},
        "uvicorn": {"level": "WARNING"},
        "mail.log": {"level": "ERROR"},  # the catcher's INFO lines carry addresses
    },
}  # fmt: skip
