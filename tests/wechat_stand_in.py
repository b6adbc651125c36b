"""A server that behaves as WeChat documents it: tokens that run out, codes on demand, requests that are remembered."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse


@dataclass
class Wechat:
    """What the stand-in knows and has seen. `answers`: error codes for the next sends; `drop`: lost answers;
    `code_answers`: error codes for the next sign-ins. A code is good once, and its open id is `o-` and what stands
    before the code's first dash.
    """

    token: str = ""
    fetched: list[bool] = field(default_factory=list)
    arrived: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    token_answers: list[int] = field(default_factory=list)
    code_answers: list[int] = field(default_factory=list)
    used_codes: set[str] = field(default_factory=set)
    drop: int = 0
    address: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def expire(self) -> None:
        """The token that was given out is no longer good."""
        self.token = "expired-on-the-server"

    def answer(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any] | None:
        """The answer to one request; None: the connection is closed without one."""
        with self.lock:
            if path == "/cgi-bin/stable_token":
                return self._give_token(body)
            if path == "/sns/jscode2session":
                return self._tell_who(query)
            if query.get("access_token", [""])[0] != self.token:
                return {"errcode": 40001, "errmsg": "invalid credential"}
            code = self.answers.pop(0) if self.answers else 0
            if code == 0:
                self.arrived.append(body)
            if self.drop:
                self.drop -= 1
                return None
            return {"errcode": code, "errmsg": "ok" if code == 0 else "refused"}

    def _tell_who(self, query: dict[str, list[str]]) -> dict[str, Any] | None:
        given = {name: query.get(name, [""])[0] for name in ("appid", "secret", "js_code", "grant_type")}
        if self.drop:
            self.drop -= 1
            return None
        checks = (
            (bool(self.code_answers), self.code_answers[0] if self.code_answers else 0),
            (given["appid"] != "wx1" or given["grant_type"] != "authorization_code", 40013),
            (given["secret"] != "s", 40125),
            (given["js_code"] == "bad", 40029),
            (given["js_code"] in self.used_codes, 40163),
        )
        code = next((code for refused, code in checks if refused), 0)
        del self.code_answers[:1]
        if code:
            return {"errcode": code, "errmsg": "refused"}
        self.used_codes.add(given["js_code"])
        name = given["js_code"].partition("-")[0]
        return {"openid": f"o-{name}", "session_key": "never kept"}

    def _give_token(self, body: dict[str, Any]) -> dict[str, Any]:
        code = self.token_answers.pop(0) if self.token_answers else 0
        if code:
            return {"errcode": code}
        self.fetched.append(bool(body["force_refresh"]))
        self.token = f"token-{len(self.fetched)}"
        return {"access_token": self.token, "expires_in": 7200}


@contextmanager
def wechat() -> Iterator[Wechat]:
    """The stand-in on a free port of this machine."""
    state = Wechat()

    class Handler(BaseHTTPRequestHandler):
        """Hands every request to the state."""

        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            self._reply(json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}"))

        def _reply(self, body: dict[str, Any]) -> None:
            url = urlparse(self.path)
            found = state.answer(url.path, parse_qs(url.query), body)
            if found is None:
                self.close_connection = True
                self.connection.close()
                return
            content = json.dumps(found).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
