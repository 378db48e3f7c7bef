# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is kept beside a log: blobs, sealed boxes, custody, and their erasure."""
