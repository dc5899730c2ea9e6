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

	"sfu": {
		"sfu/internal/seqmap", "sfu/internal/history", "sfu/internal/level", "sfu/internal/layer",
		"sfu/internal/descriptor", "sfu/internal/sframe", "sfu/internal/message", "sfu/internal/gaps",
		"sfu/internal/twcc", "sfu/internal/reception", "sfu/internal/repair",
		"sfu/internal/bwe", "sfu/internal/ration", "sfu/internal/egress", "sfu/internal/pacer", "sfu/internal/seal",
	},
	"sfu/internal/ration":     {"sfu/internal/layer"},
	"sfu/internal/bwe":        {"sfu/internal/twcc"},
	"sfu/internal/seqmap":     {},
	"sfu/internal/history":    {},
	"sfu/internal/gaps":       {},
	"sfu/internal/egress":     {},
	"sfu/internal/pacer":      {},
	"sfu/internal/seal":       {"sfu/internal/seqmap"},
	"sfu/internal/twcc":       {},
	"sfu/internal/reception":  {},
	"sfu/internal/repair":     {},
	"sfu/internal/level":      {},
	"sfu/internal/layer":      {},
	"sfu/internal/descriptor": {},
	"sfu/internal/sframe":     {},
	"sfu/internal/message":    {"sfu/internal/sframe"},

	"storage": {"signaling/edr"},

	"server/config":     {},
	"server/outbound":   {},
	"server/auth":       {"server/outbound", "storage", "signaling/policy"}, // what a password must be, a site decides
	"server/web":        {},
	"server/openapi":    {},
	"server/invite":     {},
	"server/report":     {},
	"server/recurrence": {},
	"server/jointoken":  {},
	"server/site":       {"server/auth", "storage", "signaling/policy"},
	"server/mail":       {"server/site", "storage"},
	"server/webhook":    {"server/outbound", "storage"},
	"server/api": {
		"server/auth", "server/invite", "server/jointoken", "server/openapi", "server/recurrence", "server/report",
		"server/site",
		"storage", "signaling/policy", "signaling/room",
	},
	"server/app": {
		"server/config", "server/auth", "server/site", "server/web", "server/mail", "server/webhook", "server/api", "storage", "sfu",
		"signaling/edr", "signaling/policy", "signaling/room", "signaling/wire", "signaling/ws",
	},
	"server/operator": {"server/api", "server/auth", "server/config", "server/report", "storage", "signaling/policy"},
	"server/loadtest": {"server/config", "signaling/wire", "e2e/bot", "e2e/process"}, // the people it makes up are the tests'
	"server":          {"server/app", "server/config", "server/loadtest", "server/operator"},

	"tools/tsgen":    {"signaling/policy", "signaling/wire"},
	"tools/manifest": {"server/web"},
	"e2e/bot":        {"signaling/wire"},
	"e2e/bot/cmd":    {"e2e/bot", "signaling/wire"},

	"e2e/process":      {},
	"e2e/provider":     {},
	"e2e/provider/cmd": {"e2e/provider"},

	"bench":         {"bench/control", "bench/janus", "bench/load", "e2e/bot", "e2e/process"},
	"bench/control": {},
	"bench/load":    {"bench/control", "e2e/bot", "e2e/process"},
	"bench/janus":   {"bench/control", "bench/load", "e2e/bot"},
	"bench/ours":    {"bench/control", "sfu"},
	"bench/naive":   {"bench/control"}, // and nothing of ours: it is what ours is compared with
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
