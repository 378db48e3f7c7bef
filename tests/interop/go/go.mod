// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

// The folder sumdb/ is copied here from the Go toolchain when this is built; see ../auditor.py.
module comity.example/interop

go 1.25
