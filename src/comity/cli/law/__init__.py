# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The verbs about rules: which duties bind, what collides, what to do."""
