# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cosigning the checkpoints of others, and asking others to cosign."""
