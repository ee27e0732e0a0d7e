"""The forms of the pages. They look at shapes only; what a code is worth the core says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ANSWER_MAX = 64
NAME_MAX = 60
LABELS = {
    "otp": gettext_lazy("Code from your authenticator app"),
    "backup": gettext_lazy("One of your backup codes"),
    "sent": gettext_lazy("Code that was sent to you"),
}
WAYS = {
    "otp": gettext_lazy("With a code from my authenticator app"),
    "sent": gettext_lazy("With a code that is sent to me"),
    "off": gettext_lazy("Not at all"),
}
_PLAIN = {"autocapitalize": "none", "spellcheck": "false", "maxlength": str(ANSWER_MAX), "class": "code"}
_DIGITS = {**_PLAIN, "inputmode": "numeric", "autocomplete": "one-time-code"}
_ATTRIBUTES = {"otp": _DIGITS, "sent": {**_PLAIN, "autocomplete": "one-time-code"}}


class AnswerForm(forms.Form):
    """Exactly one code, of one of the given kinds; the first kind is the one that is asked for."""

    def __init__(self, *args: Any, methods: Iterable[str] = ("otp", "backup"), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.methods = [kind for kind in methods if kind in LABELS]
        for kind in self.methods:
            self.fields[f"{kind}_code"] = _code_field(kind)

    def clean(self) -> dict[str, Any]:
        """Refuses none and two."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and len(self.answer) != 1:
            text = _("Type only one code.") if self.answer else _("Type a code.")
            raise forms.ValidationError(text)
        return found

    @property
    def answer(self) -> dict[str, str]:
        """The code by its kind, for a service."""
        codes = {kind: self.cleaned_data.get(f"{kind}_code", "") for kind in self.methods}
        return {kind: code for kind, code in codes.items() if code}

    @property
    def main(self) -> Any:
        """The field for the kind that is asked for, if any."""
        return self[f"{self.methods[0]}_code"] if self.methods else None

    @property
    def others(self) -> list[Any]:
        """The fields for the other kinds."""
        return [self[f"{kind}_code"] for kind in self.methods[1:]]


class SecondStepForm(AnswerForm):
    """The second step of a sign-in."""

    trust_device = forms.BooleanField(required=False, label=gettext_lazy("Trust this device"))
    device_name = forms.CharField(
        required=False, max_length=NAME_MAX, label=gettext_lazy("What to call this device")
    )


class ConfirmForm(AnswerForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, methods=("otp",), **kwargs)


class DeviceForm(AnswerForm):
    """A further device, and a code of one that is there."""

    name = forms.CharField(required=False, max_length=NAME_MAX, label=gettext_lazy("Name of the new device"))


class MethodForm(AnswerForm):
    """A way to be asked; with a code where there is a kind of code to be shown."""

    method = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("How to be asked"))

    def __init__(self, *args: Any, ways: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(way, WAYS[way]) for way in ways]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Asks for no code where there is none."""
        return super().clean() if self.methods else self.cleaned_data


class ResyncForm(forms.Form):
    """Two codes that a device showed one after the other."""

    first_code = forms.CharField(max_length=ANSWER_MAX, label=gettext_lazy("Its next code"))
    second_code = forms.CharField(max_length=ANSWER_MAX, label=gettext_lazy("The code after that"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.update({**_DIGITS, "autocomplete": "off"})


class RenameForm(forms.Form):
    """A device's new name, with its outer spaces, for the core to judge."""

    name = forms.CharField(max_length=NAME_MAX, strip=False, label=gettext_lazy("Name"))


def _code_field(kind: str) -> forms.CharField:
    attributes = _ATTRIBUTES.get(kind, {**_PLAIN, "autocomplete": "off"})
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(required=False, max_length=ANSWER_MAX, label=LABELS[kind], widget=widget)
