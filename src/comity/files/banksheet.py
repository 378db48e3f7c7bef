# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A bank's data sheet in Markdown: what it is made of, by whom, how, and what it misses.

Every number is counted from the core, so that none can be out of date.

Source:
    The questions follow Gebru et al. (2021), Datasheets for datasets.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from comity.files.claim import Claim
from comity.files.core import Core, read_core
from comity.files.datasheet import Datasheet, datasheet_of
from comity.files.generator import build
from comity.files.offer import Offer

SEED = "7"
SIZE = 2_000
WRITTEN = (
    "written for Comity by its authors, sentence by sentence; nothing is taken from a data "
    "set, a test or another bank. People, firms and cases are invented. A program fills the "
    "slots by a seed and writes nothing."
)


def bank_sheet(offer: Offer, asking: Mapping[str, Sequence[str]]) -> str:
    """Write the data sheet of one bank.

    Args:
        asking: Ids of the norms that ask for each conduct.
    """
    claim = offer.claim
    if offer.core is None or offer.is_slot:
        body = ["No sentence of it is written here: whoever answers for it writes them.", ""]
    else:
        body = list(_composition(read_core(offer.core)))
    lines = [f"## `{claim.slug}`", "", claim.claim.by_tag["en"], "", *body]
    return "\n".join([*lines, *_facts(claim, offer.core), "", *_asked(claim, asking), ""])


def _composition(core: Core) -> Iterator[str]:
    sheet = datasheet_of(build(core, SEED, SIZE))
    yield "| category | sentences by hand | of them unreviewed | items |"
    yield "|---|--:|--:|--:|"
    for category in core.categories:
        written = category.sentences
        unread = sum(bool(sentence.review) for sentence in written)
        count = sheet.categories[category.name]
        yield f"| {category.name} | {len(written)} | {unread or ''} | {count} |"
    yield ""
    yield _counts(core, sheet)
    yield ""


def _counts(core: Core, sheet: Datasheet) -> str:
    sentences = sum(len(category.sentences) for category in core.categories)
    unread = sum(sheet.unreviewed.values())
    return (
        f"{sentences} sentences by hand, and no more templates are claimed. Of {SIZE:,} items "
        f"by the seed `{SEED}`: {sheet.templates} templates as the datasheet counts them, "
        f"{sheet.near_duplicates:,} near-duplicates, {sheet.repeats:,} repeats, "
        f"{unread:,} unreviewed."
    )


def _facts(claim: Claim, core: Path | None) -> Iterator[str]:
    scorers = ", ".join(f"`{scorer}`" for scorer in claim.scorers)
    file = f"`{core.name}`" if core else "none"
    yield f"- **Who, how**: {WRITTEN}"
    yield f"- **Languages**: {', '.join(claim.languages)}"
    yield f"- **Core**: {file}; **licence**: {claim.licence}"
    seen = "what each does not see is said in [Banks](banks.md#scorers)"
    yield f"- **Scored by** {scorers}; {seen}"
    yield f"- **Limits**: {' '.join(claim.limits.split())}"


def _asked(claim: Claim, asking: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield "| conduct it speaks to | norms that ask for it |"
    yield "|---|---|"
    for conduct in claim.conducts:
        norms = asking.get(conduct, ())
        named = ", ".join(f"`{norm}`" for norm in norms[:6])
        more = f" and {len(norms) - 6} more" if len(norms) > 6 else ""
        yield f"| `{conduct}` | {named}{more} |"
