"""How the lawful-rights guard reads a sentence: clauses, negation, reassurance, who acts.

Owns the reading, not the verdicts: `guard` decides what is refused. Knows only text, no items.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise, zip_longest

from server.rulebook import guard_words as words

_SENTENCE = re.compile(r"[。;!?\n]+")
_CLAUSE = re.compile(r"[,:()]+|但是?|不过|(?:并且|而且|同时|并|且)(?=[停取扣暂不罚缓收限通没])")
_TOPIC_GOES_ON = re.compile(
    r"(?:一律|均|都|将|应|要|予以|全部)?(?:取消|停发|停办|停止|暂停|扣发|扣除|扣减|缓|不予|不得|不再|冻结|收回)"
)
_CONDUCT_ENDS = ("的", "者", "时", "的户")


def sentences(text: str) -> list[list[str]]:
    """Sentences as lists of clauses.

    Full-width forms and blanks do not matter, so `低 保` reads as `低保`.
    """
    plain = re.sub(r"[^\S\n]+", "", unicodedata.normalize("NFKC", text))
    cut = ([clause for clause in _CLAUSE.split(part) if clause] for part in _SENTENCE.split(plain))
    return [clauses for clauses in cut if clauses]


def withheld(clauses: list[str], *, is_consequence: bool) -> str | None:
    """Which entitlement a sentence withholds or makes depend on points, or None.

    Outside a list of consequences a clause may tell what a household does (`克扣养老金`): then only office
    verbs count, and not about what belongs to somebody else.
    """
    for clause in _with_topics(clauses):
        named = entitlement(clause)
        if named is None or words.LAWFUL_AUTHORITY.search(clause) or words.VOLUNTARY.search(clause):
            continue
        rest = _without_negated(clause)
        verbs = [words.OFFICE_WITHHOLDS, words.CONDITIONS, *([words.ANY_WITHHOLDS] if is_consequence else [])]
        if not any(verb.search(rest) for verb in verbs):
            continue
        if is_consequence or words.CONDITIONS.search(rest) or not _tells_conduct(clause):
            return named
    return None


def cut_off(clauses: list[str]) -> bool:
    """Whether a sentence of a consequence cuts off water, power, gas or heating."""
    return any(words.CUT_OFF.search(words.NO_CUT_OFF.sub("", clause)) for clause in clauses)


def preferred(clauses: list[str]) -> str | None:
    """Which entitlement a sentence hands out sooner or better by points, or None."""
    return next(
        (entitlement(clause) for clause in clauses if words.PRIORITY.search(clause) and entitlement(clause)),
        None,
    )


def entitlement(clause: str) -> str | None:
    """The group of entitlements that a clause mentions."""
    return next((name for name, pattern in words.ENTITLEMENTS.items() if pattern.search(clause)), None)


def fined(clauses: list[str], *, is_consequence: bool) -> bool:
    """Whether a sentence takes money as a punishment.

    A fine by an authority is that authority's, not the village's.
    """
    for clause in clauses:
        rest = words.NO_FINES.sub("", words.FINED_BY_AUTHORITY.sub("", clause))
        if words.FINES.search(rest) or (is_consequence and words.PAYMENTS.search(rest)):
            return True
    return False


def used_right(clauses: list[str], right: words.Right, *, found: bool) -> str | None:
    """The words by which a sentence names the use of a right as something done, or None.

    Not: acts against somebody else's right, what others did (`被人投诉`), reassurances (`信访不扣分`), broken
    things, and offences that an authority has found (`found`).
    """
    for clause, following in zip_longest(clauses, clauses[1:], fillvalue=""):
        use = right.use.search(clause)
        if use is None or right.ordinary.search(clause) or _reassures(clause):
            continue
        if clause.endswith(_CONDUCT_ENDS) and _reassures(following):
            continue
        if _done_before(use, words.AGAINST) or _done_before(use, words.DAMAGES):
            continue
        if found and right.offence is not None and right.offence.search(clause):
            continue
        return use.group()
    return None


def is_found(text: str) -> bool:
    """Whether a text rests on an authority's finding, such as `经公安机关认定`."""
    flat = [clause for clauses in sentences(text) for clause in clauses]
    return any(words.AUTHORITY.search(clause) and words.FOUND.search(clause) for clause in flat)


def punishes(clauses: list[str]) -> bool:
    """Whether a sentence attaches a disadvantage to something."""
    return any(words.DETRIMENT.search(words.COSTS.sub("", clause)) for clause in clauses)


def _with_topics(clauses: list[str]) -> list[str]:
    """The clauses, and every pair in which a topic stands before its verb (`其低保，暂停发放`)."""
    joined = [first + second for first, second in pairwise(clauses) if _TOPIC_GOES_ON.match(second)]
    return [*clauses, *(pair for pair in joined if entitlement(pair))]


def _without_negated(clause: str) -> str:
    """The clause without what it rules out: `不得取消低保` loses its verb, `不予办证` does not."""
    return words.RULES_OUT.sub("", clause)


def _tells_conduct(clause: str) -> bool:
    return clause.endswith(_CONDUCT_ENDS) or words.OTHERS.search(clause) is not None


def _reassures(clause: str) -> bool:
    """`信访不扣分`, `可以申诉`; not `可以扣分`."""
    if words.COSTS_NOTHING.search(clause):
        return True
    said = words.COSTS.sub("", clause)
    return words.IS_OPEN.search(said) is not None and words.DETRIMENT.search(said) is None


def _done_before(use: re.Match[str], acts: re.Pattern[str]) -> bool:
    """Whether an act has the right's use as its object (`阻拦他人信访`), not beside it (`阻挠施工、上访`)."""
    for act in acts.finditer(use.string[: use.end() + 1]):
        between = use.string[act.end() : use.start()]
        if act.start() < use.start() and not words.BESIDE.search(between):
            return True
    return False
