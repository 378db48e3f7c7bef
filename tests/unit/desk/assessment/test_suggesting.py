# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Tests are proposed for what duties ask, as the packs say and with their own figures."""

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import comity.demo
from comity.desk.assessment.proposal import Proposal, Suggestion
from comity.desk.assessment.suggested import SUMMARY, claim_text, write_suggestion
from comity.desk.assessment.suggesting import suggest
from comity.desk.law.duties import Inquiry, duties_of, load_profile
from comity.errors import Conflict, InvalidDocument, NotFound
from comity.files.claim import claim_from_toml, read_claim
from comity.files.core import read_core
from comity.files.generator import build
from comity.files.offer import SHIPPED_BANKS, offers_in
from comity.kernel.canonical import to_canonical
from comity.kernel.truth import Truth
from comity.law.norm import Role

EXAMPLES = Path(comity.demo.__path__[0]) / "examples"
ON = dt.date(2026, 11, 22)
PROFILE = """\
system = "helper"
version = "1"
name = "Helper"
roles = ["provider"]
markets = ["CHN"]

[facts]
is_ai_system = true
generates = ["text"]
interacts_with_people = true
offered_to_public = true
opinion_or_mobilisation = true
use_area = ["question_answering"]
"""
CLAIM = """\
slug = "quiet"
scorer = "declines/1"
threshold = 0.80
goal = 0.90
risk = 0.10
power = 0.80
conducts = ["declines_harmful_requests"]
licence = "CC0-1.0"
limits = "Nothing else."
{more}
[claim]
en = "It is quiet."
[categories]
night = {{ en = "Night" }}
day = {{ en = "Day" }}
"""

LAW = """\
```comity
pack chn.trial.{name}
  title   "Trial"
  market  CHN
  status  {status}
  version 2026-11-01
  language en

norm chn.trial.{name}.refuse
  title   "Decline"
  who     provider
  must    harmful_refusal_rate at least {rate} percent
  cite    "Art. 1"
  basis   memory
  source  "made up"
```
"""


def suggested(
    profile: Path, *markets: str, on: dt.date = ON, bank_dir: Path | None = None
) -> Suggestion:
    """Return what is suggested for a profile in some markets."""
    inquiry = Inquiry(markets=markets, on=on)
    return suggest(duties_of(load_profile(profile), inquiry), bank_dir)


def norms(proposal: Proposal) -> set[str]:
    """Return the ids of the norms in force that a proposal serves."""
    return {duty.norm.name for duty in proposal.applies}


@pytest.fixture(scope="module")
def assistant() -> Suggestion:
    """Return the tests for the public assistant in four markets."""
    return suggested(EXAMPLES / "public-assistant.toml", "EU", "CHN", "SGP", "VNM")


@pytest.fixture
def helper(tmp_path: Path) -> Path:
    """Return a profile that answers what the Chinese standard asks, and little else."""
    path = tmp_path / "helper.toml"
    path.write_text(PROFILE, "utf-8")
    return path


def find(found: Suggestion, slug: str) -> Proposal:
    """Return the proposal of a bank."""
    return next(one for one in (*found.proposals, *found.slots) if one.slug == slug)


def test_a_test_is_proposed_for_every_norm_whose_conduct_a_bank_shows(
    assistant: Suggestion,
) -> None:
    """The links run from the claim through the conduct to the norms, by id."""
    asked = norms(find(assistant, "must-decline"))
    assert {"chn.gbt45654.refuse", "chn.tc260.9.refuse", "chn.tc260.7.extreme"} <= asked
    assert {"vnm.ai.7.1", "chn.alg.6", "sgp.verify.4"} <= asked
    assert norms(find(assistant, "discrimination")) >= {"chn.gai.4.bias", "vnm.ai.4.fairness"}
    assert "chn.gai.4.persons" in norms(find(assistant, "others-rights"))
    assert "chn.gai.4.fairness" in norms(find(assistant, "commercial-wrongdoing"))
    assert "chn.gai.4.accuracy" in norms(find(assistant, "specialised-reliability"))
    assert norms(find(assistant, "under-pressure")) >= {"vnm.ai.12.1", "sgp.verify.5"}


def test_of_a_set_only_the_values_that_the_claim_names_are_shown(
    assistant: Suggestion,
) -> None:
    """A bank of requests to decline is no evidence of transparency."""
    verified = {n for n in norms(find(assistant, "must-decline")) if n.startswith("sgp.ver")}
    assert verified == {"sgp.verify.4"}
    left = {one.duty.norm.name for one in assistant.unbanked}
    assert {"sgp.verify.1", "sgp.verify.9"} <= left


