# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess suggest`: which tests a system's duties ask for."""

from pathlib import Path

from rich.console import Console

from comity.cli.assess.render_suggest import print_suggestion, print_written
from comity.cli.law.asked import Asked
from comity.cli.option import Json, print_json
from comity.desk.assessment.suggested import write_suggestion
from comity.desk.assessment.suggesting import suggest as suggest_tests
from comity.desk.law.duties import duties_of, library_for, load_profile

_AS_THE_PROFILE_SAYS = Asked()


def suggest(
    profile: Path,
    *,
    asked: Asked = _AS_THE_PROFILE_SAYS,
    bank_dir: Path | None = None,
    write: Path | None = None,
    replace: bool = False,
    as_json: Json = False,
) -> int:
    """Propose the tests that a system's duties ask for, each once for all of them.

    Where several ask for what one bank shows, one plan is proposed, with the strictest of
    their figures. Duties no bank here speaks to are listed, and so are those that cannot be
    told to apply, with the facts that would settle it.

    Example: comity assess suggest relief.toml --in EU,CHN,VNM

    Example: comity assess suggest relief.toml --in EU,CHN --write chosen

    Args:
        profile: The system's profile, a TOML file.
        bank_dir: A folder of claims and cores that stand beside those that come along.
        write: A folder for each plan's claim and core, and all of it as JSON.
        replace: Write over files that are there.
    """
    inquiry = asked.inquiry()
    determination = duties_of(load_profile(profile, library_for(inquiry)), inquiry)
    with Console(stderr=True).status("finding the fewest questions that hold the risk …"):
        found = suggest_tests(determination, bank_dir)
    written = () if write is None else write_suggestion(found, write, replace=replace)
    if as_json:
        print_json(found.to_json())
        return 0
    console = Console(highlight=False)
    print_suggestion(console, found)
    print_written(console, written)
    return 0
