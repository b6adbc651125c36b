"""Samples of the annual evaluation, consents and recommendation lists."""

from __future__ import annotations

from typing import Any

from server.people.access import Permission
from tests.guards.permissions.samples import At, Sample

P = Permission
API = "/api/v1"
E, N, L = f"{API}/evaluations", f"{API}/nominations", f"{API}/recommendation-lists"
TODAY = "2027-01-12"


def _of(name: str) -> dict[str, str]:
    return {"key": f"@{name}"}


_HONOUR: dict[str, Any] = {
    "village": "@village",
    "code": "HBJT",
    "name": "环保家庭",
    "subject": "household",
    "most": 3,
    "citation": "您家爱护环境",
    "conditions": [{"kind": "score_at_least", "points": "100.00"}],
}
_MINUTES = {
    "minutes_number": "评〔2027〕2号",
    "held_on": TODAY,
    "kind": "representatives",
    "attended": 30,
    "results": [{"nomination": "@nomination_voting", "for": 20, "against": 1}],
}
_CONSENT = {"household": "@household", "member": "@member", "purpose": "army"}

SAMPLES = (
    Sample(f"GET {API}/honours", At.BELONGING, query={"village": "@village"}),
    Sample(f"POST {API}/honours", At.VILLAGE, body=_HONOUR),
    Sample(f"GET {E}", At.BELONGING, query={"village": "@village"}),
    Sample(f"POST {E}", At.VILLAGE, body={"village": "@village", "year": 2027}),
    Sample(f"GET {E}/<key>", At.BELONGING, path=_of("evaluation_nominating")),
    Sample(
        f"GET {E}/<key>/candidates", At.VILLAGE, path=_of("evaluation_nominating"), query={"honour": "XJ"}
    ),
    Sample(
        f"POST {E}/<key>/nominations",
        At.BELONGING,
        path=_of("evaluation_nominating"),
        body={"honour": "MLTY", "household": "@household", "reason": "院子干净"},
    ),
    Sample(f"POST {N}/<key>/withdrawal", At.ACCOUNT, path=_of("nomination"), body={"reason": "不参评"}),
    Sample(f"POST {E}/<key>/voting", At.VILLAGE, path=_of("evaluation_nominating")),
    Sample(f"POST {N}/<key>/votes", At.VILLAGE, path=_of("nomination_voting"), body={"vote": "for"}),
    Sample(
        f"POST {E}/<key>/result",
        At.VILLAGE,
        path=_of("evaluation_voting"),
        settled=frozenset({"quorum_missing"}),
    ),
    Sample(f"POST {E}/<key>/minutes", At.VILLAGE, path=_of("evaluation_voting"), body=_MINUTES),
    Sample(
        f"POST {E}/<key>/minutes/confirmation",
        At.VILLAGE,
        path=_of("evaluation_voting"),
        settled=frozenset({"minutes_missing"}),
    ),
    Sample(
        f"POST {E}/<key>/notice",
        At.VILLAGE,
        path=_of("evaluation_resolved"),
        body={"days": 7},
        settled=frozenset({"publisher_alone"}),
    ),
    Sample(f"GET {API}/public/evaluations/<key>", path=_of("evaluation_on_notice")),
    Sample("GET /honours/<key>", path=_of("evaluation_on_notice")),
    Sample(
        f"POST {N}/<key>/objections", At.VILLAGERS, path=_of("nomination_on_notice"), body={"text": "不属实"}
    ),
    Sample(
        f"GET {API}/honour-objections",
        At.HOUSEHOLD,
        query={"evaluation": "@evaluation_on_notice"},
        filtered=True,
    ),
    Sample(
        f"POST {API}/honour-objections/<key>/answer",
        At.VILLAGE,
        path=_of("honour_objection"),
        body={"upheld": False, "reason": "核实无误"},
    ),
    Sample(f"GET {N}/<key>/certificate", At.VILLAGE, path=_of("nomination_awarded")),
    Sample(f"GET {N}/<key>/certificate.pdf", At.VILLAGE, path=_of("nomination_awarded")),
    Sample(f"GET {E}/<key>/certificates.pdf", At.VILLAGE, path=_of("evaluation_awarded")),
    Sample(f"POST {API}/consents", At.ACCOUNT, body=_CONSENT),
    Sample(f"GET {API}/consents", At.ACCOUNT, query={"household": "@household"}, filtered=True),
    Sample(f"POST {API}/consents/<key>/withdrawal", At.ACCOUNT, path=_of("consent")),
    Sample(
        f"POST {L}",
        At.VILLAGE,
        body={"village": "@village", "year": 2027, "purpose": "cadre", "least_score": "1.00"},
        settled=frozenset({"list_empty"}),
    ),
    Sample(f"GET {L}", At.VILLAGE, query={"village": "@village"}, filtered=True),
    Sample(f"GET {L}/<key>", At.VILLAGE, path=_of("list_issued")),
    Sample(f"POST {L}/<key>/confirmation", At.VILLAGE, path=_of("list_draft")),
    Sample(f"POST {L}/<key>/withdrawal", At.VILLAGE, path=_of("list_issued"), body={"reason": "有误"}),
    Sample(f"GET {L}/<key>/list.pdf", At.VILLAGE, path=_of("list_issued")),
    Sample(f"GET {L}/<key>/list.docx", At.VILLAGE, path=_of("list_issued")),
)
