# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What members say in their logs: signed, read, followed, trusted, erased, exported."""
