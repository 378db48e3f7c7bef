# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keys of a member: in files, in tokens, with officers; who signs what."""
