# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""All that was published of one test, and what was said of it afterwards."""
