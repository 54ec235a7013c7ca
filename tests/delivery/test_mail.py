"""Mail as servers see it: what is handed over, what is tried again, and what is given up."""

import logging
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from feedback.delivery.channels import Letter, Message, Refused, Unreachable
from feedback.delivery.choosing import open_channels
from feedback.delivery.mail import MailFolder, SmtpMail, compose, parse_mail_url
from feedback.delivery.mail import MailServer as Address
from feedback.domain.notices import GivenUp
from tests.support.certificates import write_certificate
from tests.support.mail_server import MailServer, mail_server
from tests.support.processes import free_port

SENDER = "no-reply@city.example"
LETTER = Letter(
    "[Mã 234-567] Đã tiếp nhận phản ánh", "Kính chào bạn,\n\nXong.\n", "<p>Kính chào bạn,</p>"
)
MESSAGE = Message("<notice-1.ab@city.example>", "lan@people.example", LETTER, "Thành phố")


def smtp(server: MailServer, **how: str) -> SmtpMail:
    """The channel to a test's server."""
    address = Address("127.0.0.1", server.port, tls=how.pop("tls", "no"), **how)
    return SmtpMail(address, SENDER)


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as server:
        receipt = smtp(server).send(MESSAGE)
    (mail,) = server.mails
    assert receipt.answer == "2.0.0 queued as 7"
    assert server.recipients == ["lan@people.example"]
    assert mail["Subject"] == LETTER.subject
    assert mail["From"] == "Thành phố <no-reply@city.example>"
    assert (mail["To"], mail["Message-ID"]) == ("lan@people.example", MESSAGE.id)
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.iter_parts()
    assert text.get_content() == LETTER.text
    assert html.get_content().strip() == LETTER.html


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this process trusts."""
    path = write_certificate(tmp_path / "mail.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.mark.parametrize("tls", ["start", "whole"])
def test_password_and_mail_go_over_a_checked_encrypted_line(certificate: Path, tls: str) -> None:
    with mail_server(certificate=certificate, whole_tls=tls == "whole") as server:
        smtp(server, tls=tls, user="city", password="pa ss").send(MESSAGE)
    assert server.was_encrypted == [True]
    assert any(command.startswith("AUTH PLAIN ") for command in server.commands)


@pytest.mark.parametrize("tls", ["start", "whole"])
def test_nothing_is_told_to_a_server_that_cannot_prove_who_it_is(tmp_path: Path, tls: str) -> None:
    certificate = write_certificate(tmp_path / "unknown.pem")
    how = {"certificate": certificate, "whole_tls": tls == "whole"}
    with mail_server(**how) as server, pytest.raises(Unreachable, match="SSLCertVerification"):
        smtp(server, tls=tls, user="city", password="secret").send(MESSAGE)
    assert not [command for command in server.commands if "AUTH" in command or "MAIL" in command]


def test_nothing_is_told_to_a_server_without_encryption_where_it_is_wanted() -> None:
    with mail_server() as server, pytest.raises(Unreachable):
        smtp(server, tls="start", user="city", password="secret").send(MESSAGE)
    assert {command.partition(" ")[0].upper() for command in server.commands} <= {"EHLO", "QUIT"}


@pytest.mark.parametrize(
    ("command", "answer", "problem", "kept"),
    [
        (
            "RCPT",
            "550 5.1.1 no such person lan@people.example",
            GivenUp.ADDRESS_REFUSED,
            "550 5.1.1",
        ),
        ("RCPT", "553 what is that", GivenUp.ADDRESS_REFUSED, "553"),
        ("DATA", "554 5.6.0 not like this", GivenUp.MESSAGE_REFUSED, "554 5.6.0"),
    ],
)
def test_what_is_refused_for_good_is_given_up_with_a_reason_that_names_nobody(
    command: str, answer: str, problem: GivenUp, kept: str
) -> None:
    with mail_server(answers={command: answer}) as server, pytest.raises(Refused) as refused:
        smtp(server).send(MESSAGE)
    assert (refused.value.problem, refused.value.answer) == (problem, kept)
    assert server.mails == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "451 4.7.1 greylisted, lan@people.example"),
        ("RCPT", "550 5.7.1 relaying denied"),
        ("MAIL", "530 5.7.0 authentication required"),
        ("MAIL", "550 5.1.8 bad sender"),
        ("DATA", "452 4.3.1 disk full"),
        ("DATA", "550 5.7.26 unauthenticated mail"),
    ],
)
def test_what_may_pass_or_is_our_own_fault_is_tried_again(command: str, answer: str) -> None:
    with mail_server(answers={command: answer}) as server, pytest.raises(Unreachable) as failed:
        smtp(server).send(MESSAGE)
    assert "lan" not in str(failed.value)
    assert failed.value.__context__ is None  # the library's error would quote the address


def test_no_test_reaches_a_server_of_somebody_else() -> None:
    with pytest.raises(AssertionError, match="would have sent mail"):
        SmtpMail(Address("mail.example", 25, tls="no"), SENDER).send(MESSAGE)


def test_a_dead_server_is_tried_again() -> None:
    with pytest.raises(Unreachable, match="ConnectionRefusedError"):
        SmtpMail(Address("127.0.0.1", free_port(), tls="no"), SENDER).send(MESSAGE)


def test_a_wrong_password_is_tried_again_and_never_shown(
    certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    how = {"certificate": certificate, "answers": {"AUTH": "535 5.7.8 no"}}
    with mail_server(**how) as server, pytest.raises(Unreachable) as failed:
        smtp(server, tls="start", user="city", password="hidden").send(MESSAGE)
    assert "hidden" not in f"{failed.value} {caplog.text} {Address('h', 1, 'no', 'u', 'hidden')}"


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b@c.example", "a@b.example\nBcc: all@people.example", "a b@c.example"],
)
def test_what_is_no_address_is_given_up_without_asking_anybody(address: str) -> None:
    with pytest.raises(Refused) as refused:
        compose(replace(MESSAGE, address=address), SENDER, datetime.now(UTC))
    assert refused.value.problem is GivenUp.BAD_ADDRESS


def test_no_value_adds_a_header() -> None:
    evil = "x\r\nBcc: all@people.example\r\n\r\nbody"
    letter = replace(LETTER, subject=evil, leave_url=f"https://city.example/{evil}")
    mail = compose(
        replace(MESSAGE, letter=letter, sender_name=evil), SENDER, datetime.now(UTC)
    ).as_bytes()
    parsed = message_from_bytes(mail, policy=policy.default)
    assert "Bcc" not in parsed
    assert parsed["Subject"] == "x Bcc: all@people.example body"


def test_addresses_in_other_scripts_are_sent_where_servers_can() -> None:
    wide = replace(MESSAGE, address="đặng@people.example")
    with mail_server() as server:
        smtp(server).send(wide)
        smtp(server).send(replace(MESSAGE, address="lan@huế.example"))
    assert server.recipients[0] == "đặng@people.example"
    assert server.recipients[1].startswith("lan@xn--")
    with mail_server(extensions=()) as old, pytest.raises(Refused):
        smtp(old).send(wide)


def test_in_development_mail_is_kept_in_a_folder_each_message_once(tmp_path: Path) -> None:
    channel = open_channels("folder", SENDER, tmp_path)["email"]
    assert isinstance(channel, MailFolder)
    for _ in range(2):
        channel.send(MESSAGE)
    (path,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (path.suffix, mail["Message-ID"]) == (".eml", MESSAGE.id)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtp://mail.example", Address("mail.example", 587, "start")),
        ("smtps://u%40x:p%2Fq@mail.example", Address("mail.example", 465, "whole", "u@x", "p/q")),
        ("smtp://localhost:2525?tls=no", Address("localhost", 2525, "no")),
        ("smtp://localhost?tls=maybe", None),
        ("http://mail.example", None),
        ("smtp://mail.example:port", None),
        ("smtp://", None),
    ],
)
def test_the_address_of_a_mail_server_is_read_whole_or_refused(
    url: str, address: Address | None
) -> None:
    assert parse_mail_url(url) == address
