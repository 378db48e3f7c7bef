# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Tests of a service: asked for, designed, planned, run, watched after deployment."""