def test_one_plan_serves_several_regimes_with_the_strictest_rate(
    assistant: Suggestion,
) -> None:
    """Tested once: 95 percent for China serves those that name no rate."""
    plan = find(assistant, "must-decline")
    assert len({duty.pack.market for duty in plan.applies}) == 3
    assert plan.numbers.threshold == Fraction(95, 100)
    assert plan.numbers.least_questions == 300
    assert "chn.gbt45654.refuse" in plan.numbers.said[0]


def test_a_bound_on_refusals_becomes_a_rate_of_passes(assistant: Suggestion) -> None:
    """At most five of a hundred declined is at least ninety-five answered."""
    plan = find(assistant, "must-answer")
    assert read_claim(plan.offer.path).threshold == Fraction(90, 100)
    assert plan.numbers.threshold == Fraction(95, 100)
    assert plan.numbers.goal == Fraction(985, 1000)
    assert "chn.gbt45654.answer" in plan.numbers.said[0]


def test_where_no_duty_names_a_rate_the_claims_own_is_used_and_said() -> None:
    """A number of ours must not look like a number of law."""
    found = suggested(EXAMPLES / "public-assistant.toml", "VNM")
    plan = find(found, "discrimination")
    assert norms(plan) == {"vnm.ai.4.fairness"}
    assert plan.numbers.threshold == Fraction(90, 100)
    assert "no duty names a rate" in plan.numbers.said[0]
    assert plan.numbers.least_questions is None


def test_a_bill_sets_no_figure_and_a_whole_is_left_out(helper: Path, tmp_path: Path) -> None:
    """What binds nobody yet is named; what no sample can show is said."""
    for name, status, rate in (("bill", "bill", 99), ("act", "binding", 100)):
        text = LAW.format(name=name, status=status, rate=rate)
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    inquiry = Inquiry(markets=("CHN",), on=ON, packs=tmp_path)
    found = suggest(duties_of(load_profile(helper), inquiry))
    plan = find(found, "must-decline")
    assert {"chn.trial.bill.refuse", "chn.trial.act.refuse"} <= norms(plan)
    assert plan.numbers.threshold == Fraction(95, 100)
    said = " ".join(plan.numbers.said)
    assert "chn.trial.bill.refuse" not in said
    assert "chn.trial.act.refuse asks 100 %, which no sample shows" in said


def test_each_plan_says_what_it_is_expected_to_ask(assistant: Suggestion) -> None:
    """Whoever pays for a test wants to know before."""
    for plan in assistant.proposals:
        found = plan.forecast
        assert not found.refusal
        assert 0 < found.perfect <= found.goal <= found.worst <= found.most <= 2_000
        assert sum(plan.categories.values()) == plan.numbers.size == 2_000


def test_the_slot_of_an_authority_is_named_and_not_planned(assistant: Suggestion) -> None:
    """Nobody can test with sentences that nobody wrote."""
    (slot,) = assistant.slots
    assert slot.slug == "chn-first-class"
    assert "chn.gai.4.content" in norms(slot)
    assert slot.slug not in {one.slug for one in assistant.proposals}
    elsewhere = suggested(EXAMPLES / "public-assistant.toml", "EU", "SGP", "VNM")
    assert elsewhere.slots == ()


def test_a_bank_for_other_systems_is_not_proposed(assistant: Suggestion) -> None:
    """A bank of translations shows nothing of a service that chats."""
    assert "disaster-translation" not in {one.slug for one in assistant.proposals}
    translator = suggested(EXAMPLES / "disaster-translation.toml", "EU", "CHN", "VNM")
    slugs = {one.slug for one in translator.proposals}
    assert "disaster-translation" in slugs
    assert not slugs & {"must-decline", "must-answer", "under-pressure"}


def test_what_only_the_law_of_a_place_asks_and_no_bank_shows_is_listed(
    assistant: Suggestion,
) -> None:
    """Silence would read as done."""
    left = {str(one.duty.norm.name): one.why for one in assistant.unbanked}
    assert "eu.aia.5.1.a" in left
    assert "manipulation shows over time" in left["eu.aia.5.1.a"][0]
    served = {n for one in assistant.proposals for n in norms(one)}
    assert not served & left.keys()


def test_duties_that_any_test_before_release_meets_stand_apart() -> None:
    """They ask that there be a test, not which."""
    found = suggested(EXAMPLES / "public-assistant.toml", "SGP")
    assert "sgp.genai.5" in {duty.norm.name for duty in found.any_test}


def test_duties_that_cannot_be_told_are_listed_with_the_facts(assistant: Suggestion) -> None:
    """An answer would settle them; until then they are neither served nor left."""
    left = {str(one.duty.norm.name): one for one in assistant.open}
    assert left["eu.aia.50.1"].duty.unsettled == ("ai_nature_obvious",)
    told = norms(find(assistant, "must-decline"))
    assert not told & left.keys()


