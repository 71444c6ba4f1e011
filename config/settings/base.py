"""What every mode shares. Nothing here reads the environment or touches the disk."""

from pathlib import Path
from typing import Any

from config import csp

BASE_DIR = Path(__file__).resolve().parents[2]

# --- Applications ----------------------------------------------------------------------------------

# Ours first: a template or translation of theirs that we replace is found here.
INSTALLED_APPS = [
    "counseling",
    "assessments",
    "config.admin.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]

MIDDLEWARE = [
    "config.middleware.client_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    csp.MIDDLEWARE,
    "config.middleware.permissions_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.logs.RequestLogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.require_mfa",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                csp.CONTEXT_PROCESSOR,
            ]
        },
    }
]

# --- Language and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ----------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]

# --- Network ---------------------------------------------------------------------------------------

TRUSTED_PROXY_COUNT = 0

# --- Browser-side security -------------------------------------------------------------------------

SECURE_CSP = csp.POLICY
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Sessions: 15 idle minutes, counted by the server ----------------------------------------------

SESSION_COOKIE_AGE = 15 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
# Notices name people; the default storage would leave them in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in ---------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "config.accounts.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Addresses are entered by the clinic's administrator, not claimed by strangers; the account's owner cannot change it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False

REQUIRE_MFA = False
MFA_ADAPTER = "config.accounts.EncryptedMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey signs in by itself, so it has to prove its owner (PIN or biometric) and not just its presence.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Interdepend"
MFA_TOTP_TOLERANCE = 1

# --- API -------------------------------------------------------------------------------------------

# Counseling's views bring their own authentication and permissions; those of assessments take what is said here.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "counseling.api.authentication.HashedTokenAuthentication",
        "counseling.api.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "120/min"},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Interdepend",
    "DESCRIPTION": "Clients, cases, sessions, follow-ups, scores and findings, within the reach of whoever asks.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Fields named alike ("status") hold different sets; each gets the name of its own.
    "ENUM_NAME_OVERRIDES": {
        "OtherRoleEnum": "assessments.enums.OtherRole",
        "CaseStatusEnum": "counseling.enums.CaseStatus",
        "DeliveryEventKindEnum": "counseling.enums.DeliveryEventKind",
        "DeliveryKindEnum": "counseling.enums.DeliveryKind",
        "EnrollmentStatusEnum": "counseling.enums.EnrollmentStatus",
        "FindingStatusEnum": "counseling.enums.FindingStatus",
        "FollowUpStatusEnum": "counseling.enums.FollowUpStatus",
        "RelationshipKindEnum": "counseling.enums.RelationshipKind",
        "SessionStatusEnum": "counseling.enums.SessionStatus",
    },
}

# --- Logs ------------------------------------------------------------------------------------------

# Workers connect it themselves (config/celery.py); here it would load Celery into every web process.
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # DEBUG: a request is logged once, when it ends

# --- Email providers -------------------------------------------------------------------------------

MAIL_PROVIDER = ""  # by django-anymail's name: its webhook is opened
ANYMAIL: dict[str, Any] = {}

# --- The two apps ----------------------------------------------------------------------------------

COUNSELING: dict[str, Any] = {}
ASSESSMENTS: dict[str, Any] = {
    "MAY_AUTHOR": "counseling.permissions.may_author",
    "FORM_STYLE": "counseling/web/client.css",
}
