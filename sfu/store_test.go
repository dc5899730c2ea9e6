package sfu_test

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const systemCalls = "golang.org/x/sys/unix"

// What is shipped has no way to write down what it forwards: of all files that
// are built without the tag dump, none imports a package that opens files. The
// sockets make system calls of their own; those are for sockets.
func TestNothingShippedCanWriteFiles(t *testing.T) {
	shipped, sockets := 0, 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		if !isShipped(file) {
			return nil
		}
		shipped++
		if imports(file, systemCalls) {
			sockets++
		}
		for _, name := range writers(file, filepath.Dir(path) == filepath.Join("internal", "egress")) {
			t.Errorf("%s uses %s", path, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if shipped < 15 || sockets < 2 {
		t.Errorf("only %d files looked at, of which %d make system calls", shipped, sockets)
	}
}

// The control: what the test above looks for, it finds.
func TestWritersAreFound(t *testing.T) {
	for _, tt := range []struct {
		name, source string
		sockets      bool
		want         []string
	}{
		{"package os", `package a; import "os"; var _ = os.Args`, true, []string{"os"}},
		{"system calls outside of the sockets", `package a; import "golang.org/x/sys/unix"; var _ = unix.Poll`, false, []string{systemCalls}},
		{"a call that opens a file", `package a; import "golang.org/x/sys/unix"; var _ = unix.Openat`, true, []string{"unix.Openat"}},
		{"the number of one", `package a; import "golang.org/x/sys/unix"; var _ = unix.SYS_OPENAT2`, true, []string{"unix.SYS_OPENAT2"}},
		{"by another name", `package a; import x "golang.org/x/sys/unix"; var _ = x.Open`, true, []string{"x"}},
		{"a call for sockets", `package a; import "golang.org/x/sys/unix"; var _ = unix.Poll`, true, nil},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", tt.source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := writers(file, tt.sockets); !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %v, want %v", tt.name, got, tt.want)
		}
	}
}

// isShipped reports whether a file is built without any tag but those of systems.
func isShipped(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if expr, err := constraint.Parse(c.Text); err == nil && !expr.Eval(func(string) bool { return false }) {
				return false
			}
		}
	}
	return true
}

func imports(file *ast.File, path string) bool {
	return slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"`+path+`"` })
}

// writers returns what of a file could be used to write files. The sockets may use
// package unix, but of its functions, and of the numbers of calls, only these.
func writers(file *ast.File, sockets bool) (found []string) {
	forbidden := []string{"os", "os/exec", "syscall", "io/ioutil", "log", "log/slog", "unsafe", systemCalls}
	calls := []string{"Bind", "Close", "Getsockname", "Poll", "SetsockoptInt", "SetsockoptSockFprog", "Socket", "RawSyscall6", "SYS_RECVMMSG", "SYS_SENDMMSG", "SYS_SENDTO"}
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		switch {
		case sockets && (path == systemCalls || path == "unsafe"):
			if spec.Name != nil {
				found = append(found, spec.Name.Name)
			}
		case slices.Contains(forbidden, path):
			found = append(found, path)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && sockets {
			x, ok := s.X.(*ast.Ident)
			if ok && x.Name == "unix" && !slices.Contains(calls, s.Sel.Name) && !harmless(s.Sel.Name) {
				found = append(found, "unix."+s.Sel.Name)
			}
		}
		return true
	})
	return found
}

// harmless reports whether a name of package unix is a type, an option or an error.
func harmless(name string) bool {
	types := []string{"Cmsghdr", "CmsgLen", "CmsgSpace", "Errno", "Iovec", "Msghdr", "PollFd", "RawSockaddrInet4", "RawSockaddrInet6", "SockFilter", "SockFprog", "Sockaddr", "SockaddrInet6"}
	prefixes := []string{"AF_", "BPF_", "E", "IPPROTO_", "IPV6_", "MSG_", "POLL", "SO_", "SOCK_", "SOL_", "Sizeof", "UDP_"}
	return slices.Contains(types, name) || slices.ContainsFunc(prefixes, func(p string) bool {
		return strings.HasPrefix(name, p) && (p == "Sizeof" || strings.ToUpper(name) == name)
	})
}
