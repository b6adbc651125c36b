"""Unmistakable personal data, planted in every personal column, and the text of whatever comes back.

Owns what is planted and how answers are read; which marker may appear where is the test's.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pypdfium2
from sqlalchemy import insert, update

from server.conduct.models import Record, WeeklyReport
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Household, Member, Person, Village
from server.people.sealing import Seal
from server.settlement.models import Appeal, Objection
from tests.cast import VILLAGE
from tests.guards.permissions.world import World

PHONE, MINORS_PHONE = "13907770001", "13907770002"
PHONES = (PHONE, MINORS_PHONE)
MASKED = "139****0001"
ID_NUMBERS = ("990101196107230017", "990101201503090025")
BIRTH_DATES = ("1961-07-23", "2015-03-09")
HEAD, GROWN_UP, MINOR = "赵标甲", "孙标乙", "赵标幼"
NEIGHBOUR_MINOR = "钱标幼"  # heads a household, so that the notice has a line for it
ADDRESS, WELFARE = "标记路 7777 号", "标记低保"
NOTE, REMARK, OBJECTION = "标记的记录备注", "标记的周报备注", "标记的异议正文"
USERNAME = "marked_user_7777"


def plant(world: World, seal: Seal) -> None:
    """Every personal column of the household `zhao`, and a minor as the head of `qian`."""
    zhao, qian = world.things["household"], world.things["neighbour"]
    with transaction() as session:
        session.execute(update(Village).where(Village.code == VILLAGE).values(names_on_poster=True))
        own = {"head": HEAD, "address": ADDRESS, "flags": [WELFARE]}
        session.execute(update(Household).where(Household.code == zhao).values(**own))
        session.execute(update(Household).where(Household.code == qian).values(head=NEIGHBOUR_MINOR))
        people = (
            (zhao, GROWN_UP, PHONE, ID_NUMBERS[0], date(1961, 7, 23)),
            (zhao, MINOR, MINORS_PHONE, ID_NUMBERS[1], date(2015, 3, 9)),
            (qian, NEIGHBOUR_MINOR, None, None, date(2016, 4, 5)),
        )
        for household, name, phone, number, born in people:
            row = {"household_code": household, "name": name, "birth_date": born, "birth_precision": "day"}
            row |= {"phone_sealed": seal.close(phone), "id_number_sealed": seal.close(number)}
            session.execute(insert(Member).values(id=new_id(), flags=[], **row))
        session.execute(update(Record).where(Record.household_code == zhao).values(note=NOTE))
        session.execute(
            update(WeeklyReport).where(WeeklyReport.village_code == VILLAGE).values(remark=REMARK)
        )
        session.execute(update(Objection).values(text=OBJECTION))
        session.execute(update(Appeal).values(text=OBJECTION))
        person = world.cast.persons["zhao_min"]
        session.execute(update(Person).where(Person.id == person).values(username=USERNAME))


def text_of(body: bytes, kind: str) -> str:
    """What a reader of the answer sees: JSON and pages as they are, PDF by its text, Excel and Word by their parts."""
    if kind.startswith("application/pdf"):
        with pypdfium2.PdfDocument(body) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    if "openxmlformats" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(
                re.sub(r"<[^>]+>", " ", parts.read(n).decode("utf-8", "replace")) for n in parts.namelist()
            )
    return body.decode("utf-8", "replace")
