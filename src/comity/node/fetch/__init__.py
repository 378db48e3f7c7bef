# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Reading another node: from a folder or over HTTP, with signed requests and no surprises."""
