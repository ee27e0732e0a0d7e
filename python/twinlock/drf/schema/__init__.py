"""The endpoints as OpenAPI, for projects that have drf-spectacular among their INSTALLED_APPS.

Nothing is to be called: `views` import this where drf-spectacular is installed, and its extensions then know
every endpoint with its answers and error codes. The project's own DEFAULT_SCHEMA_CLASS stays in charge.
Twinlock's own copy is `docs/openapi.json`.
"""

from . import security, views

__all__ = ["security", "views"]
