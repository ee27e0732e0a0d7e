"""What error reporters collect of a request that ends with a defect."""

import sys
from contextlib import contextmanager

from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter


@contextmanager
def error_reports():
    """What reporters collect: each frame's variables in full, and Django's own report."""
    found = []

    def collect(request, **_):
        kind, error, trace = sys.exc_info()
        reporter = ExceptionReporter(request, kind, error, trace)
        texts = [reporter.get_traceback_text(), reporter.get_traceback_html()]
        while error is not None:
            trace = error.__traceback__
            while trace is not None:
                frame = trace.tb_frame
                texts.append(f"{frame.f_code.co_qualname if sys.version_info > (3, 11) else ''}")
                texts += [shown(value) for value in frame.f_locals.values()]
                trace = trace.tb_next
            error = error.__cause__ or error.__context__
        found.append("\n".join(texts))

    got_request_exception.connect(collect)
    yield found
    got_request_exception.disconnect(collect)


def shown(value, depth=4):
    """As reporters serialize: containers and plain objects by what is in them."""
    if isinstance(value, dict):
        return " ".join(shown(part, depth - 1) for pair in value.items() for part in pair) if depth else ""
    if isinstance(value, (list, tuple, set)):
        return " ".join(shown(part, depth - 1) for part in value) if depth else ""
    return repr(value)
