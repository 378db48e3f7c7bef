# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments: who is bound, what states say of them, and packs adopted through them."""
