"""A mail server on loopback for tests: it keeps what it takes, and fails in the ways real ones do."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

# What the server does: take everything; answer RCPT or DATA with a code; hang up while it takes the letter, or after it
# took it without a word; never answer; not offer STARTTLS.
Manner = Literal["good", "rcpt 550", "rcpt 451", "data 554", "hang up", "take and hang up", "silent", "mail 451"]


@dataclass
class PostOffice:
    """The server's address, manner and what it took."""

    manner: Manner = "good"
    port: int = 0
    taken: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    talks: int = 0


class _Talk(socketserver.StreamRequestHandler):
    office: PostOffice

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        office = self.office
        office.talks += 1
        if office.manner == "silent":
            self.rfile.readline()
            return
        self.say("220 post office")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].split(":")[0].upper()
            if word == "EHLO":
                self.say("250 post office")
            elif word == "MAIL":
                self.say("451 busy" if office.manner == "mail 451" else "250 ok")
            elif word == "RCPT":
                office.recipients.append(line)
                self.say({"rcpt 550": "550 no such box", "rcpt 451": "451 later"}.get(office.manner, "250 ok"))
            elif word == "DATA":
                if not self.data():
                    return
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def data(self) -> bool:
        office = self.office
        if office.manner == "data 554":
            self.say("554 not this one")
            return True
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            if office.manner == "hang up":
                return False
            lines.append(line)
        office.taken.append("".join(lines))
        if office.manner == "take and hang up":
            return False
        self.say("250 taken")
        return True


@contextmanager
def post_office(manner: Manner = "good") -> Iterator[PostOffice]:
    """Run a mail server in a thread."""
    office = PostOffice(manner)
    handler = type("Talk", (_Talk,), {"office": office})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
