# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The layers of the stack, from the ground up."""

LAYERS = (
    "energy",
    "chips",
    "data_centre",
    "cloud",
    "model",
    "data",
    "talent",
    "application",
    "standard",
)
"""The layers of DESIGN section 8; a bill may use another word, which stands for itself."""

COMPUTE = ("data_centre", "cloud")
"""Layers of which the three questions (territory, owner, chips) are always asked."""
