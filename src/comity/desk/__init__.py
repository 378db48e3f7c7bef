# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One folder per area: load, decide, record; no rendering, no argument parsing."""
