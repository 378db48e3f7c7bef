# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What depends on whom: bills of materials, measures, shocks."""
