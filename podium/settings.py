"""Django's settings. Every value a server needs comes from the environment; without any, this is a development set-up.

docs/reference/settings.md lists them all.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.core.management.utils import get_random_secret_key
from django.urls import reverse_lazy

from accounts.providers import registry as providers
from podium.core import dotenv, left_out, project, storages
from podium.core.environment import Environment
from podium.dev import paths, testing

TESTING = testing.enter()
"""True in a test run and in processes started by one: docs/how-to/testing.md."""
TEST_RUNNER = "podium.dev.runner.Runner"
env = Environment(
    renamed={
        "HUMAN_CHECK": ("CAPTCHA_BACKENDS", "0.2.0"),
        "HUMAN_SECRET": ("CAPTCHA_SECRET", "0.2.0"),
        "HUMAN_HOSTNAMES": ("CAPTCHA_HOSTNAMES", "0.2.0"),
    }
)
if not TESTING:  # a test run must not reach the services of production
    for _fault in dotenv.load(project.ROOT):
        env.fault(_fault)

BASE_DIR = project.ROOT

# Development is the absence of a database's address: nothing set means a private Postgres and Valkey.
DEVELOPMENT = not env.str("DATABASE_URL", default="")
DEBUG = env.bool("DEBUG", default=DEVELOPMENT)


def _secret_key() -> str:
    """The SECRET_KEY given; in development one made at the first start and kept in .podium/."""
    if given := env.str("SECRET_KEY", default=""):
        return str(given)
    if not DEVELOPMENT:
        hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        return env.needed("SECRET_KEY", hint)
    kept = paths.folder() / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEVELOPMENT else [])
WEB_ORIGINS = env.list("WEB_ORIGINS", default=[])
"""Origins whose pages sign users in with a cookie, by the accounts' API for browsers below /_allauth/browser/."""
if {"*", "null"} & set(WEB_ORIGINS):  # every sandboxed frame and local file has the origin "null"
    env.fault(
        "WEB_ORIGINS must list each origin, such as https://app.example.com: it gives access to sessions."
    )
CSRF_TRUSTED_ORIGINS = [*env.list("CSRF_TRUSTED_ORIGINS", default=[]), *WEB_ORIGINS]
CSRF_COOKIE_DOMAIN = env.str("CSRF_COOKIE_DOMAIN", default="") or None
CORS_ALLOWED_ORIGINS = WEB_ORIGINS
CORS_URLS_REGEX = r"^/_allauth/browser/"  # calls have ENDPOINTS_ALLOWED_ORIGINS, and no cookies
CORS_ALLOW_CREDENTIALS = True
CORS_EXPOSE_HEADERS = ["Retry-After", "RateLimit", "RateLimit-Policy"]
CORS_ALLOW_HEADERS = ["content-type", "x-csrftoken", "x-email-verification-key", "x-password-reset-key"]
ENDPOINTS_ALLOWED_ORIGINS = env.list("ENDPOINTS_ALLOWED_ORIGINS", default=["*"])
ENDPOINTS_TRUSTED_PROXIES = env.int("ENDPOINTS_TRUSTED_PROXIES", default=0)
HOSTS = env.int("HOSTS", default=1)
"""Machines that run web servers and workers. With more than one, files can't be stored in a folder."""
SILENCED_SYSTEM_CHECKS = env.list("SILENCED_SYSTEM_CHECKS", default=[])

PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
"""The address at which clients reach this server; upload and download addresses start with it."""

PAGE_THREADS = env.int("PAGE_THREADS", default=8)
"""Threads on which Django's pages (admin, REST, accounts) are served in each server process."""
TRANSFER_THREADS = env.int("TRANSFER_THREADS", default=16)
"""Threads for transfers at the client's speed: uploads and downloads through the server, large bodies."""

