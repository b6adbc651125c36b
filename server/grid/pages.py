"""The page that a phone's own camera opens from a plate: for a stranger, whatever the phone may know.

It names the village and says how to join; nothing of the household, and nothing that tells a revoked plate
from one that never was. Who is signed in to the phone client on that phone is led on to it by a script.
"""

from __future__ import annotations

from flask import Blueprint, Response

from server.grid import plates
from server.kit.errors import NotFound
from server.kit.transaction import transaction
from server.web.plain import html, plain_page
from server.web.routes import page

blueprint = Blueprint("plate_pages", __name__)

_JOIN = """<p>这是{village}一户人家的积分门牌。</p>
<h2>本村人怎么用</h2>
<ol><li>请村委会或网格员给您发一份邀请，用它取一个用户名和密码。</li>
<li><a href="/m/">登录</a>以后再扫自家的门牌，就能看积分、看每一分的来由。</li></ol>
<h2>没有手机也一样</h2>
<p>积分照记，公示贴在村口；有意见可以当面告诉村委会，由村里代为登记。</p>
<p class="small">不登录的人在这里看不到这户人家的任何情况。</p>"""

_GONE = """<p>没有这块门牌，或者它已经换发作废。</p>
<p>请扫门上的新门牌；门上的就是这一块，请告诉网格员或村委会补发。</p>"""


@page(blueprint, "/h/<token>")
def plate_page(token: str) -> Response:
    """What a stranger sees who scans a plate."""
    try:
        with transaction(writes=False) as session:
            village = plates.find(session, token).village.name
    except NotFound:
        return plain_page("这块门牌不能用了", "积分门牌", html(_GONE), 404)
    body = html(_JOIN, village=village)
    return plain_page(village, "积分门牌", body, script="/static/public/open-plate.js")
