"""A mail server on a real socket: enough of RFC 5321 for our client, with failures by script."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self

DROP = "drop"  # the connection is lost instead of an answer


@dataclass
class SmtpServer:
    """``fail("RCPT", "550 5.1.1 unknown")``: the next such command is answered so; BODY is the end of DATA."""

    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    _script: list[tuple[str, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session, bind_and_activate=True)
        self._server.daemon_threads = True
        self._server.house = self  # type: ignore[attr-defined]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def fail(self, command: str, answer: str) -> None:
        self._script.append((command, answer))

    def scripted(self, command: str) -> str | None:
        found = next((one for one in self._script if one[0] == command), None)
        if found is None:
            return None
        self._script.remove(found)
        return found[1]


class _Session(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        self._sender = self._recipient = ""
        if not self._answer("CONNECT", "220 mail.test ESMTP"):
            return
        while line := self.rfile.readline():
            command = line[:4].decode("ascii").upper()
            if not self._command(command, line.decode("ascii").strip()):
                return

    def _command(self, command: str, line: str) -> bool:
        if command == "MAIL":
            self._sender = line.partition("<")[2].partition(">")[0]
        if command == "RCPT":
            self._recipient = line.partition("<")[2].partition(">")[0]
        usual = {"EHLO": "250 mail.test", "DATA": "354 go on", "QUIT": "221 bye"}.get(command, "250 ok")
        if not self._answer(command, usual):
            return False
        if command == "DATA" and self._last.startswith("354"):
            return self._body()
        return command != "QUIT"

    def _body(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        scripted = self._house.scripted("BODY")
        if scripted is None or scripted == DROP:  # taken, though the answer may be lost
            self._house.mails.append(message_from_bytes(b"".join(lines), policy=default))  # type: ignore[arg-type]
            self._house.envelopes.append((self._sender, self._recipient))
        return self._write(scripted or "250 queued")

    def _answer(self, command: str, usual: str) -> bool:
        return self._write(self._house.scripted(command) or usual)

    def _write(self, answer: str) -> bool:
        self._last = answer
        if answer == DROP:
            return False
        self.wfile.write(f"{answer}\r\n".encode())
        return True

    @property
    def _house(self) -> Any:
        return self.server.house  # type: ignore[attr-defined]
