# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many questions suffice: lattices, bets, designs, bounds and verdicts."""
