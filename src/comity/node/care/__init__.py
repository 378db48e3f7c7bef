# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keeping a node: backup, restoring, checking every byte, repair."""
