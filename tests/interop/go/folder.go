// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"comity.example/interop/sumdb/note"
	"comity.example/interop/sumdb/tlog"
)

const (
	height = 8 // tlog-tiles has tiles of 256 hashes, and leaves the height out of their paths
	width  = 1 << height
)

// tileFolder reads a log as C2SP tlog-tiles lays it out: below a folder, or below an address.
type tileFolder string

func (f tileFolder) path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(rest, "data/", "entries/", 1)
}

func (f tileFolder) read(path string) ([]byte, error) {
	if !strings.HasPrefix(string(f), "http://") {
		return os.ReadFile(filepath.Join(string(f), path))
	}
	got, err := http.Get(string(f) + "/" + path)
	if err != nil {
		return nil, err
	}
	defer got.Body.Close()
	if got.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, got.Status)
	}
	return io.ReadAll(io.LimitReader(got.Body, 1<<25))
}

func (f tileFolder) Height() int { return height }

func (f tileFolder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for at, tile := range tiles {
		content, err := f.read(f.path(tile))
		if err != nil {
			return nil, err
		}
		found[at] = content
	}
	return found, nil
}

// entries reads every bundle of a log of some size.
func (f tileFolder) entries(size int64) ([][]byte, error) {
	var found [][]byte
	for start := int64(0); start < size; start += width {
		count := min(width, size-start)
		content, err := f.read(f.path(tlog.Tile{H: height, L: -1, N: start / width, W: int(count)}))
		if err != nil {
			return nil, err
		}
		some, err := unbundle(content)
		if err != nil {
			return nil, err
		}
		if int64(len(some)) != count {
			return nil, fmt.Errorf("a bundle of %d entries, not %d", len(some), count)
		}
		found = append(found, some...)
	}
	return found, nil
}

func unbundle(content []byte) ([][]byte, error) {
	var found [][]byte
	for len(content) > 0 {
		if len(content) < 2 || len(content)-2 < int(binary.BigEndian.Uint16(content)) {
			return nil, errors.New("a bundle that is cut short")
		}
		end := 2 + int(binary.BigEndian.Uint16(content))
		found, content = append(found, content[2:end]), content[end:]
	}
	return found, nil
}

// askFolder audits a whole log: signature, root from the tiles, every entry under its leaf hash.
func askFolder(asked question, said *answer) error {
	folder := tileFolder(asked.Folder)
	encoded, err := folder.read("checkpoint")
	if err != nil {
		return err
	}
	signed, _, err := openCheckpoint(encoded, asked.Key)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(signed.tree, folder)
	said.Size = signed.tree.N
	root, err := tlog.TreeHash(signed.tree.N, reader)
	if err != nil {
		return err
	}
	said.Root = root[:]
	entries, err := folder.entries(signed.tree.N)
	if err != nil {
		return err
	}
	indexes := make([]int64, len(entries))
	for at := range indexes {
		indexes[at] = tlog.StoredHashIndex(0, int64(at))
	}
	leaves, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for at, entry := range entries {
		if tlog.RecordHash(entry) != leaves[at] {
			return fmt.Errorf("entry %d is not under its leaf hash", at)
		}
	}
	return nil
}

// stored is a whole tree in memory, in the order of package tlog.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for at, index := range indexes {
		if index >= int64(len(s)) {
			return nil, errors.New("a hash beyond the tree")
		}
		found[at] = s[index]
	}
	return found, nil
}

// grow adds entries to the log in a folder, and signs it.
func grow(asked question, said *answer) error {
	folder := tileFolder(asked.Folder)
	signers := make([]note.Signer, len(asked.Secrets))
	for at, secret := range asked.Secrets {
		signer, err := note.NewSigner(secret)
		if err != nil {
			return err
		}
		signers[at] = signer
	}
	entries, err := folder.published()
	if err != nil {
		return err
	}
	before := int64(len(entries))
	entries = append(entries, asked.Entries...)
	tree := stored{}
	for at, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(at), entry, tree)
		if err != nil {
			return err
		}
		tree = append(tree, hashes...)
	}
	if err := folder.write(before, entries, tree); err != nil {
		return err
	}
	root, err := tlog.TreeHash(int64(len(entries)), tree)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", signers[0].Name(), len(entries), root)
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		return err
	}
	said.Size, said.Root, said.Note = int64(len(entries)), root[:], signed
	return put(filepath.Join(asked.Folder, "checkpoint"), signed)
}

// published returns the entries under the checkpoint of the folder; none before the first.
func (f tileFolder) published() ([][]byte, error) {
	encoded, err := f.read("checkpoint")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, _, _ := strings.Cut(string(encoded), "\n\n")
	found, err := parseCheckpoint(text + "\n")
	if err != nil {
		return nil, err
	}
	return f.entries(found.tree.N)
}

func (f tileFolder) write(before int64, entries [][]byte, tree stored) error {
	for _, tile := range tlog.NewTiles(height, before, int64(len(entries))) {
		content, err := tlog.ReadTileData(tile, tree)
		if err != nil {
			return err
		}
		if err := put(filepath.Join(string(f), f.path(tile)), content); err != nil {
			return err
		}
		if tile.L > 0 {
			continue
		}
		tile.L = -1
		start := tile.N * width
		if err := put(filepath.Join(string(f), f.path(tile)), bundle(entries[start:start+int64(tile.W)])); err != nil {
			return err
		}
	}
	return nil
}

func bundle(entries [][]byte) []byte {
	var content []byte
	for _, entry := range entries {
		content = binary.BigEndian.AppendUint16(content, uint16(len(entry)))
		content = append(content, entry...)
	}
	return content
}

func put(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
