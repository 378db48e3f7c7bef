# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Deciding together: decisions, consultations, instruments, programmes, rules."""
