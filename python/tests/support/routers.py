"""Database routers of the tests."""


class Replicated:
    """Sends every read to a database that is not there: whoever reads there fails."""

    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, first, second, **hints):
        return True
