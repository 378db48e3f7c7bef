# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules and bodies, shipped or written, as people and pages see them."""
