# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove`: what can be shown of the encoded rules, whoever the system is."""

from cyclopts import App

from comity.cli.law.certify import certify, check
from comity.cli.law.conflicts import conflicts
from comity.cli.law.lint import lint

app = App(name="prove", help="Prove what holds of the encoded rules, whoever the system is.")
app.command(conflicts)
app.command(lint)
app.command(certify)
app.command(check)
