"""Which channels this installation reaches people by."""

from collections.abc import Mapping
from pathlib import Path

from feedback.delivery.channels import Channel
from feedback.delivery.mail import FOLDER, MailFolder, SmtpMail, parse_mail_url

EMAIL = "email"


def open_channels(mail_url: str, mail_from: str, data_dir: Path) -> Mapping[str, Channel]:
    """The channels by name, for the settings of mail; touches neither disk nor network."""
    if mail_url == FOLDER:
        return {EMAIL: MailFolder(data_dir / "mail", mail_from)}
    server = parse_mail_url(mail_url)
    return {EMAIL: SmtpMail(server, mail_from)} if server else {}
