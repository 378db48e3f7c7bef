# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Following other logs: taking in, checking, healing, and pausing at quotas."""
