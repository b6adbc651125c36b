"""The lawful-rights guard: what no village may put into its rulebook, whoever voted for it.

Owns the verdicts; `guard_reading` reads sentences, `guard_words` knows the words. Called by
`validation.validate` and not to be switched off. It reads by the meaning of kind and consequence, not by a
word alone: a deduction for petitioning is refused, helping a neighbour with a certificate is fine (a
positive item that mentions such a word gets a warning), obstructing somebody's petition may cost points.
Source: spec 01, Rulebook.
"""

from __future__ import annotations

from collections.abc import Iterator

from server.rulebook import guard_reading as reading
from server.rulebook import guard_words as words
from server.rulebook.findings import Finding, Level
from server.rulebook.items import Item, ItemKind, Rulebook

LAW = words.VILLAGE_LAW
_FINE_LAW = "《行政处罚法》第十七条：处罚只由有权的行政机关实施，村里不能罚款。"


def inspect(rulebook: Rulebook) -> list[Finding]:
    """Every breach (error) and every place to look at again (warning), in the order of the document."""
    findings: list[Finding] = []
    for index, text in enumerate(rulebook.consequences):
        findings += _inspect_consequence("", "细则的结果运用", f"consequences.{index}", text)
    for index, item in enumerate(rulebook.items):
        findings += inspect_item(item, f"items.{index}")
    return findings


def inspect_item(item: Item, path: str) -> list[Finding]:
    """The guard's findings on one item; `path` is its place in the document, such as `items.3`."""
    label = f"{item.code} {item.name}"
    findings: list[Finding] = []
    for field, text in (("name", item.name), ("explanation", item.explanation)):
        findings += withholds_entitlement(item.code, label, f"{path}.{field}", text, is_consequence=False)
        if item.kind is not ItemKind.POSITIVE:
            findings += fines_money(item.code, label, f"{path}.{field}", text, is_consequence=False)
    for index, text in enumerate(item.consequences):
        findings += _inspect_consequence(item.code, label, f"{path}.consequences.{index}", text)
    for rule in (
        deducts_for_petitioning,
        deducts_for_complaining,
        deducts_for_reporting,
        deducts_for_speech,
        deducts_for_religion,
        deducts_for_child_bearing,
        deducts_for_voting,
        names_superstition,
        mentions_right,
    ):
        findings += rule(item, path)
    return findings


def _inspect_consequence(code: str, label: str, path: str, text: str) -> Iterator[Finding]:
    refused = [
        *withholds_entitlement(code, label, path, text, is_consequence=True),
        *fines_money(code, label, path, text, is_consequence=True),
        *punishes_use_of_right(code, label, path, text),
    ]
    yield from refused
    if not refused:
        yield from prefers_by_points(code, label, path, text)
        yield from goes_beyond_rewards(code, label, path, text)


def withholds_entitlement(
    code: str, label: str, path: str, text: str, *, is_consequence: bool
) -> Iterator[Finding]:
    """What law or contract gives is not withheld, cut or made to wait for points."""
    for clauses in reading.sentences(text):
        named = reading.withheld(clauses, is_consequence=is_consequence)
        if named is None and is_consequence and reading.cut_off(clauses):
            named = "水电"
        if named is not None:
            quoted = "，".join(clauses)
            said = (
                f"{label}：{named}是法律、政策或合同给的，不能因积分停、扣、缓或设条件（“{quoted}”）。{LAW}"
            )
            remedy = "删去这一句；积分只用于奖励、荣誉和教育。"
            yield Finding(Level.ERROR, "guard_withholding", code, path, said, remedy)


def fines_money(code: str, label: str, path: str, text: str, *, is_consequence: bool) -> Iterator[Finding]:
    """No fine in money, deposit or payment as a punishment."""
    for clauses in reading.sentences(text):
        if reading.fined(clauses, is_consequence=is_consequence):
            said = f"{label}：不能罚款、扣钱或收保证金（“{'，'.join(clauses)}”）。{_FINE_LAW}{LAW}"
            yield Finding(
                Level.ERROR, "guard_fine", code, path, said, "改为扣积分、提醒或劝导；损坏东西可写照价赔偿。"
            )


def punishes_use_of_right(code: str, label: str, path: str, text: str) -> Iterator[Finding]:
    """No consequence falls on people because they petitioned, complained, reported, spoke, believed, … or
    voted.
    """
    for clauses in reading.sentences(text):
        for right in words.RIGHTS:
            if reading.punishes(clauses) and reading.used_right(clauses, right, found=reading.is_found(text)):
                yield _refused(right, code, label, path, "，".join(clauses))


