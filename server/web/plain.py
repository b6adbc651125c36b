"""Plain pages that work on any phone: one card, without script, nothing from another host. Text is escaped."""

from __future__ import annotations

from flask import Response
from markupsafe import Markup, escape

_STYLE = """
:root{--green:#2F7D4F;--press:#256640;--ink:#1F2A24;--ink2:#5B6B62;--line:#E6E3DA;
--brick:#9E3D27;--brick-tint:#FAECE8}
*{box-sizing:border-box;margin:0}
body{background:#FAF8F3;color:var(--ink);padding:24px 16px;
font:400 16px/1.6 "PingFang SC","HarmonyOS Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{max-width:440px;margin:0 auto;background:#fff;border:1px solid var(--line);
border-top:4px solid var(--green);border-radius:12px;padding:20px 20px 24px;
box-shadow:0 1px 2px rgba(31,42,36,.05),0 6px 16px rgba(31,42,36,.05)}
.kick{font-size:14px;font-weight:600;color:var(--press);letter-spacing:.2em}
h1{font-size:28px;line-height:1.3;font-weight:600;margin:2px 0 12px}
h2{font-size:16px;font-weight:600;margin:20px 0 4px}
p+p{margin-top:8px}
ol{padding-left:1.4em}li{margin-top:6px}
.small{font-size:14px;color:var(--ink2);margin-top:20px}
.wrong{background:var(--brick-tint);color:var(--brick);border-radius:8px;padding:10px 14px;margin-bottom:12px}
label{display:block;font-size:14px;color:var(--ink2);margin-top:12px}
input{width:100%;height:44px;border:1px solid var(--line);border-radius:8px;padding:0 12px;font:inherit}
.main{display:block;width:100%;min-height:48px;margin-top:20px;border:0;border-radius:8px;background:var(--green);
color:#fff;font:inherit;font-weight:600;line-height:48px;text-align:center;text-decoration:none}
.main:active{background:var(--press)}
input:focus-visible,.main:focus-visible,a:focus-visible{outline:3px solid #C98A1B;outline-offset:2px}
"""


def html(text: str, **values: object) -> Markup:
    """HTML with `{name}` places, each value escaped unless it is Markup already."""
    frame = Markup(text)  # noqa: S704 - a constant of the caller; the values are escaped
    return frame.format(**{name: escape(value) for name, value in values.items()})


def plain_page(title: str, kicker: str, body: Markup, status: int = 200, script: str = "") -> Response:
    """A page with one card; not for search engines, not to be kept by proxies. It must do without its `script`."""
    whole = html(
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><link rel="icon" href="data:,">'
        "<title>{title}</title><style>{style}</style>{script}</head>"
        '<body><main><p class="kick">{kicker}</p><h1>{title}</h1>{body}</main></body></html>',
        title=title,
        kicker=kicker,
        style=Markup(_STYLE),  # noqa: S704 - a constant of ours
        script=html('<script src="{name}"></script>', name=script) if script else "",
        body=body,
    )
    response = Response(str(whole), status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
