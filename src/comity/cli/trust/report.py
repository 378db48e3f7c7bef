# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What `comity verify` writes for others: the report of a finding, the verifier in one file."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cyclopts import Parameter

from comity.assess.adapters.log import write_log
from comity.cli.session import Telling
from comity.cli.trust.verifier import ARCHIVE, archive, script
from comity.desk.finding.reporting import eval_log_of, report_of
from comity.desk.finding.verification import Verified
from comity.desk.finding.writing import to_json
from comity.errors import Conflict
from comity.files.text import write_whole


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is written down.

    Args:
        html: Write the finding's report as one page that prints on A4 and needs nothing else.
        report: Write the same as JSON.
        eval_log: Write the transcript as a log that `inspect view` opens (extra inspect).
        language: Language of the page; others than en are drafts.
        write_verifier: Write the verifier in one file, for machines with nothing but Python;
            a name that ends in .pyz has the scorers of plain text with it.
        replace: Write over files that are there.
    """

    html: Path | None = None
    report: Path | None = None
    eval_log: Path | None = None
    language: Literal["en", "zh", "ar"] = "en"
    write_verifier: Path | None = None
    replace: bool = False

    def check(self) -> None:
        """Refuse to write over anything, before anything else is done.

        Raises:
            Conflict: A file is there.
        """
        for path in (self.html, self.report, self.eval_log, self.write_verifier):
            if path is not None and path.exists() and not self.replace:
                raise Conflict(
                    f"{path} is there already",
                    code="cli.exists",
                    hint="choose another name, or add --replace",
                )


NOTHING = Paper()


def write_reports(telling: Telling, verified: Verified, paper: Paper) -> None:
    """Write the report of a finding as page and as JSON, and its log, where asked for."""
    if paper.eval_log is not None:
        write_log(eval_log_of(verified), paper.eval_log)
        telling.say(f"{paper.eval_log}: inspect view opens it; its rate is of what was asked")
    if paper.html is None and paper.report is None:
        return
    report = report_of(verified)
    if paper.html is not None:
        from comity.web.render import load_renderer  # noqa: PLC0415 - no page, no cost
        from comity.web.report import render_report  # noqa: PLC0415 - the same

        page = render_report(load_renderer(), report, paper.language)
        write_whole(paper.html, page, "report")
        telling.say(f"{paper.html}: the report as a page")
    if paper.report is not None:
        text = json.dumps(to_json(report), ensure_ascii=False, indent=1)
        write_whole(paper.report, f"{text}\n", "report")
        telling.say(f"{paper.report}: the report as JSON")


def write_verifier(telling: Telling, path: Path) -> None:
    """Write the verifier that needs nothing but Python; as .pyz with the scorers beside it."""
    packed = path.suffix == ARCHIVE
    write_whole(path, archive() if packed else script(), "verifier")
    needs = "Python 3.11" if packed else "Python 3.8"
    telling.say(f"{path}: needs nothing but {needs} or later")
    if not packed:
        telling.say(f"with the scorers of plain text: --write-verifier {path.stem}{ARCHIVE}")
    telling.say(f"run it anywhere: python3 {path} finding.json")
