# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How much of what one rests on is whose, each figure as an exact interval."""
