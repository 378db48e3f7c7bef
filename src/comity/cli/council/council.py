# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council`: rules, proposals, ballots and what they make of each member's voice."""

from cyclopts import App

app = App(
    name="council", help="Decide together: rules as data, ballots, results, voting power."
)

app.command("comity.cli.council.rule:app", name="rule")
app.command("comity.cli.council.replay:replay", name="replay")
app.command("comity.cli.council.power:bodies", name="bodies")
app.command("comity.cli.council.power:power", name="power")
for _verb in ("propose", "amend", "vote", "position", "challenge"):
    app.command(f"comity.cli.council.vote:{_verb}", name=_verb)
for _verb in ("mandate", "roll"):
    app.command(f"comity.cli.council.bloc:{_verb}", name=_verb)
for _verb in ("receive", "tally", "result", "compare", "show"):
    app.command(f"comity.cli.council.tally:{_verb}", name=_verb)
app.command("comity.cli.council.tally:list_", name="list")
