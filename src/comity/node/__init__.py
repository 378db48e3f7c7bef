# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One member's node: keys, log on disk, witness, follow, index."""
