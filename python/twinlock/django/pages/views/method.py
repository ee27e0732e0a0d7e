"""How a user wants to be asked."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from twinlock.django import services, session_stamp
from twinlock.errors import Refused

from ..base import OwnPage
from ..forms import MethodForm


class MethodView(OwnPage):
    """The choice, where the policy leaves one; with a device it takes a code."""

    template = "method"

    def get(self, _: Any) -> HttpResponse:
        """The ways there are; 404 where there is but one."""
        return self.show(form=self._form())

    def post(self, request: Any) -> HttpResponse:
        """Stores the wish."""
        form = self._form(request.POST)
        if not form.is_valid():
            return self.show(status=400, form=form)
        wish = form.cleaned_data["method"]
        try:
            with session_stamp.kept(request):
                services.set_method(request.user, wish, **self.told, **form.answer)
        except Refused as refusal:
            return self.show_refusal(refusal, form=self._form(initial={"method": wish}))
        return self.done(gettext("Your choice was stored."))

    def _form(self, *args: Any, **kwargs: Any) -> MethodForm:
        found = services.status(self.request.user)
        ways = services.ways_of(found)
        if len(ways) < 2:
            raise Http404
        kwargs.setdefault("initial", {"method": found.preference or ways[0]})
        return MethodForm(*args, methods=services.methods_of(found), ways=ways, **kwargs)
