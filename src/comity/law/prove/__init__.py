# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Proofs about rules: what can be true together, what cannot, and why."""
