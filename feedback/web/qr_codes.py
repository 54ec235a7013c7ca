"""QR codes, drawn into the page."""

import segno
from markupsafe import Markup


def drawn(text: str, *, fills: bool = False) -> Markup:
    """A QR code as an SVG element; the drawing holds nothing but numbers, never the text itself.

    One that `fills` has no size of its own and takes that of its place.
    """
    svg = segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, svgclass="qr-code", lineclass=None, light="#fff", omitsize=fills
    )
    return Markup(svg)  # noqa: S704
