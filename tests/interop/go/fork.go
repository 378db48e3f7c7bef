// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"

	"comity.example/interop/sumdb/note"
	"comity.example/interop/sumdb/tlog"
)

// evidence is a file that convicts a log of two stories (docs/spec/ledger.md, "Forks").
type evidence struct {
	LogKey      string   `json:"log_key"`
	Smaller     string   `json:"smaller"`
	Larger      string   `json:"larger"`
	PrefixRoot  *string  `json:"prefix_root"`
	Proof       []string `json:"proof"`
	Place       *place   `json:"place"`
	Shared      *shared  `json:"shared"`
	WitnessKeys []string `json:"witness_keys"`
}

// place is where two different entries are proven.
type place struct {
	Index       int64    `json:"index"`
	Smaller     string   `json:"smaller"`
	SmallerPath []string `json:"smaller_path"`
	Larger      string   `json:"larger"`
	LargerPath  []string `json:"larger_path"`
}

// shared is how far both stories agree.
type shared struct {
	Size      int64    `json:"size"`
	Root      string   `json:"root"`
	ToSmaller []string `json:"to_smaller"`
	ToLarger  []string `json:"to_larger"`
}

// askFork judges evidence that one log told two stories.
func askFork(asked question, _ *answer) error {
	var told evidence
	if err := json.Unmarshal(asked.Entry, &told); err != nil {
		return err
	}
	smaller, one, err := openCheckpoint([]byte(told.Smaller), told.LogKey)
	if err != nil {
		return err
	}
	larger, other, err := openCheckpoint([]byte(told.Larger), told.LogKey)
	if err != nil {
		return err
	}
	switch {
	case smaller.tree.N > larger.tree.N:
		err = errors.New("the smaller is the larger")
	case told.Place != nil:
		err = told.Place.contradicts(smaller.tree, larger.tree)
	case smaller.tree.N < larger.tree.N:
		err = told.hasAnotherPast(smaller.tree, larger.tree)
	case smaller.tree.Hash == larger.tree.Hash:
		err = errors.New("one story")
	}
	if err == nil && told.Shared != nil {
		err = told.Shared.holds(smaller.tree, larger.tree)
	}
	if err != nil {
		return err
	}
	return told.signedByWitnesses(one, other)
}

func (told evidence) hasAnotherPast(smaller, larger tlog.Tree) error {
	if told.PrefixRoot == nil {
		return errors.New("nothing shows another root")
	}
	implied, err := hashOfHex(*told.PrefixRoot)
	if err != nil || implied == smaller.Hash {
		return errors.New("nothing shows another root")
	}
	proof, err := hashesOfHex(told.Proof)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, larger.N, larger.Hash, smaller.N, implied)
}

func (p place) contradicts(smaller, larger tlog.Tree) error {
	if p.Smaller == p.Larger {
		return errors.New("one entry")
	}
	for _, half := range []struct {
		leaf string
		path []string
		tree tlog.Tree
	}{{p.Smaller, p.SmallerPath, smaller}, {p.Larger, p.LargerPath, larger}} {
		leaf, err := hashOfHex(half.leaf)
		if err != nil {
			return err
		}
		path, err := hashesOfHex(half.path)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, half.tree.N, half.tree.Hash, p.Index, leaf); err != nil {
			return err
		}
	}
	return nil
}

func (s shared) holds(smaller, larger tlog.Tree) error {
	root, err := hashOfHex(s.Root)
	if err != nil {
		return err
	}
	for _, half := range []struct {
		proof []string
		tree  tlog.Tree
	}{{s.ToSmaller, smaller}, {s.ToLarger, larger}} {
		proof, err := hashesOfHex(half.proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, half.tree.N, half.tree.Hash, s.Size, root); err != nil {
			return err
		}
	}
	return nil
}

func (told evidence) signedByWitnesses(notes ...*note.Note) error {
	for _, vkey := range told.WitnessKeys {
		witness, err := newCosigner(vkey)
		if err != nil {
			return err
		}
		for _, one := range notes {
			encoded, err := note.Sign(one)
			if err != nil {
				return err
			}
			if _, err := note.Open(encoded, note.VerifierList(witness)); err != nil {
				return err
			}
		}
	}
	return nil
}

func hashOfHex(text string) (tlog.Hash, error) {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return tlog.Hash{}, err
	}
	return hashOf(raw)
}

func hashesOfHex(texts []string) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(texts))
	for at, text := range texts {
		hash, err := hashOfHex(text)
		if err != nil {
			return nil, err
		}
		found[at] = hash
	}
	return found, nil
}
