# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Comity: AI services tested once, checkable everywhere."""

__version__ = "0.1.0"
