# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What counts as shown: claims, draws, e-values, verdicts, and continuing them."""
