// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strconv"
	"strings"
	"time"

	"comity.example/interop/sumdb/tlog"
)

// askRehash reads a log of some size and hashes it anew, with nothing checked and nothing kept:
// from its entries, or where Type is "hashes" from its leaf hashes. It is what benchmarks measure
// a follower against.
func askRehash(asked question, said *answer) error {
	folder, start := tileFolder(asked.Folder), time.Now()
	encoded, err := folder.read("checkpoint")
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(strings.SplitN(string(encoded), "\n", 3)[1], 10, 64)
	if err != nil {
		return err
	}
	tree := make(stored, 0, 2*size)
	for first := int64(0); first < size; first += width {
		leaves, err := folder.leaves(first, min(width, size-first), asked.Type == "hashes")
		if err != nil {
			return err
		}
		for at, leaf := range leaves {
			hashes, err := tlog.StoredHashesForRecordHash(first+int64(at), leaf, tree)
			if err != nil {
				return err
			}
			tree = append(tree, hashes...)
		}
	}
	root, err := tlog.TreeHash(size, tree)
	said.Size, said.Root, said.Seconds = size, root[:], time.Since(start).Seconds()
	return err
}

// leaves returns the hashes of some leaves, read from their tile or computed from their entries.
func (f tileFolder) leaves(first, count int64, asHashes bool) ([]tlog.Hash, error) {
	tile := tlog.Tile{H: height, L: -1, N: first / width, W: int(count)}
	if asHashes {
		tile.L = 0
	}
	content, err := f.read(f.path(tile))
	if err != nil {
		return nil, err
	}
	found := make([]tlog.Hash, 0, count)
	if asHashes {
		for ; len(content) >= tlog.HashSize; content = content[tlog.HashSize:] {
			found = append(found, tlog.Hash(content[:tlog.HashSize]))
		}
		return found, nil
	}
	entries, err := unbundle(content)
	for _, entry := range entries {
		found = append(found, tlog.RecordHash(entry))
	}
	return found, err
}
