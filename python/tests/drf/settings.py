"""A small project for the tests of the endpoints."""

SECRET_KEY = "a secret key that only the tests know, long enough for everybody"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "twinlock.django",
]
ROOT_URLCONF = "tests.drf.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_TZ = True
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["twinlock.drf.authentication.TwinlockAuthentication"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
TWINLOCK = {
    "KEYS": "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "ISSUER": "Acme",
    "MAIL_SENDER": "twinlock.django.mail.at_once",
}
