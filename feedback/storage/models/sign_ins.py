"""Sessions of staff, their second factors, and the record of who tried to sign in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.domain.sign_ins import SignInKind
from feedback.extensions import Model
from feedback.storage.models.accounts import Account
from feedback.storage.types import UtcDateTime, words


class StaffSession(Model):
    """One browser that somebody has signed in with; to delete the row is to end the session.

    Only a hash of the cookie's key is kept. `account_key` is the account's `session_key` when the
    session began: a new one ends all sessions at once.
    """

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    network: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(60))
    with_second_factor: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship()


class SignInEvent(Model):
    """One line of the record. `account_id` is None where nobody has the login that was tried."""

    __tablename__ = "sign_in_events"
    __table_args__ = (Index("ix_sign_in_events_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[SignInKind] = mapped_column(words(SignInKind))
    network: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(60))

    account: Mapped[Account | None] = relationship()


class SecondFactor(Model):
    """What makes an account's codes. It counts once `confirmed_at` is set.

    `last_step` is the time step of the last code that was taken: no code counts twice.
    """

    __tablename__ = "second_factors"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sealed_secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Model):
    """One of the codes for the day the phone is gone, hashed like a password.

    `number` is the code's first sign, so that checking one costs one hash.
    """

    __tablename__ = "recovery_codes"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
