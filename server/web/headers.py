"""Headers of every answer: security (pages load nothing from other hosts and run no inline script), and what time it
is here, by which a phone whose clock is wrong still knows the day.
"""

from __future__ import annotations

from flask import Flask, Response, g

from server.kit.clock import iso

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOW = "Jifen-Now"


def install(app: Flask) -> None:
    """Add the headers where the answer does not set its own."""
    secure = app.extensions["jifen_settings"].public_url.startswith("https://")

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "request_now" in g:  # the instant for which the route answered
            response.headers[NOW] = iso(g.request_now)
        return response
