# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a determination looks in a terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from comity.cli.law.alike import is_permission, once
from comity.cli.law.ruling import STYLES, force_of, line, print_brief, print_ruling
from comity.desk.law.duties import Beside
from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.determine import ROLE, Determination, Ruling, Status
from comity.law.fact import Answer
from comity.law.interview import Outcome, Question
from comity.law.market import EUROPEAN_UNION
from comity.law.pack import Pack, PackStatus
from comity.law.situation import answer_in_words

_COLUMNS = (
    "binds", "permits", "soft", "bill, draft", "later", "cannot tell", "does not apply",
)  # fmt: skip
_MOST_PER_QUESTION = 3
_MOST_QUESTIONS = 6
_MOST_LATER = 8
_MOST_DAYS = 4
_FULL = 30
"""Binding duties up to which each is printed with its reasons."""
_UNBINDING = (
    (PackStatus.SOFT, "Soft law that speaks to it (binds nobody)"),
    (PackStatus.BILL, "Bills that would bind it (not law)"),
    (PackStatus.DRAFT, "Drafts that would speak to it (not law)"),
)


def print_determination(
    console: Console,
    determination: Determination,
    questions: Sequence[Question],
    *,
    beside: Sequence[Beside] = (),
    everything: bool,
) -> None:
    """Print a determination, market by market, then the questions that settle most."""
    _print_heading(console, determination)
    _print_overview(console, determination)
    applying = once(determination.of(status=Status.APPLIES, force=PackStatus.BINDING))
    binding = [ruling for ruling in applying if not is_permission(ruling)]
    full = everything or len(binding) <= _FULL
    for market in determination.markets:
        console.print()
        console.print(Rule(Text(market, style="bold"), align="left", style="dim"))
        if market in determination.without_pack:
            _print_without_pack(console, determination, market)
            continue
        page = _Page(console, determination, market, full=full, everything=everything)
        page.print()
    _print_beside(console, determination, beside)
    _print_questions(console, questions)
    if not full:
        console.print()
        said = (
            f"{len(binding)} duties bind: --all prints the reasons of each, --explain NORM all"
        )
        console.print(Text(said, style="dim"))
    _print_footer(console, determination)


def _print_heading(console: Console, determination: Determination) -> None:
    profile, situation = determination.profile, determination.situation
    roles = ", ".join("role not stated" if r is None else r.value for r in determination.roles)
    title = profile.name.in_language("en") or profile.system
    heading = Text(f"{title} {profile.version}".strip(), style="bold")
    heading.append(f"  as {roles}", style="not bold")
    console.print(heading)
    known_on = determination.library.known_on
    known = "packs as held" if known_on is None else f"packs as known on {known_on}"
    said = f"law in force on {situation.on}, facts as of {situation.facts_on}, {known}"
    console.print(Text(said, style="dim"))


def _print_without_pack(
    console: Console, determination: Determination, market: MarketCode
) -> None:
    later = [pack for pack in determination.library.unrecorded if pack.market == market]
    said = "No pack is held for this market."
    if later:
        names = ", ".join(f"{pack.name} (recorded {pack.version})" for pack in later)
        said = f"Not yet recorded on {determination.library.known_on}: {names}."
    console.print(f"{said} That is not to say it has no law.", style="yellow")


def _print_overview(console: Console, determination: Determination) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("market", style="bold")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for market in determination.markets:
        if market in determination.without_pack:
            table.add_row(market, "no pack", *["–"] * (len(_COLUMNS) - 1))
            continue
        counts = _counts(once(determination.of(market=market)))
        table.add_row(market, *(str(count) if count else "·" for count in counts))
    console.print(table)


def _counts(rulings: Sequence[Ruling]) -> tuple[int, ...]:
    """Count the norms for each of `_COLUMNS`."""
    statuses = [ruling.status for ruling in rulings]
    applying = [ruling for ruling in rulings if ruling.status is Status.APPLIES]
    forces = [ruling.pack.status for ruling in applying]
    permits = sum(map(is_permission, applying))
    return (
        forces.count(PackStatus.BINDING) - permits,
        permits,
        forces.count(PackStatus.SOFT),
        forces.count(PackStatus.BILL) + forces.count(PackStatus.DRAFT),
        statuses.count(Status.NOT_YET_IN_FORCE),
        statuses.count(Status.CANNOT_TELL),
        statuses.count(Status.DOES_NOT_APPLY),
    )


