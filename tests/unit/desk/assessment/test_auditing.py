# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An audit from commitment to conclusion, and the ways to cheat at each step."""

from fractions import Fraction
from pathlib import Path

import pytest

from comity.desk.assessment.auditing import Plan, commit, conclude, draw
from comity.errors import Conflict, InvalidDocument, NotPermitted, VerificationFailed
from comity.evidence.judge.panel import Asked
from comity.evidence.statistics.design import Verdict
from comity.files.audit import ANSWERS, COMMITMENT, CONCLUSION
from comity.files.labelled import Labelled, to_labelled_jsonl
from comity.kernel.digest import Digest, sha256

SEED = bytes(range(32))
PLAN = Plan(
    judge="Example-1B",
    threshold=Fraction(9, 10),
    goal=Fraction(97, 100),
    risk=Fraction(1, 20),
    power=Fraction(9, 10),
)


def verdicts(size: int = 300) -> tuple[Labelled, ...]:
    """Return answers of which one in 100 fails, with verdicts that say so."""
    return tuple(
        Labelled(
            prompt=f"Q{n}", reference="", answer="yes" if n % 100 else "no", passes=n % 100 > 0
        )
        for n in range(size)
    )


def labels(folder: Path, asked: tuple[Asked, ...], name: str = "labels.jsonl") -> Path:
    """Write what people say: an answer passes where it says yes."""
    rows = (
        Labelled(prompt=one.prompt, reference="", answer=one.answer, passes=one.answer == "yes")
        for one in asked
    )
    path = folder / name
    path.write_text(to_labelled_jsonl(rows), "utf-8")
    return path


def test_an_honest_judges_claim_is_shown_by_a_few_labels(tmp_path: Path) -> None:
    """The whole path; what is written at its end has the digest that is printed."""
    folder = tmp_path / "audit"
    digest = commit(folder, verdicts(), PLAN)
    asked = draw(folder, SEED, 80)
    found = conclude(folder, [labels(tmp_path, asked)], digest)

    assert found.audited.verdict is Verdict.SHOWN
    assert found.missing == 0
    assert found.commitment == digest
    assert found.digest == sha256((folder / CONCLUSION).read_bytes())


def test_draws_go_on_and_do_not_repeat(tmp_path: Path) -> None:
    """A second draw continues the one order; at the end there is no more."""
    folder = tmp_path / "audit"
    commit(folder, verdicts(100), PLAN)
    parts = [draw(folder, SEED, 60), draw(folder, None, 60)]

    assert [len(part) for part in parts] == [60, 40]
    assert len({one.prompt for part in parts for one in part}) == 100
    with pytest.raises(NotPermitted):
        draw(folder, None, 1)


def test_another_seed_is_refused_and_the_first_is_needed(tmp_path: Path) -> None:
    """Who may draw again draws until it pleases."""
    folder = tmp_path / "audit"
    commit(folder, verdicts(), PLAN)
    with pytest.raises(InvalidDocument):
        draw(folder, None, 5)
    draw(folder, SEED, 5)

    with pytest.raises(Conflict):
        draw(folder, bytes(32), 5)


@pytest.mark.parametrize("name", [ANSWERS, COMMITMENT])
def test_a_verdict_changed_after_the_commitment_is_found(tmp_path: Path, name: str) -> None:
    """That is the whole point of committing."""
    folder = tmp_path / "audit"
    digest = commit(folder, verdicts(), PLAN)
    asked = draw(folder, SEED, 5)
    text = (folder / name).read_text("utf-8")
    (folder / name).write_text(
        text.replace('"passes": false', '"passes": true').replace(
            '"passes":false', '"passes":true'
        ),
        "utf-8",
    )

    with pytest.raises(VerificationFailed):
        conclude(folder, [labels(tmp_path, asked)], digest)


def test_another_commitment_than_the_published_is_refused(tmp_path: Path) -> None:
    """A folder made anew is another audit."""
    folder = tmp_path / "audit"
    commit(folder, verdicts(), PLAN)
    asked = draw(folder, SEED, 5)

    with pytest.raises(VerificationFailed):
        conclude(folder, [labels(tmp_path, asked)], Digest(bytes(32)))


def test_a_label_held_back_stops_the_count(tmp_path: Path) -> None:
    """Whoever left the bad ones out would show anything."""
    folder = tmp_path / "audit"
    digest = commit(folder, verdicts(), PLAN)
    asked = draw(folder, SEED, 80)
    found = conclude(folder, [labels(tmp_path, (*asked[:10], *asked[11:]))], digest)

    assert found.audited.asked == 10
    assert found.missing == 70
    assert found.audited.verdict is Verdict.INSUFFICIENT


def test_labels_of_others_and_contradictions_are_all_named(tmp_path: Path) -> None:
    """A label for what was not drawn was chosen by somebody."""
    folder = tmp_path / "audit"
    commit(folder, verdicts(), PLAN)
    asked = draw(folder, SEED, 5)
    strange = Labelled(prompt="other", reference="", answer="x", passes=True)
    first = Labelled(prompt=asked[0].prompt, reference="", answer=asked[0].answer, passes=False)
    (tmp_path / "more.jsonl").write_text(to_labelled_jsonl([strange, first]), "utf-8")

    with pytest.raises(InvalidDocument) as caught:
        conclude(folder, [labels(tmp_path, asked), tmp_path / "more.jsonl"], None)
    assert len(caught.value.faults) == 2


def test_shares_that_contradict_each_other_are_all_named(tmp_path: Path) -> None:
    """Every fault at once, and nothing written."""
    wrong = Plan(
        judge="x",
        threshold=Fraction(1),
        goal=Fraction(1, 2),
        risk=Fraction(0),
        power=Fraction(1),
    )
    with pytest.raises(InvalidDocument) as caught:
        commit(tmp_path / "audit", verdicts(), wrong)

    assert len(caught.value.faults) == 3
    assert not (tmp_path / "audit").exists()
    commit(tmp_path / "audit", verdicts(), PLAN)
    with pytest.raises(NotPermitted):
        conclude(tmp_path / "audit", [], None)
    with pytest.raises(Conflict):
        commit(tmp_path / "audit", verdicts(), PLAN)
