"""Numbers as people of a language write them."""

from fractions import Fraction

from flask_babel import format_decimal, get_locale
from markupsafe import Markup, escape

NOTHING = "—"


def number(value: float | None, decimals: int = 0) -> str:
    """A number with the language's group and decimal signs; "—" for none.

    `decimals` is exact: 3.2 with two decimals is "3,20" in Vietnamese.
    """
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(round(value, decimals), format=pattern))


def percent(share: float | Fraction | None, decimals: int = 1) -> Markup | str:
    """A share between 0 and 1 as a percentage that does not break before its sign."""
    if share is None:
        return NOTHING
    gap = "\N{NO-BREAK SPACE}" if str(get_locale()) == "vi" else ""
    return escape(f"{number(float(share * 100), decimals)}{gap}%")
