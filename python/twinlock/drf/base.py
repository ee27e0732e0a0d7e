"""What all views here have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connections, transaction
from django.http import HttpResponseBase
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from . import errors
from .parsers import FormParser, JSONParser, MultiPartParser, check_declared_length


if TYPE_CHECKING:
    _View = GenericAPIView[Any]
else:
    _View = object


class Contract(_View):
    """Goes before a generic view or view set: bounded bodies, our own exception handler, `Cache-Control: no-store`, no transaction."""

    parser_classes = (JSONParser, FormParser, MultiPartParser)
    throttle_group = "other"
    """Which endpoints share a bucket of requests."""
    refusal_texts: ClassVar[Mapping[str, str]] = {}
    """The contract's sentences at this endpoint, by the refusal's code."""

    @classmethod
    def as_view(cls, *args: Any, **kwargs: Any) -> Callable[..., HttpResponseBase]:
        """The view, outside ATOMIC_REQUESTS for every database: a verdict that a rollback can undo is none."""
        view = super().as_view(*args, **kwargs)
        for alias in connections:
            view = transaction.non_atomic_requests(using=alias)(view)
        return view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_declared_length(request)
        super().initial(request, *args, **kwargs)

    def validated(self, request: Request) -> dict[str, Any]:
        """The request's fields by the view's serializer; raises the contract's 400."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        found: dict[str, Any] = serializer.validated_data
        return found

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return errors.handle

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
