# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a node sees: the index over the logs it holds, and where each fact comes from."""
