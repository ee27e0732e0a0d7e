"""A process that sends many requests at once to one endpoint, counted in a Redis; prints how each ended."""

import os
import sys
import threading
import time

import django
from django.conf import settings


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": os.environ["TEST_REDIS"]}}
    settings.TWINLOCK["THROTTLE_RATE"] = sys.argv[1]
    django.setup()
    from rest_framework.test import APIRequestFactory

    from twinlock.drf.views.sign_in import JWTTOTPSendView

    view, factory = JWTTOTPSendView.as_view(), APIRequestFactory()
    barrier, statuses = threading.Barrier(int(sys.argv[2])), []

    def send() -> None:
        request = factory.post("/", {"totp_challenge_token": "made.up.challenge"}, REMOTE_ADDR="192.0.2.7")
        barrier.wait()
        statuses.append(view(request).status_code)

    threads = [threading.Thread(target=send) for _ in range(int(sys.argv[2]))]
    time.sleep(max(0.0, float(sys.argv[3]) - time.time()))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(*statuses)


if __name__ == "__main__":
    main()
