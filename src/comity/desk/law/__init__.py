# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which duties bind whom, and what is proved, measured, swept and drafted of the packs."""
