"""A village moves to another instance: ledger and seals intact, nobody else's rows, no way in for outsiders."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from server.archive import rows
from server.kit.database import Base
from server.kit.transaction import snapshot, transaction
from server.ledger import api as ledger
from server.messages.models import OutboxRow
from server.people.models import GrantRow, Household, Member, Person, SignInSession, Village
from tests.cast import COUNTY, OTHER_VILLAGE, VILLAGE, Cast
from tests.spare import Place, spare

LEDGER = (
    "ledger_entries",
    "ledger_postings",
    "ledger_seals",
    "ledger_heads",
    "ledger_accounts",
    "tally_lines",
)


def exported(here: Place, folder: Path, village: str = VILLAGE) -> Path:
    file = folder / "village.jifen"
    done = here.run("export", "--village", village, file)
    assert done.exit_code == 0, done.output
    return file


def another_county(cast: Cast, folder: Path) -> Place:
    """An instance of its own, with another administrator."""
    there = spare(cast.app, folder)
    done = there.run("init", "--county", "990202", "白杨县", "--admin", "root")
    assert done.exit_code == 0, done.output
    return there


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_ADMIN_PASSWORD", "shanshui-2026")


def of_village(names: tuple[str, ...], village: str = VILLAGE) -> dict[str, list[object]]:
    with snapshot() as session:
        found: dict[str, list[object]] = {}
        for name in names:
            table = Base.metadata.tables[name]
            found[name] = sorted(rows.read(session, table, table.c.village_code == village), key=repr)
        return found


def test_a_village_arrives_with_its_ledger_and_seals(cast: Cast, here: Place, tmp_path: Path) -> None:
    file = exported(here, tmp_path)
    before = of_village(LEDGER)
    assert before["ledger_seals"] and before["ledger_postings"]
    there = another_county(cast, tmp_path)
    done = there.run("load", file, "--key", here.data / "secret.key")
    assert done.exit_code == 0, done.output
    verified = there.run("ledger", "verify")
    assert verified.exit_code == 0 and "全部吻合" in verified.output
    with there.opened(cast.clock) as other:
        assert of_village(LEDGER) == before
        with transaction(writes=False) as session:
            assert session.scalars(select(Village.code)).all() == [VILLAGE]
            assert session.scalar(select(func.count()).select_from(Household)) == 6
            assert session.scalar(select(func.count()).select_from(SignInSession)) == 0
            assert session.scalar(select(func.count()).select_from(OutboxRow)) == 0
            sealed = session.scalars(
                select(Member.phone_sealed).where(Member.phone_sealed.is_not(None))
            ).one()
            assert other.extensions["jifen_seal"].open(sealed) == "13900001111"
            noted = session.scalars(text("SELECT count(*) FROM decisions")).one()
        assert noted > 0
    assert len(list((there.data / "photos").rglob("*.jpg"))) == 2


def test_outsiders_come_as_names_only(cast: Cast, here: Place, tmp_path: Path) -> None:
    cast.log("wang_fang", "zhao")
    with transaction() as session:
        session.execute(
            text("UPDATE persons SET home = :other WHERE username = 'wang_fang'"), {"other": OTHER_VILLAGE}
        )
    file = exported(here, tmp_path)
    there = another_county(cast, tmp_path)
    assert there.run("load", file, "--key", here.data / "secret.key").exit_code == 0
    with there.opened(cast.clock), transaction(writes=False) as session:
        worker = session.get_one(Person, cast.persons["wang_fang"])
        assert (worker.name, worker.username, worker.disabled) == ("王芳", None, True)
        ends = session.scalars(select(GrantRow.ends_at).where(GrantRow.person_id == worker.id)).all()
        assert ends and None not in ends
        head = session.get_one(Person, cast.persons["head_chen"])
        assert (head.username, head.disabled) == ("head_chen", False)
        names = set(session.scalars(select(Person.name)))
    assert "秦霞" not in names, "nobody of the other village has anything to do here"


def test_a_village_is_loaded_once(cast: Cast, here: Place, tmp_path: Path) -> None:
    file = exported(here, tmp_path)
    assert "已经有" in here.run("load", file).output
    there = another_county(cast, tmp_path)
    key = here.data / "secret.key"
    assert there.run("load", file, "--key", key).exit_code == 0
    again = there.run("load", file, "--key", key)
    assert again.exit_code == 1 and "已经有" in again.output


def test_without_the_key_numbers_stay_out(cast: Cast, here: Place, tmp_path: Path) -> None:
    file = exported(here, tmp_path)
    there = another_county(cast, tmp_path)
    refused = there.run("load", file)
    assert refused.exit_code == 2 and "--key" in refused.output
    assert there.run("load", file, "--without-key").exit_code == 0
    with there.opened(cast.clock), transaction(writes=False) as session:
        assert set(session.scalars(select(Member.phone_sealed))) == {None}


def test_a_user_name_that_is_taken_needs_an_invitation(cast: Cast, here: Place, tmp_path: Path) -> None:
    file = exported(here, tmp_path)
    there = another_county(cast, tmp_path)
    with there.opened(cast.clock), transaction() as session:
        session.execute(text("UPDATE persons SET username = 'head_chen' WHERE username = 'root'"))
    done = there.run("load", file, "--key", here.data / "secret.key")
    assert done.exit_code == 0 and "head_chen" in done.output
    with there.opened(cast.clock), transaction(writes=False) as session:
        assert session.get_one(Person, cast.persons["head_chen"]).username is None


def test_both_villages_one_after_the_other(cast: Cast, here: Place, tmp_path: Path) -> None:
    first = exported(here, tmp_path)
    other = tmp_path / "other.jifen"
    assert here.run("export", "--village", OTHER_VILLAGE, other).exit_code == 0
    there = another_county(cast, tmp_path)
    for file in (first, other):
        done = there.run("load", file, "--key", here.data / "secret.key")
        assert done.exit_code == 0, done.output
    with there.opened(cast.clock), transaction(writes=False) as session:
        assert ledger.verify(session) == []


def test_an_unknown_village_is_named(here: Place, tmp_path: Path) -> None:
    refused = here.run("export", "--village", COUNTY, tmp_path / "x")
    assert refused.exit_code == 1 and COUNTY in refused.output and not (tmp_path / "x").exists()
