// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"comity.example/interop/sumdb/note"
	"comity.example/interop/sumdb/tlog"
)

const mostBytes = 64 * 1024

// witness answers add-checkpoint (C2SP tlog-witness v1.0.0).
type witness struct {
	signer cosigner
	logs   map[string]note.Verifier
	lock   sync.Mutex
	seen   map[string]tlog.Tree
}

// settings are the first line of a witness's input.
type settings struct {
	Name   string
	Kind   int
	Secret string
	Logs   []string
}

// serveWitness says its address and key, and serves until its input ends.
func serveWitness(input *bufio.Reader) error {
	line, err := input.ReadBytes('\n')
	if err != nil {
		return err
	}
	var set settings
	if err := json.Unmarshal(line, &set); err != nil {
		return err
	}
	serving, err := newWitness(set)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s %s\n", listener.Addr(), serving.signer.vkey())
	routes := http.NewServeMux()
	routes.HandleFunc("POST /add-checkpoint", serving.addCheckpoint)
	go http.Serve(listener, routes)
	_, err = io.Copy(io.Discard, input)
	return err
}

func newWitness(set settings) (*witness, error) {
	seed, err := base64.StdEncoding.DecodeString(set.Secret)
	if err != nil {
		return nil, err
	}
	signer, err := cosignerOf(set.Name, set.Kind, seed)
	if err != nil {
		return nil, err
	}
	made := &witness{signer: signer, logs: map[string]note.Verifier{}, seen: map[string]tlog.Tree{}}
	for _, vkey := range set.Logs {
		log, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, err
		}
		made.logs[log.Name()] = log
	}
	return made, nil
}

func (w *witness) addCheckpoint(to http.ResponseWriter, from *http.Request) {
	body, err := io.ReadAll(io.LimitReader(from.Body, mostBytes))
	if err != nil {
		return
	}
	status, said := w.judge(body)
	if status == http.StatusConflict {
		to.Header().Set("Content-Type", "text/x.tlog.size")
	}
	to.WriteHeader(status)
	fmt.Fprint(to, said)
}

func (w *witness) judge(body []byte) (int, string) {
	old, proof, encoded, err := parseRequest(body)
	if err != nil {
		return http.StatusBadRequest, err.Error()
	}
	origin, _, _ := strings.Cut(string(encoded), "\n")
	log, known := w.logs[origin]
	if !known {
		return http.StatusNotFound, "a log I do not know"
	}
	opened, err := note.Open(encoded, note.VerifierList(log))
	if err != nil {
		return http.StatusForbidden, err.Error()
	}
	signed, err := parseCheckpoint(opened.Text)
	if err != nil || old > signed.tree.N {
		return http.StatusBadRequest, "not a checkpoint that follows"
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	seen := w.seen[origin]
	if old != seen.N || (seen.N > 0 && seen.N == signed.tree.N && seen.Hash != signed.tree.Hash) {
		return http.StatusConflict, fmt.Sprintf("%d\n", seen.N)
	}
	if seen.N > 0 {
		err = tlog.CheckTree(proof, signed.tree.N, signed.tree.Hash, seen.N, seen.Hash)
	}
	if err != nil || (seen.N == 0 && len(proof) > 0) {
		return http.StatusUnprocessableEntity, "it does not follow from what I saw"
	}
	line, err := w.cosign(opened.Text)
	if err != nil {
		return http.StatusInternalServerError, err.Error()
	}
	w.seen[origin] = signed.tree
	return http.StatusOK, line
}

func (w *witness) cosign(text string) (string, error) {
	signed, err := note.Sign(&note.Note{Text: text}, w.signer)
	return strings.TrimPrefix(string(signed), text+"\n"), err
}

func parseRequest(body []byte) (old int64, proof []tlog.Hash, encoded []byte, err error) {
	head, encoded, found := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	number, isOld := strings.CutPrefix(lines[0], "old ")
	old, err = strconv.ParseInt(number, 10, 64)
	if !found || !isOld || err != nil || strconv.FormatInt(old, 10) != number || old < 0 {
		return 0, nil, nil, errors.New("not a request to cosign")
	}
	for _, line := range lines[1:] {
		hash, err := strictHash(line)
		if err != nil {
			return 0, nil, nil, err
		}
		proof = append(proof, hash)
	}
	return old, proof, encoded, nil
}

// askWitness asks a witness to cosign the log in a folder, and checks what it gives.
func askWitness(asked question, said *answer) error {
	asking, err := newCosigner(asked.Witness)
	if err != nil {
		return err
	}
	body, encoded := asked.Body, []byte(nil)
	if body == nil {
		if body, encoded, err = request(asked.Folder, asked.Key, asked.Old); err != nil {
			return err
		}
	}
	got, err := http.Post(asked.URL+"/add-checkpoint", "text/plain", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer got.Body.Close()
	said.Status = got.StatusCode
	if said.Body, err = io.ReadAll(io.LimitReader(got.Body, mostBytes)); err != nil {
		return err
	}
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("it answered %d", got.StatusCode)
	}
	said.Note = append(encoded, said.Body...)
	_, opened, err := openCheckpoint(said.Note, asked.Key, asking)
	if err == nil && !isSignedBy(opened, asking) {
		err = errors.New("it did not sign with its key")
	}
	return err
}

func request(folder, key string, old int64) (body, encoded []byte, err error) {
	encoded, err = os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return nil, nil, err
	}
	signed, _, err := openCheckpoint(encoded, key)
	if err != nil {
		return nil, nil, err
	}
	text := fmt.Sprintf("old %d\n", old)
	if old > 0 {
		proof, err := tlog.ProveTree(signed.tree.N, old, tlog.TileHashReader(signed.tree, tileFolder(folder)))
		if err != nil {
			return nil, nil, err
		}
		for _, hash := range proof {
			text += hash.String() + "\n"
		}
	}
	return append([]byte(text+"\n"), encoded...), encoded, nil
}
