# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other harnesses: Inspect's agents, scorers and logs, each in a process of its own."""
