// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

// An auditor of Comity's logs over the note and tlog packages that Go's own toolchain carries.
// It reads one question a line as JSON and answers each with one line; `auditor witness` serves
// a witness over HTTP until its input ends.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

// question is one line of input; which fields count depends on Ask.
type question struct {
	Name    string
	Ask     string
	Key     string   // vkey of a log, type 1
	Witness string   // vkey of a witness, type 4
	Note    []byte   // a signed note
	Entry   []byte   // an entry of a log; evidence of a fork
	Leaf    []byte   // its hash
	Index   int64    // its place
	Size    int64    // of a tree
	Root    []byte   // of that tree
	Old     int64    // an earlier size
	OldRoot []byte   // its root
	Path    [][]byte // of a proof
	Folder  string   // of tlog-tiles; to read, also an address
	Secrets []string // keys that sign
	Kind    int      // of a key
	Type    string   // of a payload
	Entries [][]byte
	URL     string
	Body    []byte
	Public  []byte
	Message []byte
	Sig     []byte
}

// answer is one line of output.
type answer struct {
	Name    string  `json:"name"`
	OK      bool    `json:"ok"`
	Error   string  `json:"error,omitempty"`
	Panic   bool    `json:"panic,omitempty"`
	Key     string  `json:"key,omitempty"`
	Secret  string  `json:"secret,omitempty"`
	Size    int64   `json:"size,omitempty"`
	Root    []byte  `json:"root,omitempty"`
	Entry   []byte  `json:"entry,omitempty"`
	Public  []byte  `json:"public,omitempty"`
	Status  int     `json:"status,omitempty"`
	Body    []byte  `json:"body,omitempty"`
	Note    []byte  `json:"note,omitempty"`
	Seconds float64 `json:"seconds,omitempty"`
}

var asks = map[string]func(question, *answer) error{
	"checkpoint":    askCheckpoint,
	"cosigned":      askCosigned,
	"inclusion":     askInclusion,
	"consistency":   askConsistency,
	"proof":         askProof,
	"fork":          askFork,
	"folder":        askFolder,
	"rehash":        askRehash,
	"envelope":      askEnvelope,
	"ed25519":       askEd25519,
	"make key":      makeKey,
	"make entry":    makeEntry,
	"grow":          grow,
	"ask a witness": askWitness,
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	if len(os.Args) > 1 && os.Args[1] == "witness" {
		if err := serveWitness(input); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	decoder, output := json.NewDecoder(input), bufio.NewWriter(os.Stdout)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	for decoder.More() {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := encoder.Encode(judge(asked)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// judge answers one question; what panics is told from what is refused.
func judge(asked question) (said answer) {
	said.Name = asked.Name
	defer func() {
		if wrong := recover(); wrong != nil {
			said = answer{Name: asked.Name, Panic: true, Error: fmt.Sprint(wrong)}
		}
	}()
	ask, known := asks[asked.Ask]
	if !known {
		panic("no such question: " + asked.Ask)
	}
	if err := ask(asked, &said); err != nil {
		said.Error = err.Error()
		return said
	}
	said.OK = true
	return said
}
