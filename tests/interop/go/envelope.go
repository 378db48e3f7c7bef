// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// envelope is DSSE 1.0.2; the fields stand in the order that RFC 8785 gives them.
type envelope struct {
	Payload     []byte      `json:"payload"`
	PayloadType string      `json:"payloadType"`
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

func (e envelope) covered() []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(e.PayloadType), e.PayloadType, len(e.Payload), e.Payload)
}

func keyID(public []byte) string {
	digest := sha256.Sum256(public)
	return hex.EncodeToString(digest[:])
}

// askEnvelope judges the signature of one key on an envelope.
func askEnvelope(asked question, _ *answer) error {
	var found envelope
	if err := json.Unmarshal(asked.Entry, &found); err != nil {
		return err
	}
	for _, one := range found.Signatures {
		if one.KeyID == keyID(asked.Public) {
			return verified(asked.Public, found.covered(), one.Sig)
		}
	}
	return errors.New("that key did not sign")
}

// makeEntry signs a payload with every key it is given.
func makeEntry(asked question, said *answer) (err error) {
	made := envelope{Payload: asked.Message, PayloadType: asked.Type}
	for _, text := range asked.Secrets {
		seed, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(seed) != ed25519.SeedSize {
			return errors.New("not a seed")
		}
		secret := ed25519.NewKeyFromSeed(seed)
		id := keyID(secret.Public().(ed25519.PublicKey))
		made.Signatures = append(made.Signatures, signature{id, ed25519.Sign(secret, made.covered())})
	}
	said.Entry, err = json.Marshal(made)
	return err
}

func askEd25519(asked question, _ *answer) error {
	return verified(asked.Public, asked.Message, asked.Sig)
}

func verified(public, message, sig []byte) error {
	if len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, message, sig) {
		return errors.New("the signature does not verify")
	}
	return nil
}
