package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
)

// Keys are PEM files as OpenSSL reads them: PKCS #8, and PKIX for the public half.
const (
	privateType = "PRIVATE KEY"
	publicType  = "PUBLIC KEY"
)

// writeKeys writes a new key pair to path and path.pub.
func writeKeys(path string, public ed25519.PublicKey, private ed25519.PrivateKey) error {
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("encode key: %w", err)
	}
	open, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return fmt.Errorf("encode public key: %w", err)
	}
	if err := writeNew(path, 0o600, privateType, secret); err != nil {
		return err
	}
	return writeNew(path+".pub", 0o644, publicType, open)
}

// writeNew refuses to write over a file: a key that is lost signs nothing more.
func writeNew(path string, mode os.FileMode, kind string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) //nolint:gosec // the caller names the file
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	if err := pem.Encode(f, &pem.Block{Type: kind, Bytes: content}); err != nil {
		return errors.Join(fmt.Errorf("write key: %w", err), f.Close())
	}
	return f.Close()
}

func readPrivate(path string) (ed25519.PrivateKey, error) {
	content, err := readPEM(path, privateType)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(content)
	private, ok := key.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s is no Ed25519 key", path)
	}
	return private, nil
}

func readPublic(path string) (ed25519.PublicKey, error) {
	content, err := readPEM(path, publicType)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKIXPublicKey(content)
	public, ok := key.(ed25519.PublicKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%s is no Ed25519 public key", path)
	}
	return public, nil
}

func readPEM(path, kind string) ([]byte, error) {
	text, err := readFile(path, 1<<16)
	if err != nil {
		return nil, err
	}
	block, rest := pem.Decode(text)
	if block == nil || block.Type != kind || len(rest) > 0 {
		return nil, fmt.Errorf("%s is no PEM file with one %s", path, kind)
	}
	return block.Bytes, nil
}

// readSigned returns the list at path, if its signature is by the key at keyPath.
func readSigned(path, keyPath string) (manifest, error) {
	public, err := readPublic(keyPath)
	if err != nil {
		return manifest{}, err
	}
	text, err := readFile(path, maxList)
	if err != nil {
		return manifest{}, err
	}
	signature, err := readFile(path+".sig", ed25519.SignatureSize)
	if err != nil {
		return manifest{}, err
	}
	if !ed25519.Verify(public, text, signature) {
		return manifest{}, fmt.Errorf("%s was not signed with the key in %s, or was changed since", path, keyPath)
	}
	return decode(text)
}

// readFile reads at most most bytes, and refuses a file that has more.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(content)) > most {
		err = fmt.Errorf("%s is longer than %d bytes", path, most)
	}
	return content, err
}
