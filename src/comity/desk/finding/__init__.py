# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Findings for others: put into one file, verified, shown, relied on."""
