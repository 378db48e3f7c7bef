# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Consultation: what declared groups agree on, in exact counts that anyone re-derives."""
