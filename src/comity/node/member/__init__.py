# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which node this is: its settings, its founding, and who it cannot reach."""
