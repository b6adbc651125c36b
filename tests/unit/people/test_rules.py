"""Who may give and invite whom, who is a minor: tables, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.people.access import Grant, Place, Role
from server.people.rules import (
    GIVES,
    INVITES,
    SCOPES,
    Level,
    giving_grant,
    inviting_grant,
    is_minor,
    level_of_division,
    username_key,
)
from server.people.sealing import masked_name, masked_phone

START = datetime(2026, 1, 1, tzinfo=UTC)
COUNTY, TOWNSHIP, VILLAGE = "990101000000", "990101101000", "990101101201"
OTHER = "990101101202"


def grant(role: str, scope: str) -> Grant:
    return Grant("g", Role(role), scope, START)


@pytest.mark.parametrize(
    ("giver", "scope", "role", "place", "may"),
    [
        ("committee_head", VILLAGE, "grid_worker", VILLAGE, True),
        ("committee_head", VILLAGE, "committee_member", VILLAGE, True),
        ("committee_head", VILLAGE, "committee_head", VILLAGE, False),
        ("committee_head", VILLAGE, "grid_worker", OTHER, False),
        ("committee_head", VILLAGE, "grid_worker", TOWNSHIP, False),
        ("committee_head", VILLAGE, "auditor", VILLAGE, False),
        ("committee_head", VILLAGE, "admin", VILLAGE, False),
        ("committee_member", VILLAGE, "villager", VILLAGE, False),
        ("township_officer", TOWNSHIP, "committee_head", VILLAGE, True),
        ("township_officer", TOWNSHIP, "township_officer", TOWNSHIP, False),
        ("county_officer", COUNTY, "township_officer", TOWNSHIP, True),
        ("county_officer", COUNTY, "grid_worker", "990102101201", False),
        ("admin", COUNTY, "admin", COUNTY, True),
        ("admin", VILLAGE, "admin", COUNTY, False),
        ("grid_leader", VILLAGE, "grid_worker", VILLAGE, False),
    ],
)
def test_nobody_gives_what_the_own_role_and_scope_do_not_cover(
    giver: str, scope: str, role: str, place: str, may: bool
) -> None:
    found = giving_grant([grant(giver, scope)], Role(role), Place(place))
    assert (found is not None) is may


@pytest.mark.parametrize(
    ("inviter", "held", "may"),
    [
        ("committee_member", ["villager"], True),
        ("committee_member", [], True),
        ("committee_member", ["villager", "grid_worker"], True),
        ("committee_member", ["villager", "panel_member"], False),
        ("committee_member", ["committee_head"], False),
        ("committee_head", ["committee_member", "villager"], True),
        ("committee_head", ["villager", "admin"], False),
        ("township_officer", ["committee_head"], True),
        ("admin", ["admin"], True),
        ("keeper", ["villager"], False),
    ],
)
def test_nobody_invites_those_whose_account_would_be_a_step_up(
    inviter: str, held: list[str], may: bool
) -> None:
    scope = COUNTY if inviter == "admin" else TOWNSHIP if inviter == "township_officer" else VILLAGE
    found = inviting_grant([grant(inviter, scope)], map(Role, held), Place(VILLAGE))
    assert (found is not None) is may


def test_every_role_has_scopes_and_whoever_gives_may_invite_what_was_given() -> None:
    assert set(SCOPES) == set(Role)
    assert all(levels for levels in SCOPES.values())
    assert all(given <= INVITES[giver] for giver, given in GIVES.items())


@pytest.mark.parametrize(
    ("code", "level"), [(COUNTY, Level.COUNTY), (TOWNSHIP, Level.TOWNSHIP), (VILLAGE, Level.VILLAGE)]
)
def test_the_level_of_a_code(code: str, level: Level) -> None:
    assert level_of_division(code) is level


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        (date(2008, 11, 22), False),  # eighteen today
        (date(2008, 11, 23), True),
        (date(2008, 2, 29), False),
        (date(2026, 1, 1), True),
        (date(1950, 1, 1), False),
        (None, False),
    ],
)
def test_minors(born: date | None, minor: bool) -> None:
    assert is_minor(born, date(2026, 11, 22)) is minor


def test_capital_letters_make_no_second_account() -> None:
    assert username_key(" WangFang ") == username_key("wangfang")


def test_masks() -> None:
    assert masked_phone("13812345678") == "138****5678"
    assert masked_phone("0312-6612345") == "031****2345"
    assert masked_phone(None) is None
    assert masked_name("王建国") == "王**"
    assert masked_name("王") == "王*"
