# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The cheapest way out of relying on any one partner, and what no purchase can fix."""