def prefers_by_points(code: str, label: str, path: str, text: str) -> Iterator[Finding]:
    """Entitlements go by need and law; putting points first there is pointed out."""
    for clauses in reading.sentences(text):
        named = reading.preferred(clauses)
        if named is not None:
            said = f"{label}：{named}按法律和政策办，不宜按积分排先后（“{'，'.join(clauses)}”）。"
            yield Finding(Level.WARNING, "guard_preference", code, path, said, "改为荣誉、奖品或推荐。")


def goes_beyond_rewards(code: str, label: str, path: str, text: str) -> Iterator[Finding]:
    """Consequences are limited to rewards, honours and education.

    What reads as none of them is pointed out.
    """
    plain = "，".join(clause for clauses in reading.sentences(text) for clause in clauses)
    if plain and not words.PERMITTED_CONSEQUENCE.search(plain):
        said = f"{label}：“{plain}”看不出是奖励、荣誉还是教育。"
        yield Finding(
            Level.WARNING,
            "guard_consequence",
            code,
            path,
            said,
            "结果运用只限奖励、荣誉和教育，请写明是哪一种。",
        )


def deducts_for_petitioning(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for petitioning 信访, at whatever level and however often."""
    yield from _deducts_for(words.PETITION, item, path)


def deducts_for_complaining(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for a complaint, an objection, an appeal or a law suit."""
    yield from _deducts_for(words.COMPLAINT, item, path)


def deducts_for_reporting(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for a report to the authorities.

    A false accusation only after an authority found it.
    """
    yield from _deducts_for(words.REPORT, item, path)


def deducts_for_speech(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for an opinion; a rumour or libel only after an authority found it."""
    yield from _deducts_for(words.SPEECH, item, path)


def deducts_for_religion(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for a belief or its practice; fire in a forest is another matter."""
    yield from _deducts_for(words.RELIGION, item, path)


def deducts_for_child_bearing(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for having children or having none."""
    yield from _deducts_for(words.CHILD_BEARING, item, path)


def deducts_for_voting(item: Item, path: str) -> Iterator[Finding]:
    """Nobody loses points for a vote, against or for anybody, or for none.

    Bribery of voters is another matter.
    """
    yield from _deducts_for(words.VOTING, item, path)


def names_superstition(item: Item, path: str) -> Iterator[Finding]:
    """“Feudal superstition” has no clear edge towards religion: pointed out in a deduction."""
    if item.kind is not ItemKind.POSITIVE and words.SUPERSTITION.search(item.name + item.explanation):
        said = f"{item.code} {item.name}：“封建迷信”说不清边界，容易碰到宗教信仰。"
        remedy = "写明具体行为，如 借看病驱邪骗钱。"
        yield Finding(Level.WARNING, "guard_vague_belief", item.code, f"{path}.name", said, remedy)


def mentions_right(item: Item, path: str) -> Iterator[Finding]:
    """A positive item that mentions an entitlement or a right is fine, and worth a second look."""
    if item.kind is not ItemKind.POSITIVE:
        return
    plain = ",".join(
        clause for part in reading.sentences(f"{item.name}。{item.explanation}") for clause in part
    )
    named = reading.entitlement(plain) or next((r.name for r in words.RIGHTS if r.use.search(plain)), None)
    if named is not None:
        said = f"{item.code} {item.name}：提到{named}，属正面条目，可用。"
        remedy = "请确认加分是为帮忙，不是为让人少用这项权利。"
        yield Finding(Level.WARNING, "guard_mention", item.code, f"{path}.name", said, remedy)


def _deducts_for(right: words.Right, item: Item, path: str) -> Iterator[Finding]:
    """One finding per item and right: its name first, then its explanation.

    In a positive item only a sentence that itself takes something away counts (`有上访的扣回`).
    """
    found = reading.is_found("。".join((item.name, item.explanation, item.evidence)))
    for field, text in (("name", item.name), ("explanation", item.explanation)):
        for clauses in reading.sentences(text):
            if item.kind is ItemKind.POSITIVE and not reading.punishes(clauses):
                continue
            if reading.used_right(clauses, right, found=found):
                yield _refused(
                    right, item.code, f"{item.code} {item.name}", f"{path}.{field}", "，".join(clauses)
                )
                return


def _refused(right: words.Right, code: str, label: str, path: str, quoted: str) -> Finding:
    said = f"{label}：不能因{right.name}扣分或受罚（“{quoted}”）。{right.law}{LAW}"
    return Finding(Level.ERROR, right.code, code, path, said, "删去这一条或这一句。")
