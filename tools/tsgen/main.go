// Command tsgen writes everything that repeats the wire protocol and the rights
// table in another language: the front end's types and two pages of
// documentation. Run it from the root of the repository; its test fails while a
// generated file is not current.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "tsgen:", err)
		os.Exit(1)
	}
}

// run generates every file below root.
func run(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for path, text := range files {
		if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o644); err != nil { //nolint:gosec // sources are for everyone to read
			return fmt.Errorf("write %s: %w", path, err)
		}
	}
	return nil
}

// generate returns the text of every generated file by its path below root.
func generate(root string) (map[string]string, error) {
	wireSrc, err := parse(filepath.Join(root, "signaling/wire"))
	if err != nil {
		return nil, err
	}
	policySrc, err := parse(filepath.Join(root, "signaling/policy"))
	if err != nil {
		return nil, err
	}
	permissions, err := os.ReadFile(filepath.Join(root, "docs/permissions.md")) //nolint:gosec // a file of this repository
	if err != nil {
		return nil, fmt.Errorf("read what the permissions go on with: %w", err)
	}
	return map[string]string{
		"frontend/src/lib/wire.gen.ts":   wireTS(wireSrc, policySrc),
		"frontend/src/lib/policy.gen.ts": policyTS(),
		"docs/protocol.md":               protocolDoc(wireSrc),
		"docs/permissions.md":            permissionsDoc(string(permissions)),
	}, nil
}
