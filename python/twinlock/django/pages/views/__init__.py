"""The views, by topic: thin, over `twinlock.django.services`."""
