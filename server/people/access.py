"""Who may do what where: the roles, the one permission table, and the actor that carries both.

Pure: no database, no clock, no request. A permission names an act; the table says which roles may do it; a
grant's
scope says where. Everything that is not in the table is denied. What somebody may not know of looks like
what does
not exist: `Actor.at` raises NotFound, never NotAllowed, for a place outside the scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.kit.errors import NotAllowed, NotFound


class Role(StrEnum):
    """The roles of spec 05; a grant gives one of them for a scope and a time."""

    VILLAGER = "villager"
    GRID_WORKER = "grid_worker"
    GRID_LEADER = "grid_leader"
    CHIEF_GRID_LEADER = "chief_grid_leader"
    PANEL_MEMBER = "panel_member"
    COMMITTEE_MEMBER = "committee_member"
    COMMITTEE_HEAD = "committee_head"
    KEEPER = "keeper"
    SUPERVISOR = "supervisor"
    TOWNSHIP_OFFICER = "township_officer"
    COUNTY_OFFICER = "county_officer"
    ASSESSOR = "assessor"
    AUDITOR = "auditor"
    ADMIN = "admin"


R = Role
COMMITTEE = frozenset({R.COMMITTEE_MEMBER, R.COMMITTEE_HEAD})
GRID_PEOPLE = frozenset({R.GRID_WORKER, R.GRID_LEADER, R.CHIEF_GRID_LEADER})
ABOVE = frozenset({R.TOWNSHIP_OFFICER, R.COUNTY_OFFICER})
OVERSIGHT = frozenset({R.SUPERVISOR, R.AUDITOR})
OFFICE = COMMITTEE | ABOVE | {R.ADMIN}
VILLAGE_WORK = GRID_PEOPLE | COMMITTEE | {R.PANEL_MEMBER}
ANYONE = frozenset(Role)


class Permission(StrEnum):
    """The acts that routes and services ask for. Its roles stand in `TABLE`."""

    # people and places
    PLACES_READ = "places.read"
    PLACES_MANAGE = "places.manage"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    ROLES_GRANT = "roles.grant"
    HOUSEHOLD_READ = "household.read"
    HOUSEHOLD_FILE = "household.file"
    HOUSEHOLD_MANAGE = "household.manage"
    HOUSEHOLD_LOOKS = "household.looks"
    HOUSEHOLD_CHOOSE = "household.choose"
    GRID_MANAGE = "grid.manage"
    ROSTER_IMPORT = "roster.import"
    PLATE_PRINT = "plate.print"
    SETTINGS_READ = "settings.read"
    SETTINGS_MANAGE = "settings.manage"
    OWN = "own"
    # rulebook
    RULEBOOK_READ = "rulebook.read"
    RULEBOOK_DRAFT = "rulebook.draft"
    RULEBOOK_ADOPT = "rulebook.adopt"
    # records
    RECORD_ADD = "record.add"
    RECORD_LOG = "record.log"
    RECORD_DECLARE = "record.declare"
    RECORD_READ = "record.read"
    RECORD_REVIEW = "record.review"
    RECORD_REPLY = "record.reply"
    MEETING_DECIDE = "record.meeting_decide"
    REPORT_READ = "report.read"
    REPORT_SUBMIT = "report.submit"
    PHOTO_ADD = "photo.add"
    PHOTO_READ = "photo.read"
    # month
    TALLY_READ = "tally.read"
    TALLY_VOTE = "tally.vote"
    TALLY_RESOLVE = "tally.resolve"
    OPENING_IMPORT = "opening.import"
    NOTICE_READ = "notice.read"
    NOTICE_PUBLISH = "notice.publish"
    OBJECTION_MAKE = "objection.make"
    OBJECTION_READ = "objection.read"
    OBJECTION_ANSWER = "objection.answer"
    APPEAL_MAKE = "appeal.make"
    APPEAL_READ = "appeal.read"
    APPEAL_ANSWER = "appeal.answer"
    COMPLAINT_READ = "complaint.read"
    COMPLAINT_ANSWER = "complaint.answer"
    FAIRNESS_READ = "fairness.read"
    BURDEN_READ = "burden.read"
    # honours and recommendations
    HONOUR_READ = "honour.read"
    HONOUR_NOMINATE = "honour.nominate"
    HONOUR_MANAGE = "honour.manage"
    HONOUR_VOTE = "honour.vote"
    HONOUR_SPEAK = "honour.speak"
    RECOMMENDATION_READ = "recommendation.read"
    RECOMMENDATION_MANAGE = "recommendation.manage"
    # accounts
    ACCOUNT_READ = "account.read"
    EXPLANATION_READ = "explanation.read"
    RANKING_READ = "ranking.read"
    LEDGER_REVERSE = "ledger.reverse"
    # running the instance
    CYCLES_READ = "cycles.read"
    CYCLES_RUN = "cycles.run"
    AUDIT_READ = "audit.read"
    # shop
    GOODS_READ = "goods.read"
    SHOP_READ = "shop.read"
    SHOP_KEEP = "shop.keep"
    SHOP_MANAGE = "shop.manage"
    RESERVE = "shop.reserve"
    CARD_BLOCK = "shop.card_block"
    # grid work
    VISIT_LOG = "visit.log"
    VISIT_READ = "visit.read"
    COVERAGE_READ = "coverage.read"
    FACT_WRITE = "fact.write"
    EVENT_REPORT = "event.report"
    EVENT_READ = "event.read"
    EVENT_HANDLE = "event.handle"
    EVENT_FIGURES = "event.figures"
    # assessments
    ASSESSMENT_MANAGE = "assessment.manage"
    ASSESSMENT_READ = "assessment.read"
    ASSESSMENT_OVERSEE = "assessment.oversee"


P = Permission
TABLE: dict[Permission, frozenset[Role]] = {
    P.PLACES_READ: ANYONE,
    P.PLACES_MANAGE: ABOVE | {R.ADMIN},
    P.PEOPLE_READ: OFFICE,
    P.PEOPLE_MANAGE: OFFICE,
    P.ROLES_GRANT: ABOVE | {R.COMMITTEE_HEAD, R.ADMIN},
    P.HOUSEHOLD_READ: VILLAGE_WORK | OVERSIGHT | ABOVE | {R.VILLAGER, R.KEEPER, R.ADMIN},
    # birth dates, welfare, minors' names: the family itself and those who keep its file
    P.HOUSEHOLD_FILE: GRID_PEOPLE | COMMITTEE | {R.VILLAGER, R.ADMIN},
    P.HOUSEHOLD_MANAGE: COMMITTEE | {R.ADMIN},
    # who looked at a household's file: the family itself and those who watch over the others
    P.HOUSEHOLD_LOOKS: OVERSIGHT | {R.VILLAGER},
    # to take part or not, to be named or not: the household itself, or the committee with its signed slip
    P.HOUSEHOLD_CHOOSE: COMMITTEE | {R.VILLAGER},
    P.GRID_MANAGE: COMMITTEE | ABOVE | {R.ADMIN},
    P.ROSTER_IMPORT: COMMITTEE | {R.ADMIN},
    P.PLATE_PRINT: COMMITTEE | {R.ADMIN},
    P.SETTINGS_READ: VILLAGE_WORK | OVERSIGHT | OFFICE,
    P.SETTINGS_MANAGE: COMMITTEE | {R.ADMIN},
    P.OWN: ANYONE,
    P.RULEBOOK_READ: ANYONE,
    P.RULEBOOK_DRAFT: COMMITTEE | {R.ADMIN},
    P.RULEBOOK_ADOPT: COMMITTEE | {R.ADMIN},
    # logging or declaring: which of the two it is depends on the household
    P.RECORD_ADD: VILLAGE_WORK | {R.VILLAGER},
    # a rulebook may name panel members as loggers; they then step aside from the review
    P.RECORD_LOG: VILLAGE_WORK,
    P.RECORD_DECLARE: frozenset({R.VILLAGER}),
    P.RECORD_READ: VILLAGE_WORK | OVERSIGHT | {R.VILLAGER},
    P.RECORD_REVIEW: frozenset({R.PANEL_MEMBER}),
    P.RECORD_REPLY: frozenset({R.VILLAGER}),
    P.MEETING_DECIDE: COMMITTEE,
    P.REPORT_READ: VILLAGE_WORK | OVERSIGHT,
    P.REPORT_SUBMIT: frozenset({R.GRID_LEADER, R.CHIEF_GRID_LEADER}),
    P.PHOTO_ADD: VILLAGE_WORK | {R.VILLAGER, R.KEEPER},
    P.PHOTO_READ: VILLAGE_WORK | OVERSIGHT | {R.VILLAGER},
    P.TALLY_READ: VILLAGE_WORK | OVERSIGHT | ABOVE,
    P.TALLY_VOTE: COMMITTEE,
    P.OPENING_IMPORT: COMMITTEE | {R.ADMIN},
    P.TALLY_RESOLVE: COMMITTEE,
    # names (desensitised) and sums by heading; numbers and totals are public
    P.NOTICE_READ: VILLAGE_WORK | OVERSIGHT | ABOVE | {R.VILLAGER, R.KEEPER},
    P.NOTICE_PUBLISH: COMMITTEE,
    P.OBJECTION_MAKE: COMMITTEE | {R.VILLAGER},
    P.OBJECTION_READ: COMMITTEE | OVERSIGHT | ABOVE | {R.VILLAGER},
    P.OBJECTION_ANSWER: COMMITTEE | {R.TOWNSHIP_OFFICER},
    # hints are for those who watch over the programme; nobody is ranked by them
    P.FAIRNESS_READ: frozenset({R.SUPERVISOR, R.PANEL_MEMBER}),
    # what logging costs: also for those who could make the programme lighter
    P.BURDEN_READ: COMMITTEE | {R.SUPERVISOR, R.PANEL_MEMBER},
    # which of them answers which one is said by its tier; making one is everybody's own
    P.COMPLAINT_READ: COMMITTEE | ABOVE | {R.SUPERVISOR},
    P.COMPLAINT_ANSWER: COMMITTEE | ABOVE,
    P.HONOUR_READ: VILLAGE_WORK | OVERSIGHT | ABOVE | {R.VILLAGER},
    P.HONOUR_NOMINATE: VILLAGE_WORK | {R.VILLAGER},
    # which honours there are, who fulfils the conditions, the steps of the year, the certificates
    P.HONOUR_MANAGE: COMMITTEE,
    P.HONOUR_VOTE: COMMITTEE,
    # to decline a nomination, to give a consent and to take it back: the household, or on its behalf
    P.HONOUR_SPEAK: COMMITTEE | {R.VILLAGER},
    # names of people who consented, for those who may be advised
    P.RECOMMENDATION_READ: COMMITTEE | ABOVE,
    P.RECOMMENDATION_MANAGE: COMMITTEE,
    # against what was posted: the household itself, or the committee on its behalf
    P.APPEAL_MAKE: COMMITTEE | {R.VILLAGER},
    P.APPEAL_READ: COMMITTEE | OVERSIGHT | ABOVE | {R.VILLAGER},
    P.APPEAL_ANSWER: COMMITTEE | {R.TOWNSHIP_OFFICER},
    P.ACCOUNT_READ: COMMITTEE | OVERSIGHT | {R.VILLAGER, R.KEEPER},
    # an account opened down to its records: for those who may read both
    P.EXPLANATION_READ: COMMITTEE | OVERSIGHT | {R.VILLAGER},
    P.RANKING_READ: ANYONE,
    P.LEDGER_REVERSE: COMMITTEE,
    P.CYCLES_READ: OFFICE | {R.AUDITOR},
    P.CYCLES_RUN: frozenset({R.ADMIN}),
    P.AUDIT_READ: frozenset({R.AUDITOR}),
    P.GOODS_READ: ANYONE,
    # movements, counts, fund and cover: those who run the shop and those who watch over it
    P.SHOP_READ: COMMITTEE | OVERSIGHT | ABOVE | {R.KEEPER},
    P.SHOP_KEEP: frozenset({R.KEEPER}),
    P.SHOP_MANAGE: COMMITTEE | {R.KEEPER},
    P.RESERVE: frozenset({R.VILLAGER}),
    # a lost points card: whoever of the household or the shop hears of it first
    P.CARD_BLOCK: COMMITTEE | {R.KEEPER, R.VILLAGER},
    P.VISIT_LOG: GRID_PEOPLE,
    # who came to one's door, and what for
    P.VISIT_READ: GRID_PEOPLE | COMMITTEE | {R.VILLAGER},
    P.COVERAGE_READ: GRID_PEOPLE | COMMITTEE | OVERSIGHT | ABOVE,
    P.FACT_WRITE: GRID_PEOPLE | COMMITTEE,
    P.EVENT_REPORT: GRID_PEOPLE | COMMITTEE | {R.VILLAGER},
    P.EVENT_READ: GRID_PEOPLE | COMMITTEE | ABOVE | {R.VILLAGER},
    P.EVENT_HANDLE: GRID_PEOPLE | COMMITTEE | {R.TOWNSHIP_OFFICER},
    # sums only, nobody's matter
    P.EVENT_FIGURES: GRID_PEOPLE | COMMITTEE | ABOVE | OVERSIGHT,
    # setting up and running a cycle; who scores, and who is assessed, is known by the cycle itself
    P.ASSESSMENT_MANAGE: ABOVE | {R.ADMIN},
    # the process, never an anonymous sheet
    P.ASSESSMENT_READ: ABOVE | OVERSIGHT | {R.ADMIN},
    # reports about a person, and who made them
    P.ASSESSMENT_OVERSEE: frozenset({R.SUPERVISOR}),
}


@dataclass(frozen=True)
class Place:
    """Where an act happens: a division (12 digits), optionally one grid or household (16 digits) of that
    village.
    """

    division: str
    grid: str | None = None
    household: str | None = None


@dataclass(frozen=True)
class Grant:
    """One role for one scope and time. `scope` is a division code, a grid id or a household code.

    `away` are the times for which the role is lent to somebody else: it rests then. `stands_in_for` is the
    name of the person whose role this is, where it is lent.
    """

    id: str
    role: Role
    scope: str
    starts_at: datetime
    ends_at: datetime | None = None
    away: tuple[tuple[datetime, datetime], ...] = ()
    stands_in_for: str | None = None

    def in_force(self, now: datetime) -> bool:
        if any(start <= now < end for start, end in self.away):
            return False
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def covers(self, place: Place) -> bool:
        """Whether the scope contains `place`: a division all below it, a grid or a household itself."""
        if len(self.scope) == 12:
            return place.division.startswith(division_prefix(self.scope))
        return self.scope in (place.grid, place.household)


def division_prefix(code: str) -> str:
    """The significant digits of a 12-digit division code: 6 for a county, 9 for a township, 12 for a
    village.
    """
    if code.endswith("000000"):
        return code[:6]
    return code[:9] if code.endswith("000") else code


@dataclass(frozen=True)
class Actor:
    """The person of a request, with the grants in force at its instant."""

    person: str
    name: str
    household: str | None
    grants: tuple[Grant, ...]
    session: str | None = None

    def grants_for(self, permission: Permission) -> Iterable[Grant]:
        """The grants under which this permission is held, somewhere."""
        roles = TABLE.get(permission, frozenset())
        return [grant for grant in self.grants if grant.role in roles]

    def anywhere(self, permission: Permission) -> None:
        """Raises NotAllowed unless some grant holds the permission, wherever that is."""
        if permission is not Permission.OWN and not self.grants_for(permission):
            raise NotAllowed()

    def grant_at(self, permission: Permission, place: Place) -> Grant | None:
        """The grant under which this permission is held at `place`, if any."""
        return next((grant for grant in self.grants_for(permission) if grant.covers(place)), None)

    def at(self, permission: Permission, place: Place) -> Grant:
        """The grant under which the act is done (decisions store its id); NotFound outside the scope."""
        grant = self.grant_at(permission, place)
        if grant is None:
            self.anywhere(permission)
            raise NotFound()
        return grant
