"""One person of the demo at work: the same API that phones use, called in this process.

The demo is built by using the system, so whatever the system refuses here it would refuse a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete

from server.kit.transaction import transaction
from server.people.models import Person, SignInSession
from server.people.sign_in import open_session

_FOREVER = 400 * 86400


class Refused(Exception):
    """The system refused what the demo's story takes for granted: status and code as the API gave them."""

    def __init__(self, message: str, status: int, code: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class Office:
    """Everybody's phone, by person id."""

    app: Flask
    now: Callable[[], datetime]
    tokens: dict[str, str] = field(default_factory=dict)

    def sign_in(self, person: Person) -> None:
        """Give the person a session that outlasts the story."""
        with transaction() as session:
            result = open_session(session, person, self.now(), _FOREVER, _FOREVER, "demo")
        self.tokens[person.id] = result.tokens.access_token

    def sign_everybody_out(self) -> None:
        """End the story's sessions."""
        with transaction() as session:
            session.execute(delete(SignInSession))
        self.tokens.clear()

    def get(self, person: str, path: str, **query: Any) -> Any:
        """The answer of a GET."""
        return self._call("GET", person, path, query_string=query)

    def items(self, person: str, path: str, **query: Any) -> list[Any]:
        """All items of a paged list."""
        found: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            answer = self.get(person, path, **query, **({"cursor": cursor} if cursor else {}))
            found += answer["items"]
            cursor = answer.get("next_cursor")
        return found

    def post(self, person: str, path: str, body: Mapping[str, Any]) -> Any:
        """The answer of a POST."""
        return self._call("POST", person, path, json=dict(body))

    def patch(self, person: str, path: str, body: Mapping[str, Any]) -> Any:
        """The answer of a PATCH."""
        return self._call("PATCH", person, path, json=dict(body))

    def delete(self, person: str, path: str) -> Any:
        """The answer of a DELETE."""
        return self._call("DELETE", person, path)

    def _call(self, method: str, person: str, path: str, **kwargs: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        answer = self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **kwargs)
        if answer.status_code >= 400:
            said = f"{method} {path}: {answer.status_code} {answer.get_data(as_text=True)[:400]}"
            problem = answer.get_json(silent=True) or {}
            raise Refused(said, answer.status_code, problem.get("code", ""))
        return answer.get_json(silent=True)
