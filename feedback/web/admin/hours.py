"""Working hours as people type them: "07:30–11:30, 13:30–17:00"."""

import re
from itertools import pairwise

from feedback.domain.calendar import Block
from feedback.domain.errors import Invalid

_BLOCK = re.compile(r"(\d{1,2})\s*[:hg.]\s*(\d{2})\s*[-–—]\s*(\d{1,2})\s*[:hg.]\s*(\d{2})")


def blocks_of(text: str, field: str) -> tuple[Block, ...]:
    """The blocks of a day in the order of the day; none for an empty text.

    Raises Invalid naming `field`.
    """
    blocks = []
    for part in filter(None, (part.strip() for part in re.split("[,;]", text))):
        found = _BLOCK.fullmatch(part)
        if found is None:
            raise Invalid({field: "hours_unreadable"})
        start_hour, start, end_hour, end = (int(group) for group in found.groups())
        if max(start, end) > 59:
            raise Invalid({field: "hours_unreadable"})
        try:
            blocks.append(Block(start_hour * 60 + start, end_hour * 60 + end))
        except Invalid as refused:
            raise Invalid({field: refused.fields["blocks"]}) from refused
    blocks.sort()
    if any(a.end_minute > b.start_minute for a, b in pairwise(blocks)):
        raise Invalid({field: "overlap_or_out_of_order"})
    return tuple(blocks)
