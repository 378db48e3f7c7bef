// SPDX-FileCopyrightText: The Comity authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto"
	"crypto/ed25519"
	"crypto/mldsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// The types of C2SP tlog-cosignature v1.1.0-rc.1, which package note does not know.
const (
	kindEd25519 = 4
	kindMLDSA   = 6
)

// cosigner verifies, and with its secret makes, timestamped cosignatures of one type.
type cosigner struct {
	name   string
	kind   byte
	public []byte
	verify func(message, signature []byte) bool
	secret crypto.Signer
}

// newCosigner reads the vkey of a witness.
func newCosigner(vkey string) (cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return cosigner{}, errors.New("not a vkey")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(raw) == 0 {
		return cosigner{}, errors.New("not a key in base64")
	}
	found, err := verifierOf(parts[0], raw[0], raw[1:])
	if err == nil && fmt.Sprintf("%08x", found.KeyHash()) != parts[1] {
		err = errors.New("the key has another id")
	}
	return found, err
}

func verifierOf(name string, kind byte, public []byte) (cosigner, error) {
	found := cosigner{name: name, kind: kind, public: public}
	switch {
	case kind == kindEd25519 && len(public) == ed25519.PublicKeySize:
		found.verify = func(message, signature []byte) bool {
			return ed25519.Verify(public, message, signature)
		}
		return found, nil
	case kind == kindMLDSA:
		key, err := mldsa.NewPublicKey(mldsa.MLDSA44(), public)
		found.verify = func(message, signature []byte) bool {
			return mldsa.Verify(key, message, signature, nil) == nil
		}
		return found, err
	}
	return found, errors.New("not the key of a witness")
}

// cosignerOf derives a witness's key from 32 bytes.
func cosignerOf(name string, kind int, seed []byte) (cosigner, error) {
	if len(seed) != ed25519.SeedSize {
		return cosigner{}, errors.New("a seed has 32 bytes")
	}
	if kind == kindMLDSA {
		secret, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), seed)
		if err != nil {
			return cosigner{}, err
		}
		found, err := verifierOf(name, kindMLDSA, secret.PublicKey().Bytes())
		found.secret = secret
		return found, err
	}
	secret := ed25519.NewKeyFromSeed(seed)
	found, err := verifierOf(name, kindEd25519, secret.Public().(ed25519.PublicKey))
	found.secret = secret
	return found, err
}

func (c cosigner) Name() string { return c.name }

func (c cosigner) KeyHash() uint32 {
	start := append([]byte(c.name+"\n"), c.kind)
	digest := sha256.Sum256(append(start, c.public...))
	return binary.BigEndian.Uint32(digest[:])
}

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) < 8 {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message, err := c.covered(seconds, text)
	return err == nil && seconds <= math.MaxInt64 && c.verify(message, signature[8:])
}

func (c cosigner) Sign(text []byte) ([]byte, error) {
	seconds := uint64(time.Now().Unix())
	message, err := c.covered(seconds, text)
	if err != nil {
		return nil, err
	}
	signature, err := c.secret.Sign(nil, message, crypto.Hash(0))
	return append(binary.BigEndian.AppendUint64(nil, seconds), signature...), err
}

// covered returns what is signed: the text of the note, or what it says of the tree.
func (c cosigner) covered(seconds uint64, text []byte) ([]byte, error) {
	if c.kind == kindEd25519 {
		return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", seconds, text), nil
	}
	found, err := parseCheckpoint(string(text))
	if err != nil || len(c.name) > 255 || len(found.origin) > 255 {
		return nil, errors.New("not a checkpoint to cosign")
	}
	message := []byte("subtree/v1\n\x00")
	message = append(append(message, byte(len(c.name))), c.name...)
	message = binary.BigEndian.AppendUint64(message, seconds)
	message = append(append(message, byte(len(found.origin))), found.origin...)
	message = binary.BigEndian.AppendUint64(message, 0)
	message = binary.BigEndian.AppendUint64(message, uint64(found.tree.N))
	return append(message, found.tree.Hash[:]...), nil
}

func (c cosigner) vkey() string {
	key := append([]byte{c.kind}, c.public...)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(), base64.StdEncoding.EncodeToString(key))
}
