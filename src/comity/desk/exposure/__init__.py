# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a state depends on, what a shock stops, and the cheapest way out."""
