// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"comity.example/interop/sumdb/note"
	"comity.example/interop/sumdb/tlog"
)

const kindLog = 1 // C2SP signed-note, Ed25519

// checkpoint is what a log signs (C2SP tlog-checkpoint).
type checkpoint struct {
	origin string
	tree   tlog.Tree
}

// openCheckpoint opens a note that a log's key must have signed.
func openCheckpoint(encoded []byte, vkey string, others ...note.Verifier) (checkpoint, *note.Note, error) {
	log, err := note.NewVerifier(vkey)
	if err != nil {
		return checkpoint{}, nil, err
	}
	opened, err := note.Open(encoded, note.VerifierList(append(others, log)...))
	if err != nil {
		return checkpoint{}, nil, err
	}
	if !isSignedBy(opened, log) {
		return checkpoint{}, nil, errors.New("the log itself did not sign")
	}
	found, err := parseCheckpoint(opened.Text)
	if err == nil && found.origin != log.Name() {
		err = errors.New("the checkpoint of another log")
	}
	return found, opened, err
}

func isSignedBy(opened *note.Note, by note.Verifier) bool {
	for _, one := range opened.Sigs {
		if one.Name == by.Name() && one.Hash == by.KeyHash() {
			return true
		}
	}
	return false
}

func parseCheckpoint(text string) (checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" {
		return checkpoint{}, errors.New("a checkpoint has three lines")
	}
	for _, line := range lines[:len(lines)-1] {
		if line == "" {
			return checkpoint{}, errors.New("an empty line")
		}
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, errors.New("not a size")
	}
	root, err := strictHash(lines[2])
	return checkpoint{origin: lines[0], tree: tlog.Tree{N: size, Hash: root}}, err
}

// strictHash reads a hash in its one spelling.
func strictHash(text string) (tlog.Hash, error) {
	hash, err := tlog.ParseHash(text)
	if err != nil || hash.String() != text {
		return tlog.Hash{}, errors.New("not a hash in base64")
	}
	return hash, nil
}

func askCheckpoint(asked question, said *answer) error {
	found, _, err := openCheckpoint(asked.Note, asked.Key)
	said.Size, said.Root = found.tree.N, found.tree.Hash[:]
	return err
}

func askCosigned(asked question, said *answer) error {
	witness, err := newCosigner(asked.Witness)
	if err != nil {
		return err
	}
	_, opened, err := openCheckpoint(asked.Note, asked.Key, witness)
	if err != nil {
		return err
	}
	if !isSignedBy(opened, witness) {
		return errors.New("the witness did not cosign")
	}
	return nil
}

// makeKey draws a key: of a log, by package note itself, or of a witness.
func makeKey(asked question, said *answer) (err error) {
	if asked.Kind == kindLog {
		said.Secret, said.Key, err = note.GenerateKey(rand.Reader, asked.Name)
		return err
	}
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed)
	signer, err := cosignerOf(asked.Name, asked.Kind, seed)
	said.Secret = base64.StdEncoding.EncodeToString(seed)
	said.Public = signer.public
	said.Key = signer.vkey()
	return err
}
