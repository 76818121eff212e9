"""Mails and what their links open: fit to use on every screen, answered by a person who is not signed in."""

import re
from pathlib import Path

import pytest

from partnercrm.kernel import mail
from partnercrm.kernel.mail import Mailbox
from tests.browser.conftest import Visitor
from tests.cast import Cast
from tests.factories import leads
from tests.factories.notices import Errands
from tests.servers import TestServer


@pytest.fixture
def mails(
    cast: Cast, test_server: TestServer, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """The mail that offers Gina a lead, as text and as HTML."""
    box = Mailbox(tmp_path, "partnercrm <no-reply@partners.example>")
    monkeypatch.setattr(mail, "_way", box)
    leads.offer(cast.sam, cast.partnership_id, need="Kite Basic", industry="Rail", country="SE")
    Errands(test_server, database).run()
    found = next(one for one in box.messages().values() if one["To"] == cast.gina.email and "offered" in one["Subject"])
    text, html = (found.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_a_mail_and_the_pages_behind_its_links_are_fit_to_use(
    visitor: Visitor, cast: Cast, mails: tuple[str, str]
) -> None:
    text, html = mails
    gina = visitor()
    gina.page.set_content(html)
    gina.look()
    accept, decline, ask = re.findall(r"/answer/\S+", text)
    for path in (accept, decline, ask, re.findall(r"/unsubscribe/\S+", text)[0], "/answer/nothing"):
        gina.go(path)
        gina.complaints.clear()
        gina.look()

    page = gina.go(decline)
    page.get_by_label("Reason").select_option(label="No capacity at present")
    page.get_by_role("button", name="Decline").click()
    page.get_by_text("The lead is declined.").wait_for()
    gina.look()
    assert cast.sam.call("GET", "/offers", expect=200)["items"][0]["status"] == "declined"
