"""A phone's bad connection: requests and answers get lost, arrive twice, or late and in another order.

What happens to a request is drawn from the phone's own generator. The phone notices nothing but
that an answer came or that it waited in vain.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


class Lost(Exception):
    """No answer came. Whether the server has seen the request is not known."""


@dataclass
class Link:
    """One phone's way to the server; `share` is the part of its requests that something happens to."""

    address: str
    token: str
    pick: random.Random
    share: float = 0.3
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _late: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # a pooled connection to a killed worker is found dead at its next use, as on a phone
        self._client = httpx.Client(
            base_url=f"{self.address}/api/v1",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
            verify=False,  # noqa: S501 - plain HTTP on this machine: no certificates to load
        )

    def post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Send; raises Lost when no answer comes back."""
        fate = self._fate()
        self.seen[fate] += 1
        if fate == "late":
            self._late.append((path, body))
        if fate in ("late", "request lost"):
            self._overtaken()
            raise Lost
        answer = self._send(path, body)
        if fate == "twice":
            self.pick.choice((answer, self._send(path, body)))
        self._overtaken()
        if fate == "answer lost":
            raise Lost
        return answer

    def _fate(self) -> str:
        if self.pick.random() >= self.share:
            return "delivered"
        return self.pick.choice(("request lost", "answer lost", "twice", "late"))

    def _overtaken(self) -> None:
        """Requests that the phone gave up on arrive after later ones, in any order."""
        if self._late and self.pick.random() < 0.3:
            self.deliver_late(self.pick.randint(1, len(self._late)))

    def deliver_late(self, count: int | None = None) -> None:
        """Let late requests arrive (all without `count`); nobody waits for their answers."""
        self.pick.shuffle(self._late)
        for _ in range(len(self._late) if count is None else count):
            path, body = self._late.pop()
            try:
                self._send(path, body)
            except Lost:
                self.seen["late and lost"] += 1

    def _send(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        try:
            answer = self._client.post(path, json=body)
        except httpx.TransportError:
            self.seen["server gone"] += 1
            raise Lost from None
        if answer.status_code >= 500:
            self.faults.append(f"{path} {answer.status_code} {answer.text[:300]}")
            raise Lost
        return answer

    def close(self) -> None:
        """Hang up."""
        self._client.close()
