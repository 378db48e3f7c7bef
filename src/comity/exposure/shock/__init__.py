# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What stops where a supplier, a jurisdiction or a layer is lost, or an export rule bites."""
