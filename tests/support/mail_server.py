"""A mail server of our own on the loopback: it takes mail, or refuses it the way it is told to."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path


@dataclass
class MailServer:
    """What the server got, and what it says.

    `answers` replaces the usual answer to a command by its first word (`DATA` is the answer to the
    whole message); `extensions` are what it says it can do. With `certificate` it offers STARTTLS.
    """

    port: int = 0
    certificate: Path | None = None
    whole_tls: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("8BITMIME", "SMTPUTF8")
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    taken: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each mail in the order they came."""
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextmanager
def mail_server(**how: object) -> Iterator[MailServer]:
    """A running server; see MailServer for `how`."""
    about = MailServer(**how)  # type: ignore[arg-type]

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _Talk(self.request, about).run()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        about.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield about
        finally:
            server.shutdown()
            thread.join()


class _Talk:
    """One connection."""

    def __init__(self, connection: socket.socket, server: MailServer) -> None:
        self._server = server
        self._connection = connection
        self._encrypted = False
        self._recipient = ""
        self._file = connection.makefile("rb")

    def run(self) -> None:
        """Answer until the other side leaves."""
        try:
            if self._server.whole_tls:
                self._encrypt()
            self._say("220 ready")
            while line := self._file.readline():
                command = line.decode("utf-8", "replace").strip()
                self._server.commands.append(command)
                if not self._obey(command):
                    return
        except (OSError, ssl.SSLError):
            return  # the client was killed, or did not like the certificate
        finally:
            self._file.close()
            self._connection.close()

    def _obey(self, command: str) -> bool:
        word = command.partition(" ")[0].upper()
        if word == "QUIT":
            self._say("221 bye")
            return False
        if word == "EHLO":
            tls = ("STARTTLS",) if self._server.certificate and not self._encrypted else ()
            lines = ["here", *self._server.extensions, "AUTH PLAIN", *tls]
            for line in lines[:-1]:
                self._say(f"250-{line}")
            self._say(f"250 {lines[-1]}")
        elif word == "STARTTLS":
            self._say("220 go on")
            self._encrypt()
        elif word == "DATA":
            self._say("354 go on")
            self._take()
        else:
            if word == "RCPT":
                self._recipient = command.partition("<")[2].partition(">")[0]
            self._say(self._server.answers.get(word, "235 ok" if word == "AUTH" else "250 ok"))
        return True

    def _take(self) -> None:
        lines = []
        while (line := self._file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        answer = self._server.answers.get("DATA", "250 2.0.0 queued as 7")
        if answer.startswith("2"):
            written = b"".join(lines).replace(b"\r\n", b"\n")
            mail = message_from_bytes(written, policy=policy.default)
            self._server.mails.append(mail)
            self._server.recipients.append(self._recipient)
            self._server.was_encrypted.append(self._encrypted)
            self._server.taken.set()
        if answer != "250 hang":
            self._say(answer)
            return
        self._file.readline()  # it has taken the mail, but nobody hears of it

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._server.certificate)  # type: ignore[arg-type]
        self._connection = context.wrap_socket(self._connection, server_side=True)
        self._encrypted = True
        self._file.close()
        self._file = self._connection.makefile("rb")

    def _say(self, line: str) -> None:
        self._connection.sendall(f"{line}\r\n".encode())
