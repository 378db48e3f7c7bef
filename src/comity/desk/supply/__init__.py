# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What systems and states rest on, as far as anybody has stated it."""
