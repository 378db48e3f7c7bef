# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What rules say: facts, conditions, norms, packs, and what follows from them."""