class _Page:
    """What is said of one market."""

    def __init__(
        self, console: Console, determination: Determination, market: MarketCode,
        *, full: bool, everything: bool,
    ) -> None:  # fmt: skip
        self.console = console
        self.determination = determination
        self.full = full
        self.everything = everything
        self.market = market
        self.rulings = once(determination.of(market=market))
        self.unrecorded = [
            pack for pack in determination.library.unrecorded if pack.market == market
        ]

    def print(self) -> None:
        """Print what binds, what only speaks, what comes, what cannot be told."""
        for pack in self.unrecorded:
            said = f"Not yet recorded on {self.determination.library.known_on}: {pack.name}"
            self._line(Text(said, style="yellow"), 0)
        self._rests_on()
        binding = [ruling for ruling in self._of(Status.APPLIES) if ruling.is_binding]
        self._listed("Binds now", [each for each in binding if not is_permission(each)])
        self._listed("Permits (no duty)", list(filter(is_permission, binding)))
        for force, heading in _UNBINDING:
            self._unbinding(heading, force)
        for status, heading in (
            (Status.NOT_YET_IN_FORCE, "Not yet in force"),
            (Status.ENDED, "No longer in force"),
        ):
            self._dated(heading, status)
        self._open()
        self._excluded()

    def _of(self, status: Status) -> list[Ruling]:
        return [ruling for ruling in self.rulings if ruling.status is status]

    def _line(self, text: Text, indent: int) -> None:
        line(self.console, text, indent)

    def _rests_on(self) -> None:
        held = [pack for pack in self.determination.library.packs if pack.market == self.market]
        names = ", ".join(pack.name for pack in held)
        said = f"Rests on {names} alone. Other texts of {self.market} are not held: of them "
        self._line(Text(f"{said}nothing is said, neither yes nor no.", style="dim"), 0)
        shown = {pack.name for pack, _ in by_pack(self._of(Status.APPLIES))}
        for pack in (pack for pack in held if pack.adopted and pack.name not in shown):
            said = f"No norm of {pack.name} is shown to apply here: {pack.adopted}"
            self._line(Text(said, style="dim"), 0)

    def _listed(self, heading: str, chosen: Sequence[Ruling]) -> None:
        if chosen:
            self._line(Text(f"{heading}: {len(chosen)}", style=STYLES[Status.APPLIES]), 0)
        for pack, rulings in by_pack(chosen):
            self._line(_pack_line(pack, len(rulings)), 2)
            for ruling in rulings:
                if self.full:
                    print_ruling(self.console, ruling, self.determination)
                else:
                    print_brief(self.console, ruling, self.determination)

    def _unbinding(self, heading: str, force: PackStatus) -> None:
        chosen = [each for each in self._of(Status.APPLIES) if each.pack.status is force]
        if chosen:
            self._line(Text(f"{heading}: {len(chosen)}", style=STYLES[Status.APPLIES]), 0)
        for pack, rulings in by_pack(chosen):
            more = "" if self.everything else "  (--all lists them)"
            self._line(_pack_line(pack, len(rulings), more=more), 2)
            for ruling in rulings if self.everything else ():
                print_ruling(self.console, ruling, self.determination)

    def _dated(self, heading: str, status: Status) -> None:
        rulings = sorted(self._of(status), key=_day)
        if not rulings:
            return
        certain = [ruling for ruling in rulings if ruling.truth is Truth.TRUE]
        self._line(Text(f"{heading}: {len(rulings)}", style=STYLES[status]), 0)
        shown = rulings if self.everything else certain[:_MOST_LATER]
        for ruling in shown:
            sure = ruling.truth is Truth.TRUE
            would = "" if sure else ", whether it will apply cannot be told"
            title = ruling.norm.title.in_language("en")
            marks = f"  {ruling.norm.name}{force_of(ruling)}{would}"
            self._line(Text.assemble((f"{_day(ruling)}  ", "cyan"), title, (marks, "dim")), 2)
        left = [ruling for ruling in rulings if ruling not in shown]
        if left:
            self._line(Text(_left_out(left, also=bool(shown)), style="dim"), 2)

    def _open(self) -> None:
        rulings = self._of(Status.CANNOT_TELL)
        if not rulings:
            return
        heading = f"Cannot be told: {len(rulings)}, by the question that would tell most"
        self._line(Text(heading, style=STYLES[Status.CANNOT_TELL]), 0)
        groups = list(_by_question(rulings))
        for fact, group in groups if self.everything else groups[:_MOST_QUESTIONS]:
            asked = _question(fact, self.determination)
            self._line(Text.assemble((asked, "yellow"), (f"  {fact}", "dim")), 2)
            self._waiting(group)
        rest = groups[_MOST_QUESTIONS:]
        if rest and not self.everything:
            norms = sum(len(group) for _, group in rest)
            said = (
                f"and {norms} more that wait on {len(rest)} other questions (--all lists them)"
            )
            self._line(Text(said, style="dim"), 2)

    def _waiting(self, group: Sequence[Ruling]) -> None:
        shown = group if self.everything else group[:_MOST_PER_QUESTION]
        for ruling in shown:
            more = len(ruling.unsettled) - 1
            rest = f", {more} more open" if more else ""
            if self.everything and more:
                rest = f", open: {', '.join(ruling.unsettled)}"
            title = ruling.norm.title.in_language("en")
            marks = f"  {ruling.norm.name}{force_of(ruling)}{rest}"
            self._line(Text.assemble(title, (marks, "dim")), 4)
        if len(group) > len(shown):
            self._line(Text(f"and {len(group) - len(shown)} more", style="dim"), 4)

    def _excluded(self) -> None:
        excluded = self._of(Status.DOES_NOT_APPLY)
        if excluded and not self.everything:
            said = f"Does not apply: {len(excluded)} (--all lists them)"
            self._line(Text(said, style="dim"), 0)
        elif excluded:
            self._line(Text(f"Does not apply: {len(excluded)}", style="bold"), 0)
            for ruling in excluded:
                title = ruling.norm.title.in_language("en")
                self._line(Text.assemble(title, (f"  {ruling.norm.name}", "dim")), 2)


