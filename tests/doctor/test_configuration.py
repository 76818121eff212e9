"""Faults of the settings, each planted and found."""

from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from pydantic import SecretStr

from partnercrm.doctor import configuration
from partnercrm.settings import Settings, settings

STRONG = "N3v8qPzB1xKcR6tYw0LmUeH5sJ2dGfA9"
SOUND = {
    "environment": "production",
    "database_url": f"postgresql+psycopg://partnercrm_app:{STRONG}@db/partnercrm",
    "worker_database_url": f"postgresql+psycopg://partnercrm_worker:{STRONG}@db/partnercrm",
    "owner_database_url": f"postgresql+psycopg://partnercrm_owner:{STRONG}@db/partnercrm",
    "secret_key": SecretStr(STRONG),
    "metrics_token": SecretStr(STRONG),
    "insecure_cookies": False,
    "public_url": "https://partners.example",
    "mail_from": "partnercrm <no-reply@partners.example>",
    "smtp_host": "mail.partners.example",
    "smtp_security": "starttls",
    "files_directory": Path(gettempdir()),
}
CHECKS = (
    configuration.connections_given,
    configuration.secrets_strong,
    configuration.cookies_safe,
    configuration.mail_sound,
    configuration.files_kept,
)


def sentences(**planted: Any) -> list[str]:
    given: Settings = settings().model_copy(update=SOUND | planted)
    return [finding.wrong for check in CHECKS for finding in check(given)]


def test_sound_settings_have_nothing_wrong() -> None:
    assert sentences() == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ({"worker_database_url": None}, "The setting worker_database_url is missing."),
        ({"database_url": "mysql://db/x"}, "The setting database_url is not for psycopg."),
        ({"secret_key": None}, "There is no secret key."),
        ({"secret_key": SecretStr("short")}, "The secret key could be guessed."),
        ({"secret_key": SecretStr("ab" * 30)}, "The secret key could be guessed."),
        ({"metrics_token": SecretStr("token")}, "The token for /metrics could be guessed."),
        (
            {"database_url": "postgresql+psycopg://partnercrm_app:secret@db/partnercrm"},
            "The password in database_url could be guessed.",
        ),
        ({"insecure_cookies": True}, "Cookies are sent over plain http, and the web server listens on 127.0.0.1."),
        (
            {"insecure_cookies": True, "environment": "demo", "host": "0.0.0.0"},
            "Cookies are sent over plain http, and the web server listens on 0.0.0.0.",
        ),
        ({"smtp_host": None}, "No mail server is set: notices, invitations and resets stay here."),
        ({"mail_from": None}, "Mails have no sender."),
        ({"public_url": None}, "Links in mails do not lead here over https."),
        ({"public_url": "http://partners.example"}, "Links in mails do not lead here over https."),
        ({"smtp_security": "none"}, "Mail travels in the clear."),
        ({"smtp_user": "partnercrm"}, "The sign-in at the mail server is half set."),
        ({"files_directory": None}, "No folder for files is set: none are taken."),
        ({"files_directory": Path("/nowhere")}, "Files cannot be written to /nowhere: No such file or directory."),
        ({"files_directory": Path(__file__)}, f"Files cannot be written to {__file__}: Not a directory."),
    ],
)
def test_a_planted_fault_is_found(planted: dict[str, Any], found: str) -> None:
    assert sentences(**planted) == [found]


def test_a_demo_on_loopback_may_do_without_tls_and_passwords() -> None:
    url = "postgresql+psycopg://partnercrm_app@/partnercrm?host=/run"

    assert sentences(environment="demo", insecure_cookies=True, database_url=url, files_directory=None) == []