# Apps -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "podium.server",
    "podium.dev",
    "monitoring",  # before unfold: the admin's front page is its own
    "unfold",
    # Before staticfiles: its runserver speaks WebSocket. It loads Twisted, which no other command needs.
    *(["daphne"] if sys.argv[1:2] == ["runserver"] else []),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "corsheaders",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    *providers.allauth_apps(),
    "allauth.headless",
    "allauth.mfa",
    "allauth.usersessions",
    "django_celery_beat",
    "storages",
    "podium.database",
    "podium.access",
    "podium.endpoints",
    "tasks",
    "realtime",
    "accounts",
    "files",
    "podium.rows",
    "podium.rest",
    "podium.codegen",
    "podium.admin",  # after django.contrib.admin, whose start imports each app's admin.py
]
leave_out = left_out.of(INSTALLED_APPS)
"""`leave_out("files", "tasks")` in config/settings.py removes apps of the platform: docs/reference/settings.md."""
LEGACY_AUTH = env.bool("LEGACY_AUTH", default=False)
"""Serverpod's module serverpod_auth, for apps built before Serverpod 3: docs/how-to/legacy-auth.md."""
LEGACY_AUTH_KEY_SALT = env.str("LEGACY_AUTH_KEY_SALT", default="")
LEGACY_AUTH_SIDE_BY_SIDE = env.bool(
    "LEGACY_AUTH_SIDE_BY_SIDE", default=env.bool("SERVERPOD_TABLES", default=False)
)
if LEGACY_AUTH:
    ENDPOINTS_KEY_IN_BODY = True  # clients before Serverpod 2.1 have no Authorization header
    INSTALLED_APPS.insert(INSTALLED_APPS.index("files"), "legacy_auth")
if env.bool("LEGACY_CHAT", default=False):
    if not LEGACY_AUTH:
        env.fault(
            "LEGACY_CHAT is on, but LEGACY_AUTH is off. Turn on both: messages refer to the users of LEGACY_AUTH."
        )
    INSTALLED_APPS.insert(INSTALLED_APPS.index("files"), "legacy_chat")

MIDDLEWARE = [
    "podium.server.outages.Outages",
    "podium.endpoints.addresses.middleware",  # before everything that counts or records addresses
    "podium.server.health.ask_by_any_name",
    "django.middleware.security.SecurityMiddleware",
    "podium.server.headers.SecurityHeaders",
    "corsheaders.middleware.CorsMiddleware",
    "podium.server.nul.refuse_nul",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.sessions.browser.WebSessions",
    "accounts.web.pending.Middleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.web.method_pages.SignInMethods",
    "accounts.second_factor.pages.SecondFactorDemanded",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [  # before those of apps: the project's, then Podium's, which override some
            BASE_DIR / "config" / "templates",
            Path(__file__).parent / "server" / "templates",
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.sign_in.methods.shown",
            ],
        },
    },
]

# Database, cache, bus ---------------------------------------------------------------------------------------------

NO_DATABASE = "postgresql:///none"
"""In place of an invalid address, until all faults are reported. A production server makes no folder .podium/."""
DATABASES = {
    "default": env.database("DATABASE_URL", default=paths.database_url() if DEVELOPMENT else NO_DATABASE)
}
DATABASES["default"]["HOST"] = unquote(
    DATABASES["default"]["HOST"]
)  # a socket's folder stands escaped in a URL
DATABASES["default"]["ENGINE"] = "podium.database.postgresql"
if TESTING and DEVELOPMENT:
    DATABASES["default"]["NAME"] = testing.database_name(DATABASES["default"]["NAME"])
