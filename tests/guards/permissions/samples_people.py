"""Samples of places, people, sign-in, households, grids, plates, pages."""

from __future__ import annotations

from tests.guards.permissions.samples import At, Sample
from tests.guards.permissions.world import PASSWORD

_ROLE_RULES = frozenset({"role_above", "own_grant"})

PAGES = (
    Sample("GET /", once=True),
    Sample("GET /api/docs", once=True),
    Sample("GET /api/docs/", once=True),
    Sample("GET /api/docs/assets/<name>", path={"name": "swagger-ui.css"}, once=True),
    Sample("GET /api/openapi.json", once=True),
    Sample("GET /h/<token>", path={"token": "@plate"}, once=True),
    Sample("GET /healthz", once=True),
    Sample("GET /a", once=True),
    Sample("POST /a", files={"code": "@appraisal_code"}, once=True),
    Sample("GET /i/<text>", path={"text": "@invitation"}, once=True),
    Sample(
        "POST /i/<text>",
        path={"text": "@invitation"},
        files={"username": "新来的", "password": PASSWORD},
        once=True,
    ),
    Sample("GET /m", once=True),
    Sample("GET /m/", once=True),
    Sample("GET /m/<path:name>", path={"name": "pages/home/home"}, once=True),
    Sample("GET /console", once=True),
    Sample("GET /console/", once=True),
    Sample("GET /console/<path:name>", path={"name": "signin"}, once=True),
    Sample("GET /metrics", once=True),
    Sample("GET /notices", once=True),
    Sample("GET /notices/<notice_id>", path={"notice_id": "@notice"}, once=True),
    Sample("GET /readyz", once=True),
    Sample("GET /static/<path:name>", path={"name": "start/start.css"}, once=True),
)

SIGN_IN = (
    Sample("GET /api/v1/auth/demo", At.NOWHERE),
    Sample("POST /api/v1/auth/demo", At.NOWHERE, body={"persona": "admin"}),
    Sample("GET /api/v1/demo/clock", At.NOWHERE),
    Sample("POST /api/v1/demo/clock", At.NOWHERE, body={"to": "2027-02-01T08:00:00+08:00"}),
    Sample(
        "POST /api/v1/auth/invitations/accept",
        body={"invitation": "@invitation", "username": "新来的", "password": PASSWORD},
        once=True,
    ),
    Sample("POST /api/v1/auth/password", body={"username": "qian_yun", "password": PASSWORD}, once=True),
    Sample("POST /api/v1/auth/refresh", body={"refresh_token": "@refresh"}, once=True),
    Sample("POST /api/v1/auth/wechat", At.NOWHERE, body={"code": "a-code"}),
    Sample(
        "POST /api/v1/auth/wechat/bind", At.NOWHERE, body={"binding_token": "x", "invitation": "@invitation"}
    ),
    Sample("DELETE /api/v1/me/wechat"),
    Sample("GET /api/v1/me/subscriptions"),
    Sample(
        "POST /api/v1/me/subscriptions",
        body={"answers": [{"kind": "notice_published", "answer": "yes"}]},
        settled=frozenset({"kind_unknown"}),
    ),
    Sample("DELETE /api/v1/auth/session"),
    Sample("GET /api/v1/me"),
    Sample("GET /api/v1/me/totp"),
    Sample("POST /api/v1/me/totp"),
    Sample(
        "POST /api/v1/me/totp/confirmation", body={"otp": "000000"}, settled=frozenset({"totp_not_begun"})
    ),
    Sample("POST /api/v1/me/totp/removal", body={"otp": "000000"}, settled=frozenset({"totp_off"})),
    Sample(
        "PUT /api/v1/me/password",
        body={"password": PASSWORD},
        settled=frozenset({"no_account"}),
    ),
    Sample("GET /api/v1/sessions"),
    Sample("DELETE /api/v1/sessions/<session_id>", At.NOWHERE, path={"session_id": "@session"}),
)

