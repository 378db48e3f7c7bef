# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bytes only: statements, trees, tiles, checkpoints, witnesses, proofs, keysets."""
