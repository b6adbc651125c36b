"""Donors and the fund: kinds, and how a donor is named in public. Pure."""

from __future__ import annotations

from enum import StrEnum

UNNAMED = "爱心人士"


class DonorKind(StrEnum):
    """Whether a donor's name is that of a person, which is masked in public."""

    PERSON = "person"
    ORGANISATION = "organisation"


class FundKind(StrEnum):
    """Why the fund changed: a donation, village money, a purchase, or putting an earlier entry right."""

    DONATION = "donation"
    VILLAGE_MONEY = "village_money"
    PURCHASE = "purchase"
    CORRECTION = "correction"


def public_name(name: str, kind: DonorKind, named: bool) -> str:
    """As the donation book shows a donor: `王**` for a person, an organisation in full, or 爱心人士."""
    if not named:
        return UNNAMED
    return name if kind is DonorKind.ORGANISATION else name[:1] + "*" * max(len(name) - 1, 1)
