// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"comity.example/interop/sumdb/tlog"
)

func hashOf(raw []byte) (hash tlog.Hash, err error) {
	if copy(hash[:], raw) != tlog.HashSize || len(raw) != tlog.HashSize {
		err = errors.New("a hash has 32 bytes")
	}
	return hash, err
}

func hashesOf(raws [][]byte) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(raws))
	for at, raw := range raws {
		hash, err := hashOf(raw)
		if err != nil {
			return nil, err
		}
		hashes[at] = hash
	}
	return hashes, nil
}

func askInclusion(asked question, _ *answer) error {
	path, err := hashesOf(asked.Path)
	if err != nil {
		return err
	}
	leaf, err := hashOf(asked.Leaf)
	if err != nil {
		return err
	}
	root, err := hashOf(asked.Root)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, asked.Size, root, asked.Index, leaf)
}

func askConsistency(asked question, _ *answer) error {
	path, err := hashesOf(asked.Path)
	if err != nil {
		return err
	}
	first, err := hashOf(asked.OldRoot)
	if err != nil {
		return err
	}
	second, err := hashOf(asked.Root)
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, asked.Size, second, asked.Old, first)
}

// askProof judges an entry by a whole C2SP tlog-proof.
func askProof(asked question, _ *answer) error {
	head, encoded, found := bytes.Cut(asked.Note, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		return errors.New("not a tlog-proof")
	}
	lines = lines[1:]
	if extra, is := strings.CutPrefix(lines[0], "extra "); is {
		if _, err := base64.StdEncoding.Strict().DecodeString(extra); err != nil || extra == "" {
			return errors.New("not the base64 of extra bytes")
		}
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return errors.New("no index")
	}
	number := strings.TrimPrefix(lines[0], "index ")
	index, err := strconv.ParseInt(number, 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != number {
		return errors.New("not an index")
	}
	path := make([]tlog.Hash, 0, len(lines))
	for _, line := range lines[1:] {
		hash, err := strictHash(line)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	signed, _, err := openCheckpoint(encoded, asked.Key)
	if err != nil {
		return err
	}
	leaf := tlog.RecordHash(asked.Entry)
	return tlog.CheckRecord(path, signed.tree.N, signed.tree.Hash, index, leaf)
}
