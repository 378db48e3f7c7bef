# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove`: what can be shown of the encoded rules, whoever the system is."""

from cyclopts import App

from comity.cli.prove_certify import certify, check
from comity.cli.prove_conflicts import conflicts
from comity.cli.prove_lint import lint

app = App(name="prove", help="Prove what holds of the encoded rules, whoever the system is.")
app.command(conflicts)
app.command(lint)
app.command(certify)
app.command(check)
