"""Mail going out: one message over SMTP, or into a folder where nothing may leave the machine. For jobs only.

Neither addresses nor what a server says of them ever reach a log or an error.
"""

import hashlib
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Final, Literal

from partnercrm.kernel import clock

CONNECT_SECONDS: Final = 10.0
# Shorter than the web server's patience with a lock: a message may be under way while its reader's row is held.
SEND_SECONDS: Final = 4.0
# Of the 998 characters of a line, what the longest name of a header leaves.
_LONGEST_VALUE: Final = 900

Security = Literal["starttls", "tls", "none"]
Post = Callable[[EmailMessage], None]


class _OfAddresses(UnstructuredHeader, BaseHeader):
    """A header of web addresses, which mail programs read only as it stands: neither folded nor encoded (RFC 2369)."""

    @classmethod
    def parse(cls, string: str, kwds: dict[str, Any]) -> None:
        """Take the header's value. ValueError when it is longer than a line may be, or holds more than ASCII."""
        if len(string) > _LONGEST_VALUE or not string.isascii():
            raise ValueError("a header of web addresses takes one line of ASCII")
        super().parse(string, kwds)

    def fold(self, *, policy: Policy) -> str:
        """Return the header in one line."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OfAddresses)
_POLICY: Final = policy.SMTP.clone(header_factory=_HEADERS)


class MailNotSent(Exception):  # noqa: N818 - it says what is the case
    """The message did not leave; the sentence names the step and the server's code, never an address."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server that takes our messages."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = None

    @contextmanager
    def ready(self) -> Iterator[Post]:
        """Be connected and signed in, so that only the sending remains. Raises MailNotSent."""
        client = self._found()
        try:
            self._enter(client)
            yield lambda message: _posted(client, message)
        finally:
            client.close()

    def _found(self) -> smtplib.SMTP:
        try:
            if self.security == "tls":
                trusted = ssl.create_default_context()
                return smtplib.SMTP_SSL(self.host, self.port, timeout=CONNECT_SECONDS, context=trusted)
            return smtplib.SMTP(self.host, self.port, timeout=CONNECT_SECONDS)
        except (smtplib.SMTPException, OSError) as error:
            raise MailNotSent(f"connecting: {_told(error)}") from None

    def _enter(self, client: smtplib.SMTP) -> None:
        try:
            if self.security == "starttls":
                client.starttls(context=ssl.create_default_context())
            if self.user is not None:
                client.login(self.user, self.password or "")
        except (smtplib.SMTPException, OSError) as error:
            raise MailNotSent(f"signing in: {_told(error)}") from None
        if client.sock is not None:
            client.sock.settimeout(SEND_SECONDS)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A folder that keeps every message, for the demo and for tests; the same message is kept once."""

    folder: Path
    sender: str

    def ready(self) -> nullcontext[Post]:
        """Be ready to keep messages."""
        return nullcontext(self._keep)

    def _keep(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:32]
        fresh = self.folder / f"{name}.new"
        fresh.write_bytes(message.as_bytes(policy=policy.SMTP))
        fresh.rename(self.folder / f"{name}.eml")

    def messages(self) -> dict[str, EmailMessage]:
        """Return what was kept, newest first, by name; at most 200."""
        found = {path.stem: self.message(path.stem) for path in self.folder.glob("*.eml")}
        newest = sorted(found.items(), key=lambda pair: pair[1]["Date"].datetime, reverse=True)
        return dict(newest[:200])

    def forget(self, address: str) -> None:
        """Delete what was kept for or about an address."""
        for path in self.folder.glob("*.eml"):
            if address.lower().encode() in path.read_bytes().lower():
                path.unlink(missing_ok=True)

    def message(self, name: str) -> EmailMessage:
        """Return one message. KeyError when there is none of this name."""
        path = self.folder / f"{name}.eml"
        if not name.isalnum() or not path.exists():
            raise KeyError(name)
        return message_from_bytes(path.read_bytes(), policy=policy.default)


_way: Relay | Mailbox | None = None


def through(way: Relay | Mailbox | None) -> None:
    """Say how this process' messages go out; None where mail is not set up."""
    global _way  # noqa: PLW0603 - one per process, set when the application is made
    _way = way


def is_set_up() -> bool:
    """Tell whether messages can go out at all."""
    return _way is not None


def forget(address: str) -> None:
    """Forget what is kept of messages for or about an address, where any are kept."""
    if isinstance(_way, Mailbox):
        _way.forget(address)


@contextmanager
def ready() -> Iterator[Post]:
    """Be connected, so that what is decided inside the block is followed by the sending alone. Raises MailNotSent."""
    with _set_up().ready() as post:
        yield post


def composed(
    to: str, subject: str, text: str, html: str, *, message_id: str, headers: Mapping[str, str] | None = None
) -> EmailMessage:
    """Return a message as text and HTML; `message_id` stays the same when it is sent again.

    ValueError when a header would hold a line break, or a web address that no mail can carry.
    """
    sender = _set_up().sender
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{message_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def _set_up() -> Relay | Mailbox:
    if _way is None:
        raise MailNotSent("no mail server is set")
    return _way


def _posted(client: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        client.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(f"sending: {_told(error)}") from None


def _told(error: Exception) -> str:
    """Return what kind of error it is and the server's code, nothing of what it says: that quotes addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"SMTPRecipientsRefused {sorted({code for code, _ in error.recipients.values()})}"
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".rstrip()
