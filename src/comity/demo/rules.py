# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Step three: which rules bind the two services, from the real packs."""

from collections.abc import Sequence

from comity.demo.teller import Teller
from comity.desk.assessment.asking import duties_asking
from comity.desk.law.duties import questions_for
from comity.law.determine import Determination, Status
from comity.law.pack import Pack, PackStatus

MARKETS = ("EU", "CHN", "VNM", "BRA", "KHM", "WAICO")


def tell_rules(teller: Teller, determination: Determination) -> None:
    """Say what binds, what is only soft law or a bill, what cannot be told, and what would."""
    name = determination.profile.name.in_language("en")
    teller.say(f"{name}, as provider, on {determination.on.isoformat()}", style="bold")
    teller.table(
        ("", "binds", "soft law", "bill or draft", "later", "cannot tell", "does not apply"),
        [_row(determination, market) for market in determination.markets],
    )
    for pack in _not_law(determination):
        text = pack.title.in_language("en")
        teller.say(f"{pack.market}: only a {pack.status.value}: {text}", style="dim")
    questions = questions_for(determination, limit=3)
    if questions:
        teller.say("What cannot be told would be settled first by asking:")
    library = determination.library.vocabulary.facts
    for question in questions:
        words = library[question.fact].question.in_language("en")
        teller.say(f"{words} ({question.concerns} norms wait for it)", indent=2)
    teller.say("")


def tell_link(
    teller: Teller, determination: Determination, conducts: Sequence[str], *, most: int = 6
) -> None:
    """Say which of these duties the claim to be tested speaks to."""
    found = duties_asking(determination, conducts)
    teller.say(f"{len(found)} duties and principles ask for it, among them:")
    forces = (PackStatus.BINDING, PackStatus.SOFT, PackStatus.BILL, PackStatus.DRAFT)
    ranked = sorted(found, key=lambda ruling: forces.index(ruling.pack.status))
    for ruling in ranked[:most]:
        force = "" if ruling.is_binding else f", {ruling.pack.status.value}"
        open_ = "" if ruling.status is Status.APPLIES else ", if it applies"
        title = ruling.norm.title.in_language("en")
        said = f"{ruling.market} {ruling.norm.name}, {ruling.norm.grounds.cite}: {title}"
        basis = ruling.norm.grounds.basis
        seen = "" if basis is None else f"source seen as {basis.value}"
        teller.say(f"{said} ({seen}{force}{open_})", indent=2)


def _row(determination: Determination, market: str) -> tuple[str, ...]:
    def count(status: Status, *forces: PackStatus) -> str:
        found = [
            ruling
            for ruling in determination.rulings
            if ruling.market == market
            and ruling.status is status
            and (not forces or ruling.pack.status in forces)
        ]
        return str(len(found)) if found else "·"

    return (
        market,
        count(Status.APPLIES, PackStatus.BINDING),
        count(Status.APPLIES, PackStatus.SOFT),
        count(Status.APPLIES, PackStatus.BILL, PackStatus.DRAFT),
        count(Status.NOT_YET_IN_FORCE),
        count(Status.CANNOT_TELL),
        count(Status.DOES_NOT_APPLY),
    )


def _not_law(determination: Determination) -> list[Pack]:
    return [
        pack
        for pack in determination.library.packs
        if pack.market in determination.markets
        and pack.status in {PackStatus.BILL, PackStatus.DRAFT}
    ]