def by_pack(rulings: Iterable[Ruling]) -> Iterable[tuple[Pack, list[Ruling]]]:
    """Group rulings by the pack they stand in, in the order of the packs."""
    found: dict[str, tuple[Pack, list[Ruling]]] = {}
    for ruling in rulings:
        found.setdefault(ruling.pack.name, (ruling.pack, []))[1].append(ruling)
    return found.values()


def _pack_line(pack: Pack, count: int, *, more: str = "") -> Text:
    adopted = f", {pack.adopted}" if pack.adopted else ""
    marks = f"  {pack.name}, {count}, recorded {pack.version}{adopted}{more}"
    return Text.assemble((pack.title.in_language("en"), "bold cyan"), (marks, "dim"))


def _print_beside(
    console: Console, determination: Determination, beside: Sequence[Beside]
) -> None:
    """Say which bodies have texts that were not asked about."""
    if not beside:
        return
    console.print()
    bodies: dict[str, list[str]] = {}
    for each in beside:
        bodies.setdefault(each.body, []).append(f"{_member(each.market)}: {each.standing}")
    named = ", ".join(f"{body} ({'; '.join(said)})" for body, said in bodies.items())
    added = ",".join([*determination.markets, *bodies])
    said = f"Texts of bodies are held too: {named}. Add them with --in {added}"
    console.print(Text(said, style="dim"))


def _member(market: str) -> str:
    return "each state of the EU" if market == EUROPEAN_UNION else market


def _left_out(left: Sequence[Ruling], *, also: bool) -> str:
    """Say how many are not listed, from or until which days, and of how many it is open."""
    days = Counter(map(_day, left))
    shown = ", ".join(f"{day} ({count})" for day, count in sorted(days.items())[:_MOST_DAYS])
    more = f" and {len(days) - _MOST_DAYS} other days" if len(days) > _MOST_DAYS else ""
    unsure = sum(ruling.truth is not Truth.TRUE for ruling in left)
    said = f"and {len(left)} more on " if also else "on "
    tail = f"; of {unsure} it cannot be told whether they concern it" if unsure else ""
    return f"{said}{shown}{more}{tail} (--all lists them)"


def _day(ruling: Ruling) -> str:
    ended = ruling.status is Status.ENDED
    return str(ruling.norm.valid_until if ended else ruling.norm.valid_from)


def _by_question(rulings: Sequence[Ruling]) -> Iterable[tuple[str, list[Ruling]]]:
    """Group rulings by the open fact most of them share, then the next, greedily."""
    left = list(rulings)
    while left:
        counts: dict[str, int] = {}
        for ruling in left:
            for fact in ruling.unsettled:
                counts[fact] = counts.get(fact, 0) + 1
        best = max(sorted(counts), key=lambda fact: counts[fact])
        yield best, [ruling for ruling in left if best in ruling.unsettled]
        left = [ruling for ruling in left if best not in ruling.unsettled]


def _question(fact: str, determination: Determination) -> str:
    if fact == ROLE:
        return "What are you to the system: provider, deployer, …? (--role)"
    return determination.library.vocabulary.facts[fact].question.in_language("en")


def _print_questions(console: Console, questions: Sequence[Question]) -> None:
    if not questions:
        return
    console.print()
    telling = [question for question in questions if question.settles]
    if not telling:
        names = ", ".join(question.fact for question in questions)
        said = f"No answer settles a norm by itself; together they may: {names}"
        console.print(Text(said, style="bold"))
        return
    console.print(
        Rule(Text("Questions that settle most", style="bold"), align="left", style="dim")
    )
    for question in telling:
        console.print(Text.assemble((question.text, "bold"), (f"  {question.fact}", "dim")))
        for outcome in question.outcomes:
            said = choice_in_words(outcome.answer)
            line(console, Text.assemble(f"{said}: ", (settled_by(outcome), "dim")), 4)


def choice_in_words(answer: Answer) -> str:
    """Say one plausible answer as a person would."""
    match answer:
        case bool():
            return "yes" if answer else "no"
        case frozenset():
            return ", ".join(sorted(answer)) or "none"
        case _:
            return answer_in_words(answer)


def settled_by(outcome: Outcome) -> str:
    """Say what one plausible answer would settle."""
    match outcome.settles:
        case 0:
            return "settles nothing by itself"
        case 1:
            then = "applies" if outcome.applies else "does not apply"
            return f"settles one norm, which then {then}"
        case many:
            return f"settles {many} norms, of which {outcome.applies} then apply"


def _print_footer(console: Console, determination: Determination) -> None:
    console.print()
    digest = determination.library.digest.hex()
    console.print(
        Text(
            f"Rests on the packs with digest {digest[:16]}…. An encoding, not legal advice; "
            "what nobody answered is never taken for no.",
            style="dim",
        )
    )
