# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Let `python -m comity.cli` be the command line."""

from comity.cli.app import main

main()
