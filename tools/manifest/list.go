package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// What a list may hold. It is read before anything in it is believed.
const (
	maxList  = 1 << 20 // bytes
	maxFiles = 5000
	maxFile  = 64 << 20 // bytes
)

// manifest is a list of the files that the pages of one version are made of.
type manifest struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Files   []file `json:"files"` // by path
}

// file is one of them, as it is served; the document has the path /.
type file struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"` // hexadecimal
	Size   int    `json:"size"`
}

// describe lists what is served.
func describe(version, commit string, served map[string][]byte) manifest {
	m := manifest{Version: version, Commit: commit, Files: []file{}}
	for path, content := range served {
		m.Files = append(m.Files, fileOf(path, content))
	}
	slices.SortFunc(m.Files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	return m
}

func fileOf(path string, content []byte) file {
	hash := sha256.Sum256(content)
	return file{Path: path, SHA256: hex.EncodeToString(hash[:]), Size: len(content)}
}

// encode returns the one text there is for m (RFC 8785): what is signed.
func (m manifest) encode() ([]byte, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	canonical := jsontext.Value(text)
	if err := canonical.Canonicalize(); err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	return canonical, nil
}

var errList = errors.New("that is no manifest")

// decode reads a list strictly: two programs must not see two lists in one text.
func decode(text []byte) (manifest, error) {
	var m manifest
	if len(text) > maxList {
		return m, fmt.Errorf("%w: more than %d bytes", errList, maxList)
	}
	if err := json.Unmarshal(text, &m, json.RejectUnknownMembers(true)); err != nil {
		return m, fmt.Errorf("%w: %w", errList, err)
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, text) {
		return m, fmt.Errorf("%w: it is not written in the one way there is", errList)
	}
	return m, m.check()
}

// check wants each path once, in order, and the document among them.
func (m manifest) check() error {
	if len(m.Files) == 0 || len(m.Files) > maxFiles || m.Files[0].Path != "/" {
		return fmt.Errorf("%w: %d files, or no document", errList, len(m.Files))
	}
	before := ""
	for _, f := range m.Files {
		if f.Path <= before || !strings.HasPrefix(f.Path, "/") || path.Clean(f.Path) != f.Path || f.Size < 0 || f.Size > maxFile {
			return fmt.Errorf("%w: %q", errList, f.Path)
		}
		before = f.Path
	}
	return nil
}

// compare says, a line each, how what is served differs from the list.
func (m manifest) compare(served map[string][]byte) (wrong []string) {
	listed := make(map[string]bool, len(m.Files))
	for _, want := range m.Files {
		listed[want.Path] = true
		content, there := served[want.Path]
		if !there {
			wrong = append(wrong, want.Path+" is missing")
		} else if got := fileOf(want.Path, content); got != want {
			wrong = append(wrong, differs(want, got))
		}
	}
	for path := range served {
		if !listed[path] {
			wrong = append(wrong, path+" is not in the list")
		}
	}
	slices.Sort(wrong)
	return wrong
}

func differs(want, got file) string {
	return fmt.Sprintf("%s differs: %d bytes, SHA-256 %.16s…; signed are %d bytes, %.16s…", want.Path, got.Size, got.SHA256, want.Size, want.SHA256)
}
