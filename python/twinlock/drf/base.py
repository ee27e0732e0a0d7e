"""What all views here have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from twinlock.django.frames import clear_frames
from twinlock.django.isolation import outside_transactions

from . import coders, errors
from .negotiation import Negotiation
from .parsers import Bounded, check_declared_length

if TYPE_CHECKING:
    _View = GenericAPIView[Any]
else:
    _View = object

NEGOTIATION = Negotiation()
"""For all requests: it remembers nothing."""


class Contract(_View):
    """Goes before a generic view: bounded bodies, our own exception handler, no store, no transaction."""

    throttle_group = "other"
    """Which endpoints share a bucket of requests."""
    refusal_texts: ClassVar[Mapping[str, Any]] = {}
    """The contract's sentences at this endpoint, by the refusal's code."""

    @outside_transactions
    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        """The request's way through the view; `as_view` hands its marks on."""
        args[0].sensitive_post_parameters = "__ALL__"  # Django's error reports then show none of a form
        return super().dispatch(*args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses large bodies first, before authentication or a throttle reads one."""
        check_declared_length(request)
        super().initial(request, *args, **kwargs)

    def get_content_negotiator(self) -> BaseContentNegotiation:
        """The project's; a quicker one that finds the same where that is DRF's own."""
        if self.content_negotiation_class is DefaultContentNegotiation:
            return NEGOTIATION
        return super().get_content_negotiator()

    def get_parsers(self) -> list[BaseParser]:
        """The project's parsers, bounded."""
        return [Bounded(parser) for parser in super().get_parsers()]

    def get_renderers(self) -> list[BaseRenderer]:
        """The project's renderers."""
        return [coders.kept(renderer) for renderer in super().get_renderers()]

    def validated(self, request: Request) -> dict[str, Any]:
        """The request's fields by the view's serializer; raises the contract's 400."""
        kind: Any = self.get_serializer_class()
        found: dict[str, Any] = kind.read(request.data)
        return found

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        """Ours, whatever the project's is."""
        return errors.handle

    def raise_uncaught_exception(self, exc: Exception) -> Any:
        """Hands a defect to Django, without what the user typed in its frames."""
        clear_frames(exc)
        return super().raise_uncaught_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbids every cache to keep the answer."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
