# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Judges that err: what their error costs, what they said, and what follows from it."""
