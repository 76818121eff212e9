"""Checks of the settings alone and of the folder they name; nothing is connected to."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Final

from pydantic import SecretStr
from sqlalchemy import make_url

from partnercrm.doctor.findings import Finding
from partnercrm.settings import Settings

SHORTEST_SECRET: Final = 32
SHORTEST_PASSWORD: Final = 16
FEWEST_LETTERS: Final = 10
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
MAKE_ONE: Final = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
URLS: Final = {
    "database_url": "DATABASE_URL, the web server's connection as <prefix>_app",
    "worker_database_url": "PARTNERCRM_WORKER_DATABASE_URL, the worker's connection as <prefix>_worker",
    "owner_database_url": "PARTNERCRM_OWNER_DATABASE_URL, the connection for migrations as <prefix>_owner",
}


def connections_given(given: Settings) -> Iterator[Finding]:
    """Find connections that are not set, or not PostgreSQL's."""
    for name, what in URLS.items():
        url = getattr(given, name)
        if url is None:
            yield Finding(f"The setting {name} is missing.", f"Set {what}.")
        elif not url.startswith("postgresql+psycopg://"):
            yield Finding(f"The setting {name} is not for psycopg.", "Let it begin with postgresql+psycopg://.")


def secrets_strong(given: Settings) -> Iterator[Finding]:
    """Find secrets that are missing or could be guessed."""
    if given.secret_key is None:
        yield Finding("There is no secret key.", f"Set PARTNERCRM_SECRET_KEY to what this prints: {MAKE_ONE}.")
    elif _is_weak(given.secret_key, SHORTEST_SECRET):
        yield Finding("The secret key could be guessed.", f"Replace it by what this prints: {MAKE_ONE}.")
    if given.metrics_token is not None and _is_weak(given.metrics_token, SHORTEST_PASSWORD):
        yield Finding("The token for /metrics could be guessed.", f"Replace it by what this prints: {MAKE_ONE}.")
    for name in URLS:
        url = getattr(given, name)
        password = make_url(url).password if url else None
        if password is not None and _is_weak(SecretStr(str(password)), SHORTEST_PASSWORD):
            yield Finding(
                f"The password in {name} could be guessed.",
                f"Put {SHORTEST_PASSWORD} random characters there and run `partnercrm database prepare`.",
            )


def cookies_safe(given: Settings) -> Iterator[Finding]:
    """Find cookies that would travel in the clear, or proxies nobody declared."""
    if not given.insecure_cookies:
        return
    if given.environment == "production" or given.host not in LOOPBACK:
        yield Finding(
            f"Cookies are sent over plain http, and the web server listens on {given.host}.",
            "Remove PARTNERCRM_INSECURE_COOKIES and put a reverse proxy with TLS in front.",
        )


def mail_sound(given: Settings) -> Iterator[Finding]:
    """Find mail that cannot go out, would go in the clear, or leads people nowhere."""
    if given.environment != "production":
        return
    if given.smtp_host is None:
        yield Finding("No mail server is set: notices, invitations and resets stay here.", "Set PARTNERCRM_SMTP_HOST.")
        return
    if given.mail_from is None:
        yield Finding("Mails have no sender.", "Set PARTNERCRM_MAIL_FROM to an address of your own domain.")
    if given.public_url is None or not given.public_url.startswith("https://"):
        yield Finding("Links in mails do not lead here over https.", "Set PARTNERCRM_PUBLIC_URL to https://your.host.")
    if given.smtp_security == "none" and given.smtp_host not in LOOPBACK:
        yield Finding("Mail travels in the clear.", "Set PARTNERCRM_SMTP_SECURITY to starttls or tls.")
    if (given.smtp_user is None) != (given.smtp_password is None):
        yield Finding(
            "The sign-in at the mail server is half set.", "Set both PARTNERCRM_SMTP_USER and PARTNERCRM_SMTP_PASSWORD."
        )


def files_kept(given: Settings) -> Iterator[Finding]:
    """Find that files put to deals have no folder, or one that whoever asks cannot write to.

    A file is written there and removed: who may write is also a question of the disk and of how it is mounted.
    """
    folder, advice = given.files_directory, "one folder that web servers and workers can write to"
    if folder is None:
        if given.environment == "production":
            yield Finding("No folder for files is set: none are taken.", f"Set PARTNERCRM_FILES_DIRECTORY to {advice}.")
        return
    try:
        with TemporaryFile(dir=folder) as tried:
            tried.write(b"?")
    except OSError as error:
        yield Finding(f"Files cannot be written to {folder}: {error.strerror}.", f"Let it be {advice}.")


def _is_weak(secret: SecretStr, shortest: int) -> bool:
    value = secret.get_secret_value()
    return len(value) < shortest or len(set(value)) < min(FEWEST_LETTERS, shortest)
