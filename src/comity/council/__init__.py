# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How members decide: rules, decisions, instruments, power, consultation, programme."""
