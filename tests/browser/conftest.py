"""A real Chromium in front of a real server on the test's own database."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.cast import PASSWORD, Cast

NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE: Final = Axe().axe_script
JUDGED: Final = "options => axe.run(options).then(found => found.violations)"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

Light = Literal["light", "dark"]

PROVE: Final = os.environ.get("PARTNERCRM_PROVE") == "1"
# Width, light, and what axe judges there: structure is the same on every screen, so in the gate it is judged on one.
SCREENS: Final[dict[str, tuple[int, Light, dict[str, object]]]] = {
    "desktop": (1280, "light", {}),
    "dark": (1024, "dark", {"runOnly": ["color-contrast"]}),
    "phone": (320, "light", {} if PROVE else {"runOnly": ["scrollable-region-focusable"]}),
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's browser; without one the journeys are skipped, in continuous integration they fail."""
    path = os.environ.get("PARTNERCRM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium on this machine.")
        pytest.skip("There is no Chromium on this machine: no page was looked at.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask, cast: Cast) -> Iterator[str]:
    """Where the application is served for this test."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


STICKING_OUT = (
    "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth)"
    ".map(e => e.outerHTML.slice(0, 120)).slice(-3)"
)


@dataclass
class Visit:
    """One person's browser; remembers what the browser complained about."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, email: str) -> "Visit":
        """Sign in as one of the cast."""
        self.go("/sign-in")
        self.page.get_by_label("Work e-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name="Good day").wait_for()
        return self

    def look(self) -> None:
        """Fail when the present page is hard to use on any screen, for a screen reader, or by the content policy."""
        before = self.page.viewport_size
        self.page.evaluate(AXE)
        for screen, (width, light, options) in SCREENS.items():
            self.page.set_viewport_size({"width": width, "height": 800})
            self.page.emulate_media(color_scheme=light, reduced_motion="reduce")
            self._judge(f"{self.page.url.removeprefix(self.address)} ({screen})", options)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(before or {"width": 1280, "height": 800})

    def _judge(self, where: str, options: dict[str, object]) -> None:
        found = self.page.evaluate(JUDGED, {"resultTypes": ["violations"], **options})
        flaws = [f"{flaw['id']}: {flaw['nodes'][0]['html'][:200]}" for flaw in found]
        assert not flaws, f"{where}: {flaws}"
        size = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert size[0] <= size[1], f"{where} is wider than the screen: {size} {self.page.evaluate(STICKING_OUT)}"
        cut = self.page.evaluate(
            "[...document.querySelectorAll('.table:not([tabindex])')].filter(t => t.scrollWidth > t.clientWidth).length"
        )
        assert cut == 0, f"{where}: {cut} tables are cut off"
        assert not self.complaints, f"{where}: {self.complaints}"


Visitor = Callable[..., Visit]


@pytest.fixture
def visitor(chromium: Browser, address: str) -> Iterator[Visitor]:
    """Let somebody visit the site; options are those of a browser context (viewport, colours, scripts)."""
    contexts: list[BrowserContext] = []

    def visit(**options: object) -> Visit:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(10_000)
        found = Visit(address, context, context.new_page())
        found.page.on("console", lambda said: said.type == "error" and found.complaints.append(said.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        return found

    yield visit
    for context in contexts:
        context.close()
