# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cooperation: what is offered, what is needed, and who fits whom."""
