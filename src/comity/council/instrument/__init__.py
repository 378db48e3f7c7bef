# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: who signed, who is bound from when, what is reserved, differs, or is unknown."""
