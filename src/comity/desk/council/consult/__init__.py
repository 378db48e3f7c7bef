# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Consultations: opened, signed group by group, concluded, shown."""
