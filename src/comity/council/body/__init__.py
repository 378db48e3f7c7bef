# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bodies that decide: who has a seat, in which groups, with which weights."""
