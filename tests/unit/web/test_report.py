# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One page that travels alone: printed, mailed, opened years later without a network."""

import gzip
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from tests.fakes.forgery import forge

from comity.desk.finding.reporting import report_of
from comity.desk.finding.verification import verify_dossier
from comity.desk.finding.writing import LIMITS, FindingReport
from comity.evidence.publishing import Publishing
from comity.files.dossier import from_bytes
from comity.web.language import TAGS
from comity.web.render import Renderer, load_renderer
from comity.web.report import POLICY, render_report
from comity.web.staircase import staircase_of

HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}\u202e\x07'


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Return the templates."""
    return load_renderer()


@pytest.fixture(scope="module")
def report() -> FindingReport:
    """Return the report of one test."""
    return report_of(verify_dossier(from_bytes(forge())))


@pytest.mark.parametrize("tag", TAGS)
def test_it_asks_nobody_and_runs_nothing(
    renderer: Renderer, report: FindingReport, tag: str
) -> None:
    """No script, no link, no picture from elsewhere: what it says is all in it."""
    page = render_report(renderer, report, tag)

    assert "<script" not in page
    assert not re.findall(r"\b(?:href|src|action|srcset)=", page)
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize("tag", TAGS)
def test_it_says_the_verdict_the_gaps_and_every_limit(
    renderer: Renderer, report: FindingReport, tag: str
) -> None:
    """In the page's own language, marked as a draft where nobody has read it."""
    page = render_report(renderer, report, tag)
    said = {one: text for one, text in LIMITS.items() if text in page}

    assert set(said) == (set(LIMITS) if tag == "en" else set())
    assert page.count("<svg") == len(report.categories)
    assert ('class="note' in page) is (tag != "en")
    assert f'lang="{ {"zh": "zh-Hans"}.get(tag, tag) }"' in page
    assert str(report.finding.sha256) in page


@pytest.mark.parametrize("count", [2, 31])
def test_it_weighs_little(renderer: Renderer, report: FindingReport, count: int) -> None:
    """15 KB gzipped, thirty-one categories included."""
    one = report.categories[0]
    categories = tuple(replace(one, name=f"category-{n}") for n in range(count))
    page = render_report(renderer, replace(report, categories=categories), "en")

    assert len(gzip.compress(page.encode())) <= 15_000


def test_others_texts_cannot_leave_their_place(
    renderer: Renderer, report: FindingReport
) -> None:
    """A bank's limits, a name, an answer: each is somebody's word and may be hostile."""
    item = replace(report.items[0], question=HOSTILE, answer=HOSTILE, passed=False)
    hostile = replace(
        report,
        claim={"en": HOSTILE},
        items=(item,),
        bank=replace(report.bank, limits=HOSTILE, name=HOSTILE),
        tester=replace(report.tester, name=HOSTILE),
        categories=tuple(replace(one, label={"en": HOSTILE}) for one in report.categories),
    )
    page = render_report(renderer, hostile, "en")

    assert "<script" not in page
    assert "49" not in page.split("<main>")[0]
    assert "\u202e" not in page
    assert "\x07" not in page


@pytest.mark.parametrize("publishing", [Publishing.FAILED, Publishing.NONE])
def test_what_is_withheld_is_said(
    renderer: Renderer, report: FindingReport, publishing: Publishing
) -> None:
    """A reader must not take a withheld item for one that did not fail."""
    page = render_report(
        renderer, replace(report, publishing=publishing, items=(), withheld=12), "en"
    )
    said = {"failed": "publishes failed items only; 12", "none": "publishes no items; 12"}

    assert said[publishing.value] in page
    assert ("No opened item failed." in page) is (publishing is Publishing.FAILED)


def test_the_policy_lets_in_the_pages_own_style_only(
    renderer: Renderer, report: FindingReport
) -> None:
    """A browser that gets the page from a node applies exactly this stylesheet."""
    page = render_report(renderer, report, "en")
    style = page.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert POLICY.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


def test_a_staircase_stays_on_its_paper_and_ends_where_the_verdict_fell(
    report: FindingReport,
) -> None:
    """What a court measures with a ruler must be where the numbers say."""
    for category in report.categories:
        plot = staircase_of(category)
        numbers = [
            int(one) for one in re.findall(r"\d+", plot.path + plot.accept + plot.reject)
        ]

        assert all(0 <= number <= max(plot.width, plot.height) for number in numbers)
        assert plot.path.endswith(f"H{plot.end[0]}")
        assert plot.path.count("V") == category.failed
        assert 0 < plot.end[1] < plot.height
