"""The mailbox shows everybody's mails to anybody: it is there in the demo and nowhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from partnercrm.kernel import mail
from partnercrm.kernel.mail import Mailbox
from partnercrm.settings import ROOT
from tests.kernel.test_mail import LETTER, SENDER, send

PATHS = ("/mailbox", "/mailbox/{name}", "/mailbox/{name}/html", "/mailbox/nothing")
ASK = """
import sys
from partnercrm.app import create_app
app = create_app()
for path in sys.argv[1:]:
    answer = app.test_client().get(path)
    print(answer.status_code, "gina@globex.example" in answer.text, "Look here." in answer.text)
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A folder with one mail in it, and the mail's name."""
    monkeypatch.setattr(mail, "_way", None)
    box = Mailbox(tmp_path, SENDER)
    mail.through(box)
    send(*LETTER, message_id="n-1")
    return tmp_path, next(iter(box.messages()))


def asked(environment: str, kept: tuple[Path, str]) -> list[str]:
    """Ask an application of this environment for every page of the mailbox; nobody is signed in."""
    folder, name = kept
    given = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PARTNERCRM_ENVIRONMENT": environment,
        "PARTNERCRM_MAILBOX_DIRECTORY": str(folder),
        "PARTNERCRM_MAIL_FROM": SENDER,
    }
    paths = [path.format(name=name) for path in PATHS]
    ran = subprocess.run([sys.executable, "-c", ASK, *paths], env=given, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


def test_in_the_demo_anybody_reads_every_mail(app: Flask, kept: tuple[Path, str]) -> None:
    assert asked("demo", kept) == ["200 True False", "200 True True", "200 False True", "404 False False"]


@pytest.mark.parametrize("environment", ["production", "test"])
def test_elsewhere_there_is_no_such_page(app: Flask, kept: tuple[Path, str], environment: str) -> None:
    assert asked(environment, kept) == ["404 False False"] * 4
