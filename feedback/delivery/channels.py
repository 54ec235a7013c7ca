"""How a message reaches a person: what every channel takes, gives and refuses.

E-mail is one channel; text messages, Zalo or push can be others. None knows what a report is.
"""

from dataclasses import dataclass, field
from typing import Protocol

from feedback.domain.notices import GivenUp, Reach


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said: a subject, plain text, and the same as a simple page.

    `leave_url` is where a reader ends such letters, for readers who can.
    """

    subject: str
    text: str
    html: str
    leave_url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF file that comes with a letter."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A letter to one address. `id` is the same whenever the same message is sent again."""

    id: str
    address: str = field(repr=False)
    letter: Letter = field(repr=False)
    sender_name: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side answered when it took a message over; may be empty."""

    answer: str = ""


class Channel(Protocol):
    """One way to reach people."""

    @property
    def reach(self) -> Reach:
        """What the channel must know of somebody."""
        ...

    def send(self, message: Message) -> Receipt:
        """Hand a message over. Raises Unreachable or Refused."""
        ...


class Unreachable(Exception):
    """The message was not taken over now; later it may be. Its text holds no address."""


class Refused(Exception):
    """The message will never be taken over: `problem` says why, `answer` what was answered."""

    def __init__(self, problem: GivenUp, answer: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.answer = answer
