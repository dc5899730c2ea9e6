package conclave_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/conclave-meet/conclave/"

// layers says which of our packages each package may import. Read it as the
// architecture; a new package must be added here.
var layers = map[string][]string{
	"signaling/policy": {},
	"signaling/edr":    {},
	"signaling/wire":   {"signaling/policy"},
	"signaling/room":   {"signaling/policy", "signaling/wire", "signaling/edr"},
	"signaling/ws":     {"signaling/room", "signaling/wire"},

	"sfu":                     {"sfu/internal/seqmap", "sfu/internal/history", "sfu/internal/level", "sfu/internal/layer", "sfu/internal/descriptor"},
	"sfu/internal/seqmap":     {},
	"sfu/internal/history":    {},
	"sfu/internal/level":      {},
	"sfu/internal/layer":      {},
	"sfu/internal/descriptor": {},

	"storage": {"signaling/edr"},

	"server/config": {},
	"server/auth":   {"storage"},
	"server/web":    {},
	"server/api":    {"server/auth", "storage", "signaling/policy", "signaling/room"},
	"server/app": {
		"server/config", "server/auth", "server/web", "server/api", "storage", "sfu",
		"signaling/edr", "signaling/policy", "signaling/room", "signaling/wire", "signaling/ws",
	},
	"server": {"server/app", "server/config"},

	"tools/tsgen": {"signaling/policy", "signaling/wire"},
	"e2e/bot":     {"signaling/wire"},
	"e2e/bot/cmd": {"e2e/bot", "signaling/wire"},
}

// TestLayers parses imports in-process: a test that shells out to `go list`
// stays "ok (cached)" after a rule breaks.
func TestLayers(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() != "." && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") && filepath.Dir(path) != "." {
			checkImports(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImports(t *testing.T, path string) {
	t.Helper()
	pkg := filepath.ToSlash(filepath.Dir(path))
	allowed, known := layers[pkg]
	if !known {
		t.Errorf("%s: package %s is not in the layers table", path, pkg)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	for _, spec := range file.Imports {
		imp, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module)
		if ours && !slices.Contains(allowed, imp) {
			t.Errorf("%s: %s may not import %s", path, pkg, imp)
		}
	}
}
