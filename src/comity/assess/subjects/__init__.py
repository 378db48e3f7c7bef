# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked: services behind an endpoint, functions, programs, weights."""