PLACES = (
    Sample("GET /api/v1/divisions", query={"parent": "@township"}),
    Sample("GET /api/v1/villages"),
    Sample("POST /api/v1/villages", At.COUNTY, body={"code": "990101101203", "name": "新槐村"}),
    Sample("GET /api/v1/villages/<code>/settings", At.VILLAGE, path={"code": "@village"}),
    Sample(
        "PATCH /api/v1/villages/<code>/settings",
        At.VILLAGE,
        path={"code": "@village"},
        body={"vote_days": 4},
    ),
    Sample("GET /api/v1/villages/<code>/plates.pdf", At.VILLAGE, path={"code": "@village"}),
    Sample(
        "POST /api/v1/villages/<code>/roster",
        At.VILLAGE,
        path={"code": "@village"},
        files={"file": "roster"},
        settled=frozenset({"extension_lies"}),
    ),
    Sample("GET /api/v1/grids", At.BELONGING, query={"village": "@village"}, filtered=True),
    Sample("POST /api/v1/grids", At.VILLAGE, body={"village": "@village", "name": "北片"}),
    Sample(
        "PUT /api/v1/grids/<grid>/households",
        At.GRID,
        path={"grid": "@grid"},
        body={"households": ["@household"]},
    ),
)

PEOPLE = (
    Sample("GET /api/v1/people", At.VILLAGE, query={"village": "@village"}, filtered=True),
    Sample("POST /api/v1/people", At.VILLAGE, body={"village": "@village", "name": "钱多"}),
    Sample("POST /api/v1/invitations", At.VILLAGE, body={"person": "@person"}, refusals=_ROLE_RULES),
    Sample(
        "POST /api/v1/grants",
        At.VILLAGE,
        body={"person": "@person", "role": "grid_leader", "scope": "@grid"},
        refusals=_ROLE_RULES,
    ),
    Sample("GET /api/v1/stand-ins"),
    Sample(
        "POST /api/v1/stand-ins",
        At.NOWHERE,
        body={"grant": "@new", "person": "@person", "to": "2027-01-12T16:00:00+08:00"},
    ),
    Sample("DELETE /api/v1/stand-ins/<key>", At.NOWHERE, path={"key": "@grant_of_east"}),
    Sample("DELETE /api/v1/grants/<grant>", At.GRID, path={"grant": "@grant_of_east"}, refusals=_ROLE_RULES),
)

HOUSEHOLDS = (
    Sample("GET /api/v1/households", At.HOUSEHOLD, query={"query": "0001"}, filtered=True),
    Sample("POST /api/v1/households", At.VILLAGE, body={"village": "@village", "head": "新户"}),
    Sample("GET /api/v1/households/<code>", At.HOUSEHOLD, path={"code": "@household"}),
    Sample("GET /api/v1/households/<code>/looks", At.HOUSEHOLD, path={"code": "@household"}),
    Sample(
        "PATCH /api/v1/households/<code>",
        At.HOUSEHOLD,
        path={"code": "@household"},
        body={"address": "槐树下"},
    ),
    Sample("GET /api/v1/households/<code>/members", At.HOUSEHOLD, path={"code": "@household"}),
    Sample(
        "POST /api/v1/households/<code>/members",
        At.HOUSEHOLD,
        path={"code": "@household"},
        body={"name": "新成员"},
    ),
    Sample(
        "PATCH /api/v1/households/<code>/members/<member>",
        At.HOUSEHOLD,
        path={"code": "@household", "member": "@member"},
        body={"kinship": "户主"},
    ),
    Sample("GET /api/v1/households/<code>/participation", At.HOUSEHOLD, path={"code": "@household"}),
    Sample(
        "PUT /api/v1/households/<code>/participation",
        At.HOUSEHOLD,
        path={"code": "@household"},
        body={"named": False},
        settled=frozenset({"on_behalf_needed"}),
    ),
    Sample("GET /api/v1/plates/<token>", path={"token": "@plate"}),
    Sample("GET /api/v1/plates/<token>/image.png", At.HOUSEHOLD, path={"token": "@plate"}),
    Sample("POST /api/v1/plates/<household>/reissue", At.HOUSEHOLD, path={"household": "@household"}),
    Sample("GET /api/v1/households/<code>/account", At.ACCOUNT, path={"code": "@household"}),
    Sample("GET /api/v1/households/<code>/statement", At.ACCOUNT, path={"code": "@household"}),
    Sample("GET /api/v1/households/<code>/explanation", At.ACCOUNT, path={"code": "@household"}),
    Sample("GET /api/v1/entries/<id>", At.ACCOUNT, path={"id": "@entry"}),
    Sample("GET /api/v1/inbox"),
    Sample("POST /api/v1/inbox/<key>/read", At.OWN_HOUSEHOLD, path={"key": "@message"}),
    Sample("GET /api/v1/audit", At.VILLAGE, query={"village": "@village"}, filtered=True),
)

SAMPLES = PAGES + SIGN_IN + PLACES + PEOPLE + HOUSEHOLDS
