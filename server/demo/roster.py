"""The demo's rosters: written as the Excel sheet that an office would hand in, then imported like any
other.
"""

from __future__ import annotations

import hashlib
import io
import random

import xlsxwriter
from flask import Flask
from sqlalchemy import select

from server.demo.county import HouseholdPlan, VillagePlan, households
from server.kit.clock import SetClock, local_date
from server.kit.transaction import transaction
from server.people.models import Village
from server.people.roster import Order, import_roster, preview
from server.transfer.roster.api import read_roster

_TITLES = (
    "门牌",
    "户主",
    "姓名",
    "与户主关系",
    "性别",
    "出生日期",
    "手机号",
    "政治面貌",
    "户类型",
    "网格",
)


def roster_file(plans: list[HouseholdPlan]) -> bytes:
    """The roster as an .xlsx file, one row a person."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = workbook.add_worksheet("花名册")
    sheet.write_row(0, 0, _TITLES)
    row = 1
    for plan in plans:
        head = plan.members[0]
        for member in plan.members:
            cells = (
                plan.door,
                head.name,
                member.name,
                member.kinship,
                member.sex,
                member.birth,
                member.phone,
                member.political,
                plan.kind,
                plan.grid,
            )
            sheet.write_row(row, 0, cells)
            row += 1
    workbook.close()
    return stream.getvalue()


def import_village(app: Flask, plan: VillagePlan, rng: random.Random, clock: SetClock) -> None:
    """Import the village's roster; every row must be acceptable."""
    content = roster_file(households(plan, rng))
    digest = hashlib.sha256(content).hexdigest()
    reading = read_roster(content, plan.code, local_date(clock.now()), filename="roster.xlsx")
    seal = app.extensions["jifen_seal"]
    with transaction() as session:
        village = session.scalars(select(Village).where(Village.code == plan.code)).one()
        seen = preview(session, village, reading, digest, seal)
        order = Order(reading, digest, seen.plan_hash)
        import_roster(session, None, village, order, seal, clock.now())
