# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bytes on a disk: durable writes, the journal, one writer, small databases."""
