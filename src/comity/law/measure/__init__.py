# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measures: what a system has to do to meet all it owes, and what cannot be met together."""