DATABASES["default"]["TEST"] = {"NAME": testing.database_name(DATABASES["default"]["NAME"])}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # with a pool: a connection goes back after each request
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3,  # seconds; DATABASE_URL can override these: ?connect_timeout=10
    "tcp_user_timeout": 10_000,  # ms before unacknowledged data ends a connection
    "keepalives_idle": 10,  # seconds; together with the next two, a dead network is noticed within half a minute
    "keepalives_interval": 5,
    "keepalives_count": 4,
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"max_size": env.int("DATABASE_POOL_SIZE", default=16), "timeout": 10},
}
DATABASE_WAIT_SECONDS = env.float("DATABASE_WAIT_SECONDS", default=3.0)
"""Seconds that calls wait for Postgres, counted from the start of an outage. Later calls get a 503 at once."""
DATABASE_PREPARED_STATEMENTS = env.bool("DATABASE_PREPARED_STATEMENTS", default=True)
READS = env.choice("READS", ("fast", "orm"), default="fast")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or (paths.redis_url() if DEVELOPMENT else "")
if not REDIS_URL:
    REDIS_URL = env.needed(
        "REDIS_URL", "Set it to the address of a Redis or Valkey server: redis://host:6379/0"
    )

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "podium",
        "OPTIONS": {  # a hanging Redis must not block threads
            "socket_timeout": 2,
            "socket_connect_timeout": 2,
            "pool_class": "podium.core.redis_pool.SharedPool",
        },
    }
}

MONITORING_TOKEN = env.str("MONITORING_TOKEN", default="")

# Tasks ------------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = paths.celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True  # the outcome is in the task's own row
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2  # seconds
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # workers never stop trying to reach the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # seconds until a message whose worker is gone comes back; the sweep is quicker
    "socket_connect_timeout": 2,
    "socket_timeout": 5,  # a hanging broker must not block the caller of schedule()
    "max_retries": 1,  # a broker that is down must not block the caller: the sweep sends the message later
    "interval_start": 0,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # a long task must not keep messages that another worker could take
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONSUMER = "tasks.consumer:Consumer"
CELERY_WORKER_LOST_WAIT = 1  # seconds before the death of a child process is reported
CELERY_BEAT_SCHEDULER = "tasks.scheduler:Scheduler"
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True

# Accounts ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend"
]  # extends Django's ModelBackend
PASSWORD_HASHERS = [  # the first is for new passwords; the others for those of other systems, until their next sign-in
    "accounts.passwords.hashers.Argon2",
    "accounts.passwords.hashers.BCrypt",
    "accounts.passwords.hashers.PBKDF2",
    "accounts.passwords.hashers.Scrypt",
    "accounts.passwords.hashers.FirebaseScrypt",
    "accounts.passwords.hashers.ServerpodArgon2",
    "accounts.passwords.legacy_hashers.ServerpodAuth",
]
ACCOUNTS_SIGN_IN = env.list("ACCOUNTS_SIGN_IN", default=["email"])
"""The sign-in methods that are on: docs/how-to/sign-in-providers.md."""
ACCOUNTS_FIREBASE_SIGNER_KEYS = env.list("FIREBASE_SIGNER_KEYS", default=[])
ACCOUNTS_SERVERPOD_PEPPERS = env.list("SERVERPOD_PEPPERS", default=[])
ACCOUNTS_SERVERPOD_SESSION_PEPPERS = env.list("SERVERPOD_SESSION_PEPPERS", default=[])
ACCOUNTS_SERVERPOD_REFRESH_PEPPERS = env.list("SERVERPOD_REFRESH_PEPPERS", default=[])
ACCOUNTS_SERVERPOD_TABLES = env.bool("SERVERPOD_TABLES", default=False)
if ACCOUNTS_SERVERPOD_TABLES and ACCOUNTS_SERVERPOD_PEPPERS:
    PASSWORD_HASHERS.sort(
        key=lambda name: name != "accounts.passwords.hashers.ServerpodArgon2"
    )  # which Serverpod reads
