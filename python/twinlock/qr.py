"""QR codes, drawn in this process and never by a remote service: the text is usually a secret."""

from twinlock._twinlock import qr_png as png
from twinlock._twinlock import qr_svg as svg
from twinlock._twinlock import qr_svg_data_uri as svg_data_uri
from twinlock._twinlock import qr_terminal as terminal
from twinlock._twinlock import qr_terminal_colored as terminal_colored

__all__ = ["svg", "svg_data_uri", "png", "terminal", "terminal_colored"]
