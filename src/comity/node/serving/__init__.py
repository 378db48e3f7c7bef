# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A node over HTTP: its log, its witness, its health and its measures."""
