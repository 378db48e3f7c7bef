# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a system or a state rests on, part by part: layers, bills, their faults."""