ACCOUNTS_SERVERPOD_PASSWORD_SALTS = env.list("SERVERPOD_PASSWORD_SALTS", default=["serverpod password salt"])
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", default=8)},
    },
    {"NAME": "accounts.passwords.rules.MaximumLengthValidator"},
    {"NAME": "accounts.passwords.rules.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.rules.ContextWordsValidator"},
    {"NAME": "accounts.passwords.rules.BreachedPasswordValidator"},
]
ACCOUNTS_BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", default="")
ACCOUNTS_BREACHED_PASSWORDS_URL = env.str("BREACHED_PASSWORDS_URL", default="")
ACCOUNTS_PASSWORD_WORDS = env.list("PASSWORD_WORDS", default=[])
ACCOUNTS_SMS_BACKEND = env.str(
    "SMS_BACKEND", default="podium.dev.mailbox.text_message" if DEVELOPMENT else ""
)
ACCOUNTS_SMS = {
    "url": env.str("SMS_URL", default="https://api.twilio.com"),
    "account": env.str("SMS_ACCOUNT", default=""),
    "token": env.str("SMS_TOKEN", default=""),
    "from": env.str("SMS_FROM", default=""),
}
ACCOUNTS_CAPTCHA_BACKENDS = env.list("CAPTCHA_BACKENDS", default=[])
ACCOUNTS_CAPTCHA_SECRET = env.str("CAPTCHA_SECRET", default="")
ACCOUNTS_CAPTCHA_HOSTNAMES = env.list("CAPTCHA_HOSTNAMES", default=[])
ACCOUNT_ADAPTER = "accounts.web.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {  # the same answer whether or not the address has an account
    "signup": "accounts.web.sign_up.SignUpForm",
    "reset_password": "accounts.web.sign_up.ResetForm",
    "request_login_code": "accounts.web.sign_up.CodeForm",
    "confirm_email_verification_code": "accounts.web.sign_up.ConfirmCodeForm",
}
SOCIALACCOUNT_FORMS = {"signup": "accounts.web.sign_up.ProviderSignUpForm"}
ACCOUNT_EMAIL_VERIFICATION = env.choice(
    "ACCOUNT_EMAIL_VERIFICATION", ("mandatory", "optional", "none"), default="mandatory"
)
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.web.reset_links.Keys"
SOCIALACCOUNT_EMAIL_REQUIRED = False  # as in apps: unverified addresses are left out
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
USERSESSIONS_ADAPTER = "accounts.web.reauthentication.UserSessionsAdapter"
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before a change of address, provider or password
ACCOUNTS_BROWSER_IDLE_DAYS = env.int("BROWSER_IDLE_DAYS", default=14)
ACCOUNTS_BROWSER_DAYS = env.int("BROWSER_DAYS", default=90)
ACCOUNTS_STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=60)
ACCOUNTS_STAFF_HOURS = env.int("STAFF_HOURS", default=12)
SESSION_COOKIE_AGE = ACCOUNTS_BROWSER_IDLE_DAYS * 86_400  # seconds; renewed with each use
PASSWORD_RESET_TIMEOUT = 3600  # seconds that the link in the mail is valid
ACCOUNT_EMAIL_NOTIFICATIONS = True  # to all addresses of a user, when a sign-in method changes
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
HEADLESS_CLIENTS = ["browser"]  # apps have the endpoints instead, whose tokens the server's calls know

# Second factors and passkeys: docs/how-to/second-factors.md.
ACCOUNTS_REQUIRE_SECOND_FACTOR = env.str("REQUIRE_SECOND_FACTOR", default="nobody" if DEBUG else "staff")
MFA_ADAPTER = "accounts.second_factor.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # time steps beside the present one, for slow fingers and clocks: RFC 6238 5.2
MFA_RECOVERY_CODES_SHOW_ONCE = True  # only hashes are kept: accounts/second_factor/recovery_codes.py
ACCOUNTS_PASSKEY_RP_ID = env.str("PASSKEY_RP_ID", default="localhost" if DEVELOPMENT else "")
ACCOUNTS_PASSKEY_ORIGINS = env.list(
    "PASSKEY_ORIGINS",
    default=[f"http://localhost:{urlsplit(PUBLIC_URL).port or 80}"] if DEVELOPMENT else [],
)

# Providers: docs/how-to/sign-in-providers.md
vars().update(providers.settings(env))  # ACCOUNTS_GOOGLE and the like: accounts/providers/<name>/setup.py
SOCIALACCOUNT_PROVIDERS = providers.OnPages()
SOCIALACCOUNT_ADAPTER = "accounts.web.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = (
    True  # where the adapter says that an address opens an account
)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
if DEVELOPMENT and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "podium.dev.mailbox.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="podium@localhost")

