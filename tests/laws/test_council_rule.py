# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What holds of every rule: how it decides, is written, is flipped and is refused."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.council.rule.check import check
from comity.council.rule.codec import (
    from_rule_json,
    from_whole_json,
    to_rule_json,
    to_whole_json,
)
from comity.council.rule.decide import decide
from comity.council.rule.explain import explain_procedure
from comity.council.rule.flip import find_flip, moved
from comity.council.rule.floor import Answer, Base, Floor, Weights
from comity.council.rule.nearest import SAYABLE
from comity.council.rule.outcome import settle
from comity.council.rule.procedure import Departed, OnBreak, Procedure, Roll, Silence
from comity.council.rule.rule import (
    AGAINST,
    ATTENDING,
    IN_FAVOUR,
    NOT_IN_FAVOUR,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
)
from comity.council.rule.settled import Unsettled
from comity.errors import InvalidDocument
from comity.files.rule import RuleFile, rule_from_toml
from comity.files.ruletext import to_toml
from comity.kernel.canonical import Json

TOKENS = (
    "[adopts]\n", "[quorum]\n", "[silence]\n", "adopts", "share", "number", "not", "all", "of",
    " = ", "{ ", " }", "[", "]", ", ", "\n", '"2/3"', '"members"', "9", "true", "consensus",
    "number = 1\n", 'share = "1/2"\nof = "cast"\n', "period_h = 3\n", 'on_break = "fail"\n',
)  # fmt: skip
SEATS = ("s0", "s1", "s2", "s3")
GROUPS = {"r:a": frozenset(SEATS[:2]), "r:b": frozenset(SEATS[2:])}
answers = st.sampled_from(Answer)
FEW = settings(max_examples=60, deadline=None)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    """Draw a share of any base."""
    num, strict = draw(st.integers(1, 4)), draw(st.booleans())
    return Share(
        of=draw(st.sampled_from(Base)), least=Fraction(num, 4), strict=strict and num < 4
    )


@st.composite
def leaves(draw: st.DrawFn, *, grouped: bool = True) -> Leaf:
    """Draw a count."""
    counts = [IN_FAVOUR, AGAINST, NOT_IN_FAVOUR, ATTENDING, frozenset({Answer.ABSTAIN})]
    return Leaf(
        need=draw(st.one_of(shares(), st.builds(Number, least=st.integers(1, 5)))),
        count=draw(st.sampled_from(counts)),
        by=draw(st.sampled_from([None, "w"])),
        within=draw(st.sampled_from([None, "r:a", "r:b"])) if grouped else None,
    )


