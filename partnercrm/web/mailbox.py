"""The demo's mailbox: every mail that would have left, whoever it was for. It exists in the demo alone."""

from email.message import EmailMessage

from flask import Blueprint, Flask, Response, render_template

from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.mail import Mailbox
from partnercrm.settings import settings

doors = Blueprint("mailbox", __name__, url_prefix="/mailbox")


def install(app: Flask) -> None:
    """Open the mailbox if this is the demo: it shows everybody's mails to anybody."""
    if settings().environment == "demo" and settings().mailbox_directory is not None:
        app.register_blueprint(doors)


@doors.get("")
def mailbox() -> str:
    """Show what was sent, newest first."""
    return render_template("mailbox.html", messages=_kept().messages())


@doors.get("/<name>")
def message(name: str) -> str:
    """Show one mail as text."""
    found = _found(name)
    text = found.get_body(("plain",))
    return render_template("mailbox_message.html", name=name, message=found, text=text.get_content() if text else "")


@doors.get("/<name>/html")
def message_html(name: str) -> Response:
    """Show one mail's HTML as a mail program does."""
    html = _found(name).get_body(("html",))
    return Response(html.get_content() if html else "", content_type="text/html; charset=utf-8")


def _found(name: str) -> EmailMessage:
    try:
        return _kept().message(name)
    except KeyError as error:
        raise NotFound from error


def _kept() -> Mailbox:
    folder = settings().mailbox_directory
    if folder is None:
        raise NotFound
    return Mailbox(folder, settings().mail_from or "")