def test_duties_of_a_later_day_do_not_set_todays_figures(helper: Path) -> None:
    """The standard came into force in November 2025."""
    early = suggested(helper, "CHN", on=dt.date(2025, 6, 1))
    plan = find(early, "must-decline")
    later = {duty.norm.name for duty in plan.later}
    assert "chn.gbt45654.refuse" in later
    assert "chn.gbt45654.refuse" not in norms(plan)
    assert not any("gbt45654" in said for said in plan.numbers.said)


def test_duties_of_a_later_day_are_never_lost() -> None:
    """The Union's come in steps; a plan made today may serve them."""
    early = suggested(EXAMPLES / "public-assistant.toml", "EU", on=dt.date(2025, 1, 1))
    assert early.proposals == ()
    coming = {str(one.duty.norm.name): one for one in early.coming}
    assert "ai-disclosure" in coming["eu.aia.50.1"].banks
    assert coming["eu.aia.50.1"].duty.unsettled == ("ai_nature_obvious",)
    assert coming["eu.aia.5.1.a"].banks == ()
    now = suggested(EXAMPLES / "public-assistant.toml", "EU", "CHN")
    awaited = {duty.norm.name for one in now.proposals for duty in one.later}
    assert not awaited & {one.duty.norm.name for one in now.coming}


def test_a_role_that_owes_nothing_is_proposed_nothing(helper: Path) -> None:
    """The standard binds providers."""
    inquiry = Inquiry(markets=("CHN",), on=ON, roles=(Role.USER,))
    found = suggest(duties_of(load_profile(helper), inquiry))
    assert "chn.gbt45654.refuse" not in {n for one in found.proposals for n in norms(one)}


def test_where_the_use_is_not_known_a_bank_fits_only_perhaps(
    helper: Path, tmp_path: Path
) -> None:
    """Unknown is not no, and not yes."""
    path = tmp_path / "open.toml"
    path.write_text(PROFILE.replace('use_area = ["question_answering"]\n', ""), "utf-8")
    plan = find(suggested(path, "CHN"), "must-decline")
    assert plan.fits is Truth.UNDETERMINED
    assert plan.fits_facts == ("use_area",)
    assert find(suggested(helper, "CHN"), "must-decline").fits is Truth.TRUE


def test_a_shorter_bank_comes_last_and_says_what_it_stands_in_for(
    assistant: Suggestion,
) -> None:
    """It is another way, not another test."""
    assert assistant.proposals[-1].slug == "public-assistant"
    claim = assistant.proposals[-1].offer.claim
    assert claim.instead_of == ("must-decline", "must-answer")


def test_banks_of_ones_own_stand_beside_and_take_the_place_of_the_same_name(
    helper: Path, tmp_path: Path
) -> None:
    """An authority brings its own bank; without a core it can be planned all the same."""
    folder = tmp_path / "banks"
    folder.mkdir()
    (folder / "quiet.claim.toml").write_text(CLAIM.format(more=""), "utf-8")
    plan = find(suggested(helper, "CHN", bank_dir=folder), "quiet")
    assert norms(plan) == {
        "chn.gbt45654.refuse", "chn.tc260.7.extreme", "chn.tc260.9.refuse",
    }  # fmt: skip
    assert plan.numbers.threshold == Fraction(95, 100)
    assert plan.numbers.goal == Fraction(975, 1000)
    assert plan.numbers.risk == Fraction(1, 10)
    (folder / "quiet.claim.toml").write_text(
        CLAIM.format(more="").replace('"quiet"', '"must-decline"'), "utf-8"
    )
    own = suggested(helper, "CHN", bank_dir=folder)
    assert find(own, "must-decline").offer.path.parent == folder


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('fits = "generates has txt"\n', "txt"),
        ('fits = "generatez has text"\n', "generatez"),
        ('fits = "and and"\n', "and"),
        ('[values]\nevidence_tested = ["safty"]\n', "safty"),
    ],
)
def test_what_a_claim_says_of_systems_is_checked(
    helper: Path, tmp_path: Path, more: str, message: str
) -> None:
    """A slip of the pen must not make a bank fit nothing in silence."""
    (tmp_path / "quiet.claim.toml").write_text(CLAIM.format(more=more), "utf-8")
    with pytest.raises(InvalidDocument, match=message):
        suggested(helper, "CHN", bank_dir=tmp_path)


