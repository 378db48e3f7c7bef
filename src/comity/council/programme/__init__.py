# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Programmes: the tasks of an adopted plan, and which institution of which member does them."""
