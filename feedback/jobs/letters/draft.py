"""A letter before it is set: what it says, in the order it says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader

from feedback.delivery.channels import Letter

_pages = Environment(
    loader=PackageLoader("feedback.jobs.letters"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter in plain words.

    `facts` are pairs of a name and a value, `quoted` a heading with what somebody wrote, `items`
    the lines of a list with their addresses. `action` is the one thing to do, `others` are more
    links, `leave` is how to end such letters: each words and an address.
    """

    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    quoted: tuple[str, str] | None = None
    items: Sequence[tuple[str, str]] = ()
    action: tuple[str, str] | None = None
    others: Sequence[tuple[str, str]] = ()
    after: Sequence[str] = ()
    leave: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands round every letter: greeting and closing, who writes, and in which colours."""

    language: str
    city: str
    colour: str
    greeting: str
    closing: str
    small_print: str


def set_letter(draft: Draft, frame: Frame) -> Letter:
    """The letter as plain text and as a page; whatever people wrote is escaped in the page."""
    return Letter(
        subject=draft.subject,
        text=_text(draft, frame),
        html=_pages.get_template("letter.html").render(draft=draft, frame=frame),
        leave_url=draft.leave[1] if draft.leave else "",
    )


def _text(draft: Draft, frame: Frame) -> str:
    parts = [frame.greeting, *draft.paragraphs]
    if draft.facts:
        parts.append("\n".join(f"{name}: {value}" for name, value in draft.facts))
    if draft.quoted:
        heading, words = draft.quoted
        parts.append("\n".join([f"{heading}:", *(f"> {line}" for line in words.splitlines())]))
    if draft.items:
        parts.append("\n".join(f"- {words}\n  {address}" for words, address in draft.items))
    links = [draft.action, *draft.others] if draft.action else [*draft.others]
    parts += [f"{words}:\n{address}" for words, address in links if address]
    parts += [*draft.after, f"{frame.closing}\n{frame.city}", f"-- \n{frame.small_print}"]
    if draft.leave:
        words, address = draft.leave
        parts.append(f"{words}: {address}")
    return "\n\n".join(parts) + "\n"
