"""The gate behind `python3 run.py test`: every check runs, whatever fails; pytest's summary comes last."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "import importlinter.cli as cli; cli.lint_imports_command()"
CHECKS = {
    "format": ("-m", "ruff", "format", "--check", "--quiet", "."),
    "lint": ("-m", "ruff", "check", "--quiet", "."),
    "imports": ("-c", LINT_IMPORTS, "--no-logo"),
    "types": ("-m", "mypy"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(for_pytest: list[str]) -> int:
    """Run all checks, then pytest with the given arguments; 0 when everything passed."""
    # A shell that runs us in the background has Ctrl-C ignored, and what we start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    checks = {name: begun(check) for name, check in CHECKS.items()}
    chromium = browser() or install_browser()
    failed = [name for name, check in checks.items() if not passes(name, check)]
    if chromium is None:
        failed += ["browser"] if os.environ.get("CI") == "true" else []
        tell("NO BROWSER: there is no Chromium and it could not be installed, so no page is looked at.")
    tell(f"FAILED BEFORE THE TESTS: {', '.join(failed)}" if failed else "All checks before the tests passed.")
    tests = subprocess.run(pytest(for_pytest), cwd=ROOT, env=environment(chromium), check=False)
    return tests.returncode or (1 if failed else 0)


def begun(check: tuple[str, ...]) -> subprocess.Popen[str]:
    """Start a check beside the others: types alone take longer than all the rest, and on one core only."""
    return subprocess.Popen(
        [sys.executable, *check], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def passes(name: str, check: subprocess.Popen[str]) -> bool:
    """Wait for a check and show what it said, each under its name."""
    said, _ = check.communicate()
    tell(name)
    print(said, end="", flush=True)
    return check.returncode == 0


def pytest(chosen: list[str]) -> list[str]:
    """Return the command; a chosen part of the tests cannot reach the coverage that all of them must."""
    required = [] if chosen else ["--cov-fail-under=95"]
    return [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", "--cov", *required, *chosen]


def environment(chromium: str | None) -> dict[str, str]:
    """Return ours for the tests; what they start need not compile every module anew, whatever is set here."""
    found = {"PARTNERCRM_CHROMIUM": chromium} if chromium else {}
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | found


def browser() -> str | None:
    configured = os.environ.get("PARTNERCRM_CHROMIUM")
    return next(filter(None, map(shutil.which, [configured] if configured else BROWSERS)), None)


def install_browser() -> str | None:
    """Install Debian's Chromium where that is allowed without asking for a password."""
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not shutil.which("sudo")):
        return None
    tell("Installing Chromium through apt …")
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run([*apt, *step], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            print(done.stdout[-2000:])
            return None
    return browser()


def tell(sentence: str) -> None:
    print(f"── {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
