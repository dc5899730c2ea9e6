package sfu_test

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is shipped has no way to write down what it forwards: of all files that
// are built without the tag dump, none imports a package that opens files.
func TestNothingShippedCanWriteFiles(t *testing.T) {
	writers := []string{"os", "os/exec", "syscall", "io/ioutil", "log", "log/slog", "unsafe", "golang.org/x/sys/unix"}
	shipped := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		for _, group := range file.Comments {
			for _, c := range group.List {
				if expr, err := constraint.Parse(c.Text); err == nil && !expr.Eval(func(string) bool { return false }) {
					return nil
				}
			}
		}
		shipped++
		for _, spec := range file.Imports {
			if imp := strings.Trim(spec.Path.Value, `"`); slices.Contains(writers, imp) {
				t.Errorf("%s imports %s", path, imp)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if shipped < 15 {
		t.Errorf("only %d files looked at", shipped)
	}
}
