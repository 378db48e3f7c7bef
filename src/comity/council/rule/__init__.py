# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rules as data: one object decides, explains itself, is analysed and replayed."""
