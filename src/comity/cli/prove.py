# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove`: what can be shown of the encoded rules, whoever the system is."""

from cyclopts import App

app = App(name="prove", help="Prove what holds of the encoded rules, whoever the system is.")
app.command("comity.cli.prove_conflicts:conflicts", name="conflicts")
app.command("comity.cli.prove_lint:lint", name="lint")
app.command("comity.cli.prove_certify:certify", name="certify")
app.command("comity.cli.prove_certify:check", name="check")
