"""Mail going out: what leaves, what must not, and what nobody is told about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from partnercrm.kernel import mail
from partnercrm.kernel.mail import Mailbox, MailNotSent, Relay
from tests.post import PostOffice, post_office

SENDER = "partnercrm <no-reply@partners.example>"
LETTER = ("gina@globex.example", "A lead was offered to you", "Look here.\n", "<p>Look here.</p>")


def send(*letter: str, message_id: str, headers: dict[str, str] | None = None) -> None:
    """Send one message, as jobs do."""
    with mail.ready() as post:
        post(mail.composed(*letter, message_id=message_id, headers=headers))


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the process as it was."""
    monkeypatch.setattr(mail, "_way", None)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that messages go through."""
    with post_office() as found:
        mail.through(Relay("127.0.0.1", found.port, "none", SENDER))
        yield found


def test_a_message_arrives_as_text_and_html_with_an_id_that_stays(office: PostOffice) -> None:
    send(*LETTER, message_id="n-1", headers={"List-Unsubscribe": "<https://partners.example/u>"})

    (arrived,) = office.arrived
    assert arrived["Message-ID"] == "<n-1@partners.example>"
    assert (arrived["From"], arrived["To"]) == (SENDER, LETTER[0])
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["List-Unsubscribe"] == "<https://partners.example/u>"
    assert arrived.get_body(("plain",)).get_content().strip() == "Look here."
    assert arrived.get_body(("html",)).get_content().strip() == "<p>Look here.</p>"
    assert office.recipients == [LETTER[0]]


def test_a_long_web_address_reaches_mail_programs_as_it_stands(office: PostOffice, tmp_path: Path) -> None:
    """RFC 2369 and 8058: readers of these headers take the address from the raw line and decode nothing."""
    address = f"<https://partners.example/unsubscribe/{'a1B2-' * 60}>"
    send(*LETTER, message_id="n-1", headers={"List-Unsubscribe": address})
    mail.through(Mailbox(tmp_path, SENDER))
    send(*LETTER, message_id="n-1", headers={"List-Unsubscribe": address})

    (kept,) = tmp_path.glob("*.eml")
    for raw in (office.raw[0], kept.read_bytes()):
        assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in raw


@pytest.mark.parametrize(
    "address", ["<https://partners.example/\N{LATIN SMALL LETTER U WITH DIAERESIS}>", "<" + "u" * 990 + ">"]
)
def test_a_web_address_that_no_mail_can_carry_is_refused(office: PostOffice, address: str) -> None:
    with pytest.raises(ValueError, match="one line of ASCII"):
        send(*LETTER, message_id="n-1", headers={"List-Unsubscribe": address})

    assert office.arrived == []


def test_a_sign_in_is_given_where_one_is_set(office: PostOffice) -> None:
    mail.through(Relay("127.0.0.1", office.port, "none", SENDER, "partnercrm", "a password"))

    send(*LETTER, message_id="n-1")

    assert "AUTH" in office.said


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r"])
def test_nothing_typed_becomes_a_header(office: PostOffice, break_: str) -> None:
    planted = f"A lead{break_}Bcc: everybody@globex.example"
    with pytest.raises(ValueError, match=r"header|linefeed|newline"):
        send(LETTER[0], planted, *LETTER[2:], message_id="n-1")
    with pytest.raises(ValueError, match=r"header|linefeed|newline"):
        send(*LETTER, message_id="n-1", headers={"List-Unsubscribe": planted})
    with pytest.raises(ValueError, match=r".+"):
        send(f"gina@globex.example{break_}Bcc: x@globex.example", *LETTER[1:], message_id="n-1")

    assert office.arrived == []


def test_without_the_demanded_encryption_nothing_is_said(office: PostOffice) -> None:
    mail.through(Relay("127.0.0.1", office.port, "starttls", SENDER, "partnercrm", "a password"))

    with pytest.raises(MailNotSent, match="signing in: SMTPNotSupportedError"):
        send(*LETTER, message_id="n-1")

    assert not {"AUTH", "MAIL", "DATA"} & set(office.said)


def test_a_server_that_does_not_speak_tls_gets_nothing(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "CONNECT_SECONDS", 0.3)
    mail.through(Relay("127.0.0.1", office.port, "tls", SENDER))

    with pytest.raises(MailNotSent, match="connecting: "):
        send(*LETTER, message_id="n-1")

    assert office.arrived == []


def test_what_a_server_says_of_an_address_is_told_nobody(office: PostOffice) -> None:
    office.refuses = "nobody called gina@globex.example here"

    with pytest.raises(MailNotSent) as refused:
        send(*LETTER, message_id="n-1")

    assert str(refused.value) == "sending: SMTPRecipientsRefused [550]"
    assert refused.value.__suppress_context__


def test_a_server_that_hangs_up_leaves_the_message_unsent_as_far_as_we_know(office: PostOffice) -> None:
    office.hangs_up_after = "DATA"

    with pytest.raises(MailNotSent, match="sending: SMTPServerDisconnected"):
        send(*LETTER, message_id="n-1")


def test_nobody_at_home_is_said_without_an_address() -> None:
    with post_office() as gone:
        port = gone.port
    mail.through(Relay("127.0.0.1", port, "none", SENDER))

    with pytest.raises(MailNotSent, match=r"^connecting: ConnectionRefusedError$"):
        send(*LETTER, message_id="n-1")


def test_without_a_server_nothing_can_be_sent() -> None:
    assert not mail.is_set_up()
    with pytest.raises(MailNotSent):
        send(*LETTER, message_id="n-1")


def test_a_mailbox_keeps_the_same_message_once(tmp_path: Path) -> None:
    kept = Mailbox(tmp_path / "mailbox", SENDER)
    mail.through(kept)
    for message_id in ("n-1", "n-1", "n-2"):
        send(*LETTER, message_id=message_id)

    assert mail.is_set_up()
    assert sorted(one["Message-ID"] for one in kept.messages().values()) == [
        "<n-1@partners.example>",
        "<n-2@partners.example>",
    ]
    for name in ("nothing", "../secret"):
        with pytest.raises(KeyError):
            kept.message(name)
