"""The settings, from the environment only; `docs/reference/settings.md` lists each."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.FileAwareEnv()
PACKAGE = Path(__file__).resolve().parent
DATA = Path(env.str("GRADATIM_DATA", "var")).resolve()


def _secret(name: str, file: str) -> str:
    """A secret from the environment (or NAME_FILE), else from a file in the data folder, made at first use."""
    given = env.str(name, "")
    if given:
        return str(given)
    path = DATA / file
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _switch(name: str) -> bool:
    """A setting that is on or off; off if it is not given, an error if it is anything else."""
    given = env.str(name, "off").strip().lower()
    if given not in {"on", "off", "true", "false", "yes", "no", "1", "0"}:
        raise ImproperlyConfigured(f"{name} must be on or off; it is {given!r}.")
    return given in {"on", "true", "yes", "1"}


DEBUG = _switch("GRADATIM_DEBUG")
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path:
    raise ImproperlyConfigured(
        f"SITE_URL must be like https://badges.example.edu, without a path; it is {SITE_URL!r}."
    )
LOCAL = _site.hostname in {"localhost", "127.0.0.1"}
if _site.scheme == "http" and not LOCAL:
    raise ImproperlyConfigured("SITE_URL must start with https:// unless it is localhost.")

SECRET_KEY = _secret("SECRET_KEY", "secret.key")
SEALING_KEY = _secret("GRADATIM_SEALING_KEY", "sealing.key")  # seals the signing keys; never SECRET_KEY
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[_site.hostname, *(["127.0.0.1", "[::1]"] if LOCAL else [])]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "gradatim.program.web",
    "gradatim.program.council",
    "gradatim.program.offerings",
    "gradatim.program.passport",
    "gradatim.program.credentials",
    "gradatim.program.achievements",
    "gradatim.program.taxonomy",
    "gradatim.program.people",
    "gradatim.program.ground",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # the page of one's passkeys says how long ago each was used
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "gradatim.program.web.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gradatim.program.web.middleware.own_time",
    "gradatim.program.web.middleware.no_zero",
    "gradatim.program.web.middleware.show_refusals",
]
ROOT_URLCONF = "gradatim.program.web.urls"
WSGI_APPLICATION = "gradatim.program.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gradatim.program.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "gradatim.program.web.templatetags.ui"],
        },
    }
]

_address = env.str("DATABASE_URL", f"sqlite:///{DATA / 'gradatim.sqlite3'}")
if not _address.startswith(("sqlite://", "postgres://", "postgresql://")):
    raise ImproperlyConfigured(
        "DATABASE_URL must be like sqlite:///folder/file or postgres://user:password@host:5432/name."
    )
_database = env.db_url_config(_address)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    if _database["NAME"] != ":memory:":
        Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    _database["TEST"] = {
        "NAME": str(DATA / "test.sqlite3")
    }  # a file: several connections must see one database
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON"
        ),
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=15000 -c synchronous_commit=on",
    }
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "gradatim.program.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # nobody signs up from outside, but this brings the password to sign-in
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_DISPLAY = str
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s that a phone's clock may be off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

EMAIL_URL = env.str("EMAIL_URL", "")
try:
    _email = env.email_url_config(EMAIL_URL) if EMAIL_URL else {}
except (ImproperlyConfigured, ValueError) as _error:
    raise ImproperlyConfigured(
        f"EMAIL_URL must be like smtp+tls://user:password@mail.example.edu:587 ({_error})."
    ) from None
EMAIL_BACKEND = _email.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA / "mail"  # where mail goes until EMAIL_URL names a server
EMAIL_HOST = _email.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _email.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", f"gradatim@{_site.hostname}")

SETUP_CODE = env.str("GRADATIM_SETUP_CODE", "")  # asked for on the setup page, unless the site is localhost
WEAK_DURABILITY = _switch("GRADATIM_WEAK_DURABILITY")

LIMITS_FILE = DATA / "limits.sqlite3"  # how often which client did what, for the minute or the hour
CASE_REQUESTS_PER_MINUTE = env.int("CASE_REQUESTS_PER_MINUTE", default=300)  # of one client
FETCHER: Any = None  # the way out to frameworks elsewhere; the web if there is none

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "static"  # served from the package; there is nothing to collect
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _site.scheme == "https"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if _site.scheme == "https" else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other names under the same domain are not ours to decide about
    "security.W008",  # the server in front ends TLS and redirects
    "security.W021",  # as W005
]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = _switch("GRADATIM_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # bytes; a body larger than that is answered with 413
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

LOG_LEVEL = env.str("LOG_LEVEL", "WARNING").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
