# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whose cosignatures count and what that withstands, in words and as JSON."""

from collections.abc import Iterable
from pathlib import Path

from comity.cli.session import Telling
from comity.desk.log.trusting import Comparison, Reader, Ruling, Weaker, rulings, who_counts
from comity.desk.log.trustpolicy import Written
from comity.ledger.gate import Gate, Part
from comity.ledger.quorum import rule_of
from comity.ledger.split import Strength, strength_of


def tell_show(telling: Telling, reader: Reader) -> None:
    """Print a reader's rule, what it asks for each log, and what it withstands."""
    telling.say(f"{reader.name}: {_source(reader)}", style="bold")
    counted = who_counts(reader)
    telling.say(f"cosignatures count of: {', '.join(counted) or 'nobody'}")
    telling.say(f"rule: {in_words(_rule(reader), reader)}")
    alike: dict[Strength, list[str]] = {}
    for ruling in rulings(reader):
        name = reader.names.get(ruling.owner, ruling.owner)
        alike.setdefault(ruling.strength, []).append(name)
    for strength, names in alike.items():
        telling.say(f"for the log of {', '.join(sorted(names))}: {withstands(strength)}")
    if not reader.logs:
        telling.say(f"for a log of none of them: {withstands(strength_of(_rule(reader)))}")


def show_facts(reader: Reader) -> dict[str, object]:
    """Return the same as JSON."""
    return {
        "place": reader.name,
        "policy": reader.is_policy,
        "counted": list(who_counts(reader)),
        "rule": in_words(_rule(reader), reader),
        "logs": [_ruling_facts(reader, ruling) for ruling in rulings(reader)],
    }


def strength_facts(strength: Strength) -> dict[str, object]:
    """Return what a rule withstands as JSON."""
    return {
        "witnesses": strength.witnesses,
        "needed": strength.needed,
        "lying": strength.lying,
        "absent": strength.absent,
        "both": strength.both,
    }


def withstands(strength: Strength) -> str:
    """Say in one sentence what a rule withstands."""
    if strength.needed is None or strength.lying is None:
        return f"no checkpoint can count: {strength.witnesses} may cosign, too few"
    base = f"{strength.needed} of {strength.witnesses} needed"
    if strength.lying < 0:
        return f"{base}; two stories pass without any liar"
    return (
        f"{base}; {strength.lying} may lie before two stories pass, {strength.absent} may be "
        f"away before none counts: {strength.both} may fail in whichever way"
    )


def tell_weaker(telling: Telling, found: tuple[Weaker, ...], node: Path) -> None:
    """Warn of each log for which a rule withstands less than before, and say where to look."""
    alike: dict[tuple[Strength, Strength], list[str]] = {}
    for one in found:
        alike.setdefault((one.before, one.after), []).append(one.name)
    for (before, after), names in alike.items():
        listed = ", ".join(sorted(names))
        telling.say(f"weaker than before for the log of {listed}:", style="yellow")
        telling.say(f"  before: {withstands(before)}", style="yellow")
        telling.say(f"  now: {withstands(after)}", style="yellow")
    if found:
        telling.say(f"to see whose cosignatures count now: comity trust show {node}")


def tell_written(telling: Telling, written: Written, node: Path) -> None:
    """Say what a policy just written withstands, and where it is weaker than before."""
    telling.say(f"{written.path}", style="bold")
    witnesses, quorum = len(written.policy.witnesses), written.policy.quorum
    telling.say(f"{witnesses} witness keys, quorum {quorum}")
    telling.say(f"for the log it guards least: {withstands(written.weakest)}")
    tell_weaker(telling, written.weaker, node)
    telling.print_json(
        {
            "policy": str(written.path),
            "weakest": strength_facts(written.weakest),
            "weaker": weaker_facts(written.weaker),
        }
    )


def weaker_facts(found: Iterable[Weaker]) -> list[dict[str, object]]:
    """Return the same as JSON."""
    return [
        {
            "name": one.name,
            "before": strength_facts(one.before),
            "now": strength_facts(one.after),
        }
        for one in found
    ]


def tell_comparison(telling: Telling, one: Reader, other: Reader, found: Comparison) -> None:
    """Print what two readers share, up to how many liars they are safe, and a split."""
    names = {**one.names, **other.names}

    def listed(members: Iterable[str]) -> str:
        return ", ".join(sorted(names.get(member, member) for member in members)) or "nobody"

    telling.say(f"both count: {listed(found.shared)}")
    telling.say(f"only {one.name} counts: {listed(found.only_first)}")
    telling.say(f"only {other.name} counts: {listed(found.only_second)}")
    if found.split is None or found.safe is None:
        telling.say("one of the rules can never be met, or the search is too large")
        return
    liars = len(found.split.colluders)
    if found.safe < 0:
        telling.say("they can be shown two stories, and nobody has to lie for it", style="red")
    else:
        telling.say(f"while at most {found.safe} lie, both see one story", style="green")
        telling.say(f"with {liars} liars they can be shown two:")
    telling.say(f"  {one.name} is shown the story of {listed(found.split.first)}")
    telling.say(f"  {other.name} is shown that of {listed(found.split.second)}")
    telling.say(f"  who signs both, and so lies: {listed(found.split.colluders)}")
    if found.by_formula is not None:
        telling.say(
            f"k1 + k2 > |W1 u W2| + min(f, |W1 n W2|) holds up to f = {found.by_formula}",
            style="dim",
        )


def comparison_facts(one: Reader, other: Reader, found: Comparison) -> dict[str, object]:
    """Return the same as JSON."""
    split = found.split
    return {
        "first": one.name,
        "second": other.name,
        "shared": list(found.shared),
        "only_first": list(found.only_first),
        "only_second": list(found.only_second),
        "safe_while_lying": found.safe,
        "by_formula": found.by_formula,
        "split": None
        if split is None
        else {
            "first": sorted(split.first),
            "second": sorted(split.second),
            "colluders": sorted(split.colluders),
        },
    }


def in_words(rule: Part | None, reader: Reader) -> str:
    """Write a rule as people read it."""
    if rule is None:
        return "nobody is asked for" if reader.is_policy else "nobody counts"
    if isinstance(rule, str):
        return reader.names.get(rule, rule)
    return _gate_in_words(rule, reader)


def _gate_in_words(gate: Gate, reader: Reader) -> str:
    if len(gate.parts) == 1:
        return in_words(gate.parts[0], reader)
    parts = "; ".join(
        f"({in_words(part, reader)})" if isinstance(part, Gate) else in_words(part, reader)
        for part in gate.parts
    )
    return f"all of {parts}" if gate.needed is None else f"{gate.needed} of {parts}"


def _source(reader: Reader) -> str:
    if reader.is_policy:
        return "by a trust policy"
    return "by [quorum] in node.toml"


def _rule(reader: Reader) -> Part | None:
    return rule_of(reader.quorum)


def _ruling_facts(reader: Reader, ruling: Ruling) -> dict[str, object]:
    return {
        "member": ruling.owner,
        "name": reader.names.get(ruling.owner, ruling.owner),
        "origin": ruling.origin,
        **strength_facts(ruling.strength),
    }
