package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	const root = "../.."
	files, err := generate(root)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil || string(got) != want {
			t.Errorf("%s is not current: run `make generate` (%v)", path, err)
		}
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	first, err := generate("../..")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := generate("../..")
		if err != nil {
			t.Fatal(err)
		}
		for path := range first {
			if again[path] != first[path] {
				t.Fatalf("%s differs from one run to the next", path)
			}
		}
	}
}
