"""E-mail: over SMTP, or into a folder where no mail server is wanted."""

import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from feedback.delivery.channels import Message, Receipt, Refused, Unreachable
from feedback.domain.notices import GivenUp, Reach

PATIENCE_SECONDS = 20.0
LONGEST_ANSWER = 200
STARTTLS_PORT, TLS_PORT, PLAIN_PORT = 587, 465, 25
FOLDER, NONE = "folder", "none"
_WIDE_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+")
# Who refuses for a policy says nothing of the address: it is our own set-up that needs mending.
_POLICY = re.compile(rb"^\s*5\.7\.")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `tls` is `start` (STARTTLS), `whole` (all of it) or `no`."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)


def parse_mail_url(url: str) -> MailServer | None:
    """The server behind `smtp://user:password@host:port`, or None for what is no such address.

    `smtp` wants STARTTLS unless `?tls=no` says that the server is trusted without, `smtps` is TLS
    from the start. User and password are percent-encoded.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    wanted = parse_qs(parts.query).get("tls", ["start"])[0]
    tls = "whole" if parts.scheme == "smtps" else wanted
    usual = {"whole": TLS_PORT, "start": STARTTLS_PORT, "no": PLAIN_PORT}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or tls not in usual:
        return None
    return MailServer(
        host=parts.hostname,
        port=port or usual[tls],
        tls=tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def compose(message: Message, sender: str, now: datetime) -> EmailMessage:
    """The message as mail. Raises Refused when its address cannot stand in one.

    No value can add a header of its own: the library refuses line breaks, and what it is given has
    none.
    """
    letter = message.letter
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(_one_line(message.sender_name), addr_spec=sender)
        mail["To"] = _recipient(message.address)
    except (MessageError, ValueError, IndexError, UnicodeError):
        raise Refused(GivenUp.BAD_ADDRESS) from None
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = message.id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.leave_url:
        mail["List-Unsubscribe"] = f"<{_one_line(letter.leave_url)}>"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    for one in message.attachments:
        mail.add_attachment(
            one.content, maintype="application", subtype="pdf", filename=_one_line(one.name)
        )
    return mail


class MailFolder:
    """Writes mail into a folder as `.eml` files, for development and for trying things out."""

    reach = Reach.EMAIL

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, message: Message) -> Receipt:
        """See Channel. The same message sent again takes the place of the first."""
        mail = compose(message, self._sender, datetime.now(UTC))
        name = re.sub(r"[^\w.@-]", "", message.id, flags=re.ASCII) + ".eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(dir=self._folder, prefix=".")
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(mail.as_bytes(policy=SMTPUTF8))
            Path(draft).replace(self._folder / name)
        except OSError as error:
            raise Unreachable(f"the mail folder cannot be written: {error.strerror}") from None
        return Receipt(name)


class SmtpMail:
    """Hands mail to a server, one connection for each."""

    reach = Reach.EMAIL

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, message: Message) -> Receipt:
        """See Channel."""
        mail = compose(message, self._sender, datetime.now(UTC))
        address = mail["To"].addresses[0].addr_spec
        try:
            with self._connected() as smtp:
                return self._hand_over(smtp, mail, address)
        except smtplib.SMTPResponseException as error:
            raise Unreachable(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"the mail server: {type(error).__name__}") from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server, context = self._server, ssl.create_default_context()
        if server.tls == "whole":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=PATIENCE_SECONDS, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)
        try:
            if server.tls == "start":
                smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
            if server.user:
                smtp.login(server.user, server.password)
            yield smtp
        finally:
            # What was accepted is accepted, however the server says goodbye.
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()

    def _hand_over(self, smtp: smtplib.SMTP, mail: EmailMessage, address: str) -> Receipt:
        wide = not address.isascii()
        if wide and not smtp.has_extn("smtputf8"):
            raise Refused(GivenUp.BAD_ADDRESS)
        _expect(smtp.mail(self._sender, ["SMTPUTF8"] if wide else []), None)
        _expect(smtp.rcpt(address), GivenUp.ADDRESS_REFUSED)
        body = mail.as_bytes(policy=SMTPUTF8 if wide else SMTP)
        return Receipt(_expect(smtp.data(body), GivenUp.MESSAGE_REFUSED))


def _expect(answer: tuple[int, bytes], refusal: GivenUp | None) -> str:
    """What the server said when it agreed; else raises Unreachable, or Refused for good."""
    code, text = answer
    if 200 <= code < 300:
        return text.decode(errors="replace")[:LONGEST_ANSWER]
    if code >= 500 and refusal is not None and not _POLICY.match(text):
        status = re.match(rb"\s*(5\.\d+\.\d+)", text)
        raise Refused(refusal, f"{code} {status[1].decode() if status else ''}".strip())
    raise Unreachable(f"the mail server answered {code}")


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _recipient(address: str) -> Address:
    """An address as a header takes it, its domain as mail servers know it. Raises ValueError."""
    local, _, domain = address.rpartition("@")
    domain = domain if domain.isascii() else domain.encode("idna").decode()
    if local.isascii():
        return Address(addr_spec=f"{local}@{domain}")
    if not domain or not _WIDE_LOCAL.fullmatch(local):
        raise ValueError("no address")
    return Address(username=local, domain=domain)
