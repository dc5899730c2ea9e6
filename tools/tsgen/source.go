package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// source is what reflection cannot tell about a package: comments, and the
// constants of each string type in the order they are written.
type source struct {
	docs   map[string]string  // a type's doc comment, by type name
	fields map[string]string  // a field's line comment, by "Type.Field"
	consts map[string][]value // the constants of a type, by type name
}

type value struct{ text, comment string }

// parse reads every Go file of the package in dir but its tests.
func parse(dir string) (source, error) {
	src := source{map[string]string{}, map[string]string{}, map[string][]value{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		return src, fmt.Errorf("no Go files in %s: %w", dir, os.ErrNotExist)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return src, fmt.Errorf("parse %s: %w", name, err)
		}
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok {
				src.add(gen)
			}
		}
	}
	return src, nil
}

func (s source) add(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			s.docs[spec.Name.Name] = oneLine(decl.Doc)
			if st, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range st.Fields.List {
					for _, n := range f.Names {
						s.fields[spec.Name.Name+"."+n.Name] = oneLine(f.Comment)
					}
				}
			}
		case *ast.ValueSpec:
			s.addConst(spec)
		}
	}
}

func (s source) addConst(spec *ast.ValueSpec) {
	name, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	lit, ok := spec.Values[0].(*ast.BasicLit)
	if !ok {
		return
	}
	text := lit.Value
	if lit.Kind == token.STRING {
		text, _ = strconv.Unquote(lit.Value) // the parser has checked it
	}
	s.consts[name.Name] = append(s.consts[name.Name], value{text, oneLine(spec.Comment)})
}

func oneLine(c *ast.CommentGroup) string {
	return strings.Join(strings.Fields(c.Text()), " ")
}
