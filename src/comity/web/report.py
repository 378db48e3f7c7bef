# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The report of a finding as one page that travels alone: style inside, no script, no link."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup

from comity.desk.finding.writing import FindingReport
from comity.kernel.instant import from_rfc3339
from comity.web.render import Renderer
from comity.web.staircase import staircase_of

ITEMS = 40
"""Failed items on the page; the JSON has all."""

PLOTS = 40
"""Paths drawn on the page; the JSON has all."""

STYLE = files("comity.web").joinpath("static", "report.css").read_text("utf-8").strip()

_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()

POLICY = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'"
"""The content security policy that lets the page's own style in and nothing else."""


def render_report(renderer: Renderer, report: FindingReport, tag: str) -> str:
    """Write a report as one page in one language."""
    language = renderer.languages[tag]
    counted = [one for one in report.categories if one.mean_ppm is None]
    failed = [item for item in report.items if not item.passed]
    return (
        renderer.environments[tag]
        .get_template("report.html")
        .render(
            report=report,
            language=language,
            issued=from_rfc3339(report.issued).date(),
            style=Markup(STYLE),  # noqa: S704 - our own stylesheet, nobody else's text
            not_shown=[one for one in report.categories if one.verdict == "not_shown"],
            failed=failed,
            labels={one.name: one.label for one in report.categories},
            item_limit=ITEMS,
            plots=[staircase_of(one) for one in counted[:PLOTS]],
            undrawn=len(counted) > PLOTS,
            is_of_population=any(one.about == "population" for one in report.categories),
        )
    )
