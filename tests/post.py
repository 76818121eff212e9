"""A mail server of our own on loopback: it speaks enough SMTP, and can refuse, hang up, or offer no encryption."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class PostOffice:
    """What the server was told, and how it is to behave."""

    port: int = 0
    arrived: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    refuses: str = ""
    hangs_up_after: str = ""

    def take(self, message: EmailMessage) -> None:
        """Take a message; its sender still waits for our word."""
        self.arrived.append(message)


class _Desk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        self._say("220 ready")
        for raw in self.rfile:
            line = raw.decode(errors="replace").strip()
            verb = line[:4].upper()
            office.said.append(verb)
            if verb == "QUIT":
                break
            if verb == "EHLO":
                self._say("250-here\r\n250 AUTH PLAIN")
            elif verb == "RCPT" and office.refuses:
                self._say(f"550 {line} {office.refuses}")
            elif verb == "RCPT":
                office.recipients.append(line.partition(":")[2].strip("<>"))
                self._say("250 ok")
            elif verb == "DATA":
                self._take(office)
                if office.hangs_up_after == "DATA":
                    break
                self._say("250 taken")
            elif verb in {"HELO", "MAIL", "RSET", "NOOP", "AUTH"}:
                self._say("235 in" if verb == "AUTH" else "250 ok")
            else:
                self._say("502 unknown")

    def _take(self, office: PostOffice) -> None:
        self._say("354 go on")
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw.removeprefix(b"."))
        office.raw.append(b"".join(lines))
        office.take(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def post_office(office: PostOffice | None = None) -> Iterator[PostOffice]:
    """Run the server during the block."""
    office = office or PostOffice()
    with _Server(("127.0.0.1", 0), _Desk) as server:
        server.office = office  # type: ignore[attr-defined]
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield office
        server.shutdown()
        thread.join()
