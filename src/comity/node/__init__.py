# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One member's node: its keys, its log on disk, the logs it follows and witnesses."""
