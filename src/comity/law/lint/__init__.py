# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Lint: what is wrong with encoded rules by their logic alone, whoever the system is."""
