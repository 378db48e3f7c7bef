# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a register shows of the logs it follows: lists, sheets, feeds."""