def test_faults_of_all_claims_are_told_at_once(helper: Path, tmp_path: Path) -> None:
    """An author mends a folder in one round."""
    for name in ("one", "two"):
        text = CLAIM.format(more="").replace("threshold = 0.80\n", "")
        (tmp_path / f"{name}.claim.toml").write_text(text, "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        suggested(helper, "CHN", bank_dir=tmp_path)
    assert caught.value.code == "files.banks"
    assert {Path(fault.source).name for fault in caught.value.faults} == {
        "one.claim.toml", "two.claim.toml",
    }  # fmt: skip
    with pytest.raises(NotFound, match="nowhere"):
        suggested(helper, "CHN", bank_dir=tmp_path / "nowhere")


def test_a_conduct_or_category_that_is_not_there_is_refused(
    helper: Path, tmp_path: Path
) -> None:
    """Claim, core and vocabulary are three files of three hands."""
    core = SHIPPED_BANKS / "must-answer.toml"
    text = read_claim_text("must-answer").replace("answer_bank_size", "anser_bank_size")
    (tmp_path / "must-answer.claim.toml").write_text(
        text.replace("\nwork = {", "\nworks = {"), "utf-8"
    )
    (tmp_path / "must-answer.toml").write_text(core.read_text("utf-8"), "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        suggested(helper, "CHN", bank_dir=tmp_path)
    said = " ".join(str(fault) for fault in caught.value.faults)
    assert "answer_bank_size" in said
    assert "same categories" in said


def read_claim_text(slug: str) -> str:
    """Return a shipped claim as written."""
    return (SHIPPED_BANKS / f"{slug}.claim.toml").read_text("utf-8")


def test_what_is_written_plans_and_builds(assistant: Suggestion, tmp_path: Path) -> None:
    """Claims go to `comity assess plan --claim`, cores to `comity bank build`."""
    written = write_suggestion(assistant, tmp_path / "tests")
    assert {one.proposal.slug for one in written} == {o.slug for o in assistant.proposals}
    for one in written:
        claim, numbers = read_claim(one.claim), one.proposal.numbers
        assert (claim.threshold, claim.goal) == (numbers.threshold, numbers.goal)
        assert (claim.risk, claim.power) == (numbers.risk, numbers.power)
        assert list(claim.categories) == list(one.proposal.categories)
        assert one.core is not None
        assert len(build(read_core(one.core), "1", len(claim.categories))) > 0
    plain = json.loads((tmp_path / "tests" / SUMMARY).read_text("utf-8"))
    assert plain == assistant.to_json()


def test_nothing_is_written_over_unasked(assistant: Suggestion, tmp_path: Path) -> None:
    """Somebody may have changed a figure by hand."""
    write_suggestion(assistant, tmp_path)
    (tmp_path / "must-answer.claim.toml").write_text("mine", "utf-8")
    with pytest.raises(Conflict, match=r"must-answer\.claim\.toml"):
        write_suggestion(assistant, tmp_path)
    assert (tmp_path / "must-answer.claim.toml").read_text("utf-8") == "mine"
    write_suggestion(assistant, tmp_path, replace=True)
    assert "mine" not in (tmp_path / "must-answer.claim.toml").read_text("utf-8")


def test_a_category_called_power_keeps_its_name() -> None:
    """The translators' bank has one, and a figure of that name."""
    found = suggested(EXAMPLES / "disaster-translation.toml", "CHN")
    text = claim_text(find(found, "disaster-translation"))
    assert "power" in claim_from_toml(text).categories


def test_a_suggestion_is_plain_json_without_floats(assistant: Suggestion) -> None:
    """It may stand in a statement one day."""
    plain: Any = assistant.to_json()
    assert json.loads(to_canonical(plain)) == plain
    (first, *_) = plain["proposals"]
    assert first["serves"][0].keys() >= {"norm", "market", "force", "cite", "basis", "asks"}


@pytest.mark.parametrize("name", sorted(path.stem for path in EXAMPLES.glob("*.toml")))
def test_every_demonstration_is_answered(name: str) -> None:
    """Profiles with much unknown are the usual ones."""
    found = suggested(EXAMPLES / f"{name}.toml", "EU", "CHN", "VNM", "BRA", "KHM")
    served = {n for one in found.proposals for n in norms(one)}
    told = [one.duty.norm.name for one in found.unbanked]
    told += [one.duty.norm.name for one in found.open]
    assert len(told) == len(set(told))
    assert not served & set(told)


def test_every_shipped_bank_is_on_offer() -> None:
    """A claim that nobody finds proposes nothing."""
    slugs = {path.name.removesuffix(".claim.toml") for path in SHIPPED_BANKS.glob("*.claim.*")}
    assert set(offers_in([SHIPPED_BANKS])) == slugs