def _joints(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    at_least = several.flatmap(
        lambda found: st.builds(AtLeast, count=st.integers(1, len(found)), parts=st.just(found))
    )
    return st.one_of(st.builds(All, parts=several), at_least, st.builds(Not, part=parts))


across = st.builds(
    Across, family=st.just("r"), missing=st.integers(0, 2), leaf=leaves(grouped=False)
)
rules: st.SearchStrategy[Rule] = st.recursive(
    st.one_of(leaves(), across), _joints, max_leaves=4
)


@st.composite
def floors(draw: st.DrawFn) -> Floor:
    """Draw four seats with answers, groups and weights."""
    values = {seat: draw(st.integers(0, 4)) for seat in SEATS}
    return Floor(
        seats=frozenset(SEATS),
        answers={seat: draw(st.sampled_from(Answer)) for seat in SEATS},
        groups=GROUPS,
        weights={"w": Weights(name="w", unit="u", source="s", values=values)},
    )


silences = st.builds(
    Silence,
    period_h=st.integers(1, 9999),
    broken_by=rules,
    on_break=st.just(OnBreak.EXTEND),
    extend_h=st.integers(1, 99),
)
procedures = st.builds(
    Procedure,
    adopts=rules,
    quorum=st.none() | rules,
    silence=st.none() | silences,
    negative_needs_reason=st.booleans(),
    roll=st.sampled_from(Roll),
    departed=st.sampled_from(Departed),
    suspended=st.sampled_from(Departed),
    closes_early=st.booleans(),
    amendments_until_h=st.integers(0, 90),
    reveal_min=st.none() | st.integers(0, 60),
    challenge_days=st.integers(0, 30),
)


def others(floor: Floor) -> Iterator[tuple[int, Floor]]:
    """Yield every way the seats could have answered, with how many answered otherwise."""
    seats = sorted(floor.seats)
    choices = [{floor.answer(seat), *SAYABLE} for seat in seats]
    for said in itertools.product(*choices):
        answers = dict(zip(seats, said, strict=True))
        yield (
            sum(floor.answer(s) is not a for s, a in answers.items()),
            replace(floor, answers=answers),
        )


@settings(max_examples=30, deadline=None)
@given(rules, floors())
def test_no_smaller_change_flips_a_result(rule: Rule, floor: Floor) -> None:
    """Against every way the seats could have answered."""
    now = decide(rule, floor).passed
    flips = (n for n, other in others(floor) if decide(rule, other).passed is not now)
    fewest = min(flips, default=None)

    flip = find_flip(rule, floor)

    assert flip.is_exact
    assert flip.fewest == fewest
    if fewest is not None:
        assert flip.count == fewest
        assert decide(rule, moved(floor, flip.moves)).passed is not now


@settings(max_examples=30, deadline=None)
@given(rules, floors())
def test_a_rule_is_refused_where_no_answers_change_it(rule: Rule, floor: Floor) -> None:
    """Never, always, and a leaf that never holds, against every way of answering."""
    silent = replace(floor, answers={})
    found = {
        decide(rule, replace(floor, answers=dict(zip(SEATS, said, strict=True)))).passed
        for said in itertools.product(
            (Answer.YES, Answer.NO, Answer.ABSTAIN, Answer.RECUSED, Answer.SILENT),
            repeat=len(SEATS),
        )
    }

    said = " ".join(str(flaw) for flaw in check(Procedure(adopts=rule), silent))

    if "leaves out" not in said:  # what counts outside its base is refused before all else
        assert ("holds never" in said) == (found == {False})
        assert ("holds always" in said) == (found == {True})


@FEW
@given(rules, floors(), st.permutations(SEATS))
def test_names_of_seats_mean_nothing(rule: Rule, floor: Floor, names: list[str]) -> None:
    """A seat called otherwise, with its answer, groups and weight, decides alike."""
    called = dict(zip(SEATS, names, strict=True))
    weights = floor.weights["w"]
    renamed = Floor(
        seats=floor.seats,
        answers={called[seat]: answer for seat, answer in floor.answers.items()},
        groups={n: frozenset(called[s] for s in who) for n, who in GROUPS.items()},
        weights={
            "w": replace(weights, values={called[s]: v for s, v in weights.values.items()})
        },
    )

    assert decide(rule, renamed) == decide(rule, floor)
    assert find_flip(rule, renamed).fewest == find_flip(rule, floor).fewest


def is_positive(rule: Rule) -> bool:
    """Tell whether a rule only ever counts answers in favour."""
    match rule:
        case Leaf(count=count) | Across(leaf=Leaf(count=count)):
            return count == IN_FAVOUR
        case All(parts=parts) | AtLeast(parts=parts):
            return all(is_positive(part) for part in parts)
        case Not():
            return False


@FEW
@given(rules.filter(is_positive), floors(), st.sampled_from(SEATS))
def test_one_more_in_favour_never_undoes_what_counts_only_those(
    rule: Rule, floor: Floor, seat: str
) -> None:
    """Without denial and without counts of others, a rule is monotone."""
    more = replace(floor, answers={**floor.answers, seat: Answer.YES})

    assert decide(rule, more).passed >= decide(rule, floor).passed


@FEW
@given(rules)
def test_a_rule_comes_back_from_json(rule: Rule) -> None:
    """Written in one way, read as the same."""
    assert from_rule_json(to_rule_json(rule)) == rule


@FEW
@given(procedures)
def test_a_procedure_comes_back_from_toml_and_from_json(procedure: Procedure) -> None:
    """What people write and what members sign are one thing."""
    written = to_toml(RuleFile(slug="ours", title="Ours", procedure=procedure))

    assert rule_from_toml(written).procedure == procedure
    assert from_whole_json(to_whole_json(procedure)) == procedure
    assert explain_procedure(procedure).endswith(".")


@FEW
@given(procedures, floors())
def test_every_procedure_settles_every_floor(procedure: Procedure, floor: Floor) -> None:
    """With a state, and a flip that is proven or said to be a bound."""
    outcome = settle(procedure, floor)

    assert outcome.flip is not None
    assert outcome.flip.words().endswith(".")
    assert outcome.to_json()["state"] == outcome.state.value


words = st.sampled_from(
    ["rule", "procedure", "leaf", "all", "any", "not", "at_least", "across", "count", "parts",
     "share", "num", "den", "strict", "base", "members", "yes", "number", "group", "quorum",
     "silence", "period_h", "broken_by", "on_break", "family", "missing", "reveal_min"]
)  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def refusal(read: Callable[[], object]) -> InvalidDocument | None:
    """Return what a reader refuses; anything else it raises is raised."""
    try:
        read()
    except InvalidDocument as error:
        return error
    return None


@FEW
@given(anything)
def test_what_is_no_rule_is_refused_as_such(value: Json) -> None:
    """Whatever a stranger signs, reading it ends in a rule or in a list of faults."""
    refused = refusal(lambda: from_whole_json({"rule": value, "procedure": value}))

    assert refused is None or (refused.code == "council.rule" and refused.faults)


@FEW
@given(st.lists(st.sampled_from(TOKENS), max_size=14).map("".join))
def test_what_people_mistype_is_refused_as_such(text: str) -> None:
    """Any text is a rule or a list of faults with places."""
    refused = refusal(lambda: rule_from_toml(text))

    assert refused is None or refused.code in {"files.rule", "files.toml"}
    assert refused is None or refused.faults


@given(rule=rules, floor=floors(), spoken=st.dictionaries(st.sampled_from(SEATS), answers))
@FEW
def test_what_is_settled_is_so_whatever_the_silent_say(
    rule: Rule, floor: Floor, spoken: dict[str, Answer]
) -> None:
    """A vote that closes early must not have been open; counting on is counting afresh."""
    vote = Unsettled(Procedure(adopts=rule), floor)
    for seat, answer in spoken.items():
        vote.answer(seat, answer)
    floor = replace(floor, answers={**floor.answers, **spoken})
    assert vote.is_settled is Unsettled(Procedure(adopts=rule), floor).is_settled
    silent = [seat for seat in SEATS if floor.answer(seat) is Answer.SILENT][:3]
    if vote.is_settled:
        verdicts = {
            decide(
                rule,
                replace(
                    floor, answers={**floor.answers, **dict(zip(silent, said, strict=True))}
                ),
            ).passed
            for said in itertools.product(Answer, repeat=len(silent))
        }
        assert len(verdicts) == 1
