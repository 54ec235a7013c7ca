"""QR codes, drawn into the page."""

import segno
from markupsafe import Markup


def drawn(text: str) -> Markup:
    """A QR code as an SVG element; the drawing holds nothing but numbers, never the text itself."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, svgclass="qr-code", lineclass=None, light="#fff"
    )
    return Markup(svg)  # noqa: S704
