# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Any rule on any roll-call history: what would have passed, and who could have stopped it."""
