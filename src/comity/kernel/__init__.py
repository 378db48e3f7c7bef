# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Values every room shares: identifiers, instants, digests, canonical JSON, truth."""