PODIUM_AUTHENTICATE = "accounts.sessions.sessions.resolve"
"""Dotted path of `async (token: str) -> podium.endpoints.calls.Identity | None`: identifies the caller."""

# Files ------------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_TEMP_DIR = env.str("UPLOAD_TEMP_DIR", default="") or None
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(paths.folder() / "media"))
FILES_URL = env.str("FILES_URL", default="")
NO_STORAGE: dict[str, Any] = {}
STORAGES = {
    "default": env.checked(
        storages.backend,
        FILES_URL,
        folder=str(MEDIA_ROOT),
        modules=[f"{path.parent.name}.storages" for path in sorted(BASE_DIR.glob("*/storages.py"))],
        fallback=NO_STORAGE,
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# REST -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.sessions.bearer.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["podium.rest.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "podium.rest.pagination.Pages",
    "EXCEPTION_HANDLER": "podium.rest.errors.handle",
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "podium.rest.permissions.RequiredScopes",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["podium.rest.throttles.RateLimits"],
    "NUM_PROXIES": 0,  # throttles use REMOTE_ADDR, as podium.endpoints.addresses.middleware sets it
}
ACCESS_RESULTS = env.choice(
    "ACCESS_RESULTS", ("check", "off"), default="check" if DEBUG or TESTING else "off"
)
""""check": a method that returns a row which its caller may not read fails: docs/how-to/access-rules.md."""
API_DOCS = env.choice("API_DOCS", ("everybody", "staff", "nobody"), default="everybody" if DEBUG else "staff")
SPECTACULAR_SETTINGS = {
    "TITLE": "Podium",
    "DESCRIPTION": "REST resources below /api/, and the calls of all endpoints. Apps use the clients instead.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "PREPROCESSING_HOOKS": ["podium.rest.description.described"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "podium.codegen.openapi.add_calls",
    ],
}

# Time, language, security, logs -----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],  # sent only if the page uses it: request.csp_nonce
        "style-src": [SELF, UNSAFE_INLINE],  # style attributes and inline styles; they run no code
        "img-src": [SELF, "data:", "https:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, "https:"],  # provider sign-in submits a form that redirects there
        "frame-ancestors": [NONE],
    }
}
if not DEBUG:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [
        "^livez$",
        "^readyz$",
    ]  # a supervisor asks the server directly, without TLS
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

if TESTING:
    REALTIME_PREFIX = testing.run_name()  # all databases of one Redis share their channels
MONITORING_ENABLED = not testing.is_runner()
"""A thread writes the call log on its own connection: outside a test's transaction, and after the test's end."""

LOGGING_CONFIG = "podium.core.logs.configure"
LOG_SECRET_PATHS = [  # the path segment after one of these is a secret and is never logged
    "/uploads/upload/",
    "/uploads/download/",
    "/account/data/",
    "/account/confirm-email/",
    "/account/password/reset/key/",
]
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", LOG_LEVELS, default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # to the root alone, not to Django's own handler as well
        "fido2": {"level": "WARNING"},  # it names every credential
        "urllib3": {"level": "INFO"},  # at DEBUG it writes addresses with the tokens in them
        "watchfiles": {"level": "WARNING"},  # `dev` says itself what changed
        "kombu.connection": {"level": "ERROR"},  # warns of a URL without a host, as that of a Unix socket is
    },
}

# Admin ------------------------------------------------------------------------------------------------------------

UNFOLD: dict[str, object] = {
    "SITE_TITLE": "Podium",
    "SITE_HEADER": "Podium",
    "SITE_SYMBOL": "podium",
    "LOGIN": {"form": "accounts.web.admin_login.LoginForm"},
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "DASHBOARD_CALLBACK": "podium.server.dashboard.callback",
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": True,
        "navigation": "podium.admin.menu.navigation",
    },
}

if not DEVELOPMENT:
    for _name in ("ALLOWED_HOSTS", "PUBLIC_URL", "DEFAULT_FROM_EMAIL"):
        env.expected(_name, of="A production server needs it: docs/reference/settings.md")
env.raise_faults()
