# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Running a test: subjects, scorers, the draw-order runner and its transcript."""
