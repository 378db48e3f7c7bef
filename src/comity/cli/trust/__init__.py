# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity trust` and `comity verify`: whose word counts, and checking it."""
