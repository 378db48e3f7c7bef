# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The main job: four example nodes and two real AI services on this machine."""
