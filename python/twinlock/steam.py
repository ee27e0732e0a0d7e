"""The codes of Steam Guard: five characters from the time. ``verify`` returns the matched step, or ``None``.

Remember the step and refuse it and every earlier one from then on: without that, a code can be used
twice. :class:`twinlock.SecondFactor` does.
"""

from twinlock._twinlock import steam_generate as generate
from twinlock._twinlock import steam_verify as verify

__all__ = ["generate", "verify"]
