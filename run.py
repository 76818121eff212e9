"""Set partnercrm up and run it: `python3 run.py demo` needs nothing but Python.

    demo      a running example: database, demo data, web server and job worker
    serve     the web server; where no database is set, an empty installation with one of its own
    worker    the job worker
    migrate   bring the database up to date
    test      every check there is; what follows `--` goes to pytest
    prove     the full-size checks and benchmarks, written to docs/proofs.md

Any other word is a command of partnercrm itself; `help` lists them.
"""

import sys

# An old Python must be able to parse this whole file, or it could not say what is missing.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        f"partnercrm needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
        "Install a newer one and call it by name: python3.11 run.py demo"
    )

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARK = VENV / "partnercrm.installed"
UNFINISHED = "unfinished"
NEEDED_MEGABYTES = 900
OFFLINE = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ProxyError", "from versions: none")


def main(arguments: list[str]) -> None:
    """Make the environment the command needs, then become that command."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        if not arguments or fingerprint("requirements.lock") not in installed():
            return
        arguments = ["--help"]
    command, *rest = arguments
    checking = command in ("test", "prove")
    ensure_environment(("requirements-dev.lock", "requirements.lock") if checking else ("requirements.lock",))
    if command == "test":
        become(str(ROOT / "tests" / "gate.py"), *rest[rest[:1] == ["--"] :])
    elif command == "prove":
        become("-m", "benchmarks.prove", *rest)
    else:
        become("-m", "partnercrm", *arguments)


def become(*arguments: str) -> None:
    """Replace this process by the environment's Python, which finds the checkout from any folder."""
    sys.stdout.flush()
    # Without compiled files each of several processes would compile all of partnercrm whenever it starts.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    os.execve(PYTHON, [str(PYTHON), *arguments], {**kept, "PYTHONPATH": str(ROOT)})


def ensure_environment(locks: tuple[str, ...]) -> None:
    """Make .venv hold what the first of `locks` lists; the others are parts of it. Done before: done."""
    with Path(__file__).open() as itself:
        if fingerprint(locks[0]) in installed():
            return
        fcntl.flock(itself, fcntl.LOCK_EX)
        if fingerprint(locks[0]) in installed():
            return
        try:
            check_room()
            make_venv()
            MARK.write_text(UNFINISHED)
            install(locks[0])
            MARK.write_text("\n".join(fingerprint(lock) for lock in locks))
        except OSError as error:
            sys.exit(because(error))


def fingerprint(lock: str) -> str:
    """Name the contents of a lock file together with the Python they are installed for."""
    return hashlib.sha256((ROOT / lock).read_bytes() + os.fsencode(os.path.realpath(PYTHON))).hexdigest()


def installed() -> list[str]:
    """Return the fingerprints of what .venv holds, or the word that it was left unfinished."""
    return MARK.read_text().split() if MARK.exists() else []


def check_room() -> None:
    """End with a sentence where the environment cannot be made."""
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"The folder {ROOT} is not writable for you, so .venv cannot be made in it.")
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < NEEDED_MEGABYTES:
        sys.exit(f"{ROOT} has {free} MB left; the environment needs {NEEDED_MEGABYTES} MB.")


def make_venv() -> None:
    """Make .venv unless a finished one is there; one that was interrupted is made anew."""
    if UNFINISHED in installed() or not os.access(PYTHON, os.X_OK):
        shutil.rmtree(VENV, ignore_errors=True)
    if VENV.exists():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"This Python comes without venv. On Debian and Ubuntu: apt install python{version}-venv")
    print("Making the environment in .venv …", flush=True)
    VENV.mkdir()
    MARK.write_text(UNFINISHED)
    output(sys.executable, "-m", "venv", str(VENV))


def install(lock: str) -> None:
    """Install exactly the packages of the lock file, each checked against its hash."""
    print(f"Installing {lock}, half a minute or so …", flush=True)
    options = ["--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet"]
    output(str(PYTHON), "-m", "pip", "install", *options, "-r", str(ROOT / lock))


def output(*command: str) -> None:
    """Run a command quietly; where it fails, end with the reason as far as it can be told."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode == 0:
        return
    if os.strerror(errno.ENOSPC) in done.stdout:
        sys.exit(because(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    if any(word in done.stdout for word in OFFLINE):
        sys.exit("The package index cannot be reached. Check the network (or pip's settings) and start again.")
    sys.exit(f"{done.stdout[-4000:]}\nThis failed: {' '.join(command)}")


def because(error: OSError) -> str:
    """Say why the environment could not be made."""
    if error.errno == errno.ENOSPC:
        return f"The disk is full; the environment needs {NEEDED_MEGABYTES} MB below {ROOT}."
    return f"The environment in {VENV} could not be made: {error}"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next start goes on from here.")
