# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A second verifier, in one file that needs nothing but Python; no room of ours imports it."""
