# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bytes only: statements in envelopes, trees in tiles, checkpoints, cosignatures, proofs."""
