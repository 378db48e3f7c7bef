# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every norm by every row of a register, three-valued, in columns of codes."""
