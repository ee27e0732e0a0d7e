"""The mails, rendered and sent off the request's path, so that no answer's time tells whether one was sent.

A mail is a small picklable job; `TWINLOCK["MAIL_SENDER"]` is the dotted path of a callable that runs it now
or later: `in_background` (a thread of this process, the default), `at_once`, or a host's own that hands it to
a task queue.

A template is one file with the blocks `subject`, `text_body` and `html_body`. Subject and text are rendered
without HTML escaping, because they are no HTML.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template import Context, TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode, ExtendsNode
from django.utils import translation
from django.utils.module_loading import import_string

from . import audit, users
from .conf import settings
from .worker import Worker

Job = Callable[[], None]

_worker = Worker()


def in_background(job: Job) -> None:
    """Runs the job in a thread of this process, after what was handed over before it."""
    _worker.put(job)


def at_once(job: Job) -> None:
    """Runs the job here and now: for tests, and for hosts whose mail backend only queues."""
    job()


def hand_over(job: Job, subject: str | None, failure: str = "mail_failed") -> None:
    """Gives the job to the host's sender, which runs it in the language of the request.

    What goes wrong is only logged, as the event that `failure` names: the verdict is stored already.
    """
    guarded = Guarded(job, subject, failure, translation.get_language())
    try:
        import_string(settings.MAIL_SENDER)(guarded)
    except Exception as error:
        _failed(failure, subject, error)


@dataclass(frozen=True)
class Guarded:
    """A job in the language that it was asked for in, which logs its failure instead of raising it."""

    job: Job
    subject: str | None
    failure: str = "mail_failed"
    language: str | None = None

    def __call__(self) -> None:
        """Runs the job."""
        try:
            with translation.override(self.language):
                self.job()
        except Exception as error:
            _failed(self.failure, self.subject, error)


def send(template: str, user: Any, context: dict[str, Any]) -> None:
    """Renders a template for a user, in the user's language where `TWINLOCK["USER_LANGUAGE"]` knows it, and
    sends it to the user's own address; without one, nothing happens.
    """
    address = users.email_of(user)
    if address:
        site = settings.SITE
        base = {"domain": site.DOMAIN, "protocol": site.PROTOCOL, "site_name": site.NAME, "user": user}
        with translation.override(_language_of(user)):
            found = message(template, {**base, **context}, address)
        found.send()


def message(template: str, context: dict[str, Any], address: str) -> EmailMultiAlternatives:
    """The mail to one address."""
    found = _template(template)
    subject, text, html = (
        _block(found, name, Context(context, autoescape=escaped))
        for name, escaped in (("subject", False), ("text_body", False), ("html_body", True))
    )
    mail = EmailMultiAlternatives(" ".join(subject.split()), text.strip() + "\n", to=[address])
    if html.strip():
        mail.attach_alternative(html.strip() + "\n", "text/html")
    return mail


def _language_of(user: Any) -> str | None:
    path = settings.USER_LANGUAGE
    known = import_string(path)(user) if path else None
    return known or translation.get_language()


def _template(name: str) -> Any:
    """The template out of the host's engines or, for a host without a fitting one, out of ours."""
    own = {
        "NAME": "twinlock",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {},
    }
    backends = [backend for backend in engines.all() if isinstance(backend, DjangoTemplates)]
    for backend in [*backends, DjangoTemplates(own)]:
        try:
            return backend.get_template(name).template
        except TemplateDoesNotExist:
            continue
    raise TemplateDoesNotExist(name)


def _block(template: Any, name: str, context: Context) -> str:
    """One block of a template, with what its parents say about it; empty where there is none."""
    with context.render_context.push_state(template), context.bind_template(template):
        blocks = BlockContext()
        while True:
            blocks.add_blocks({node.name: node for node in template.nodelist.get_nodes_by_type(BlockNode)})
            extends = template.nodelist.get_nodes_by_type(ExtendsNode)
            if not extends:
                break
            template = extends[0].get_parent(context)
        context.render_context[BLOCK_CONTEXT_KEY] = blocks
        block = blocks.get_block(name)
        return "" if block is None else str(block.render(context))


def _failed(failure: str, subject: str | None, error: Exception) -> None:
    audit.event(failure, subject, level=logging.ERROR, error=type(error).__name__)
