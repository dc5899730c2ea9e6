package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// printVersion tells which version this is, of which commit, and what it is
// built from.
func printVersion(out io.Writer) error {
	build, _ := debug.ReadBuildInfo()
	if build == nil {
		build = &debug.BuildInfo{}
	}
	_, err := fmt.Fprintf(out, "conclave %s (%s %s/%s)\ncommit %s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, commitOf(build))
	for _, module := range build.Deps {
		if err != nil {
			break
		}
		_, err = fmt.Fprintf(out, "  %s %s\n", module.Path, module.Version)
	}
	return err
}

// commitOf is what the linker was told or, without that, what the go command
// noted of the repository it built.
func commitOf(build *debug.BuildInfo) string {
	if commit != "" {
		return commit
	}
	commit, changed := "unknown", ""
	for _, setting := range build.Settings {
		switch {
		case setting.Key == "vcs.revision":
			commit = setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			changed = ", with changes"
		}
	}
	return commit + changed
}
