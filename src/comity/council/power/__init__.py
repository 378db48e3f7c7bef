# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Voting power: what a rule makes of each member's voice, exactly (docs/spec/power.md)."""
