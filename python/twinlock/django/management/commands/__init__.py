"""`manage.py twinlock_…`."""
