package openapi

import (
	"encoding"
	stdjson "encoding/json"
	"maps"
	"path"
	"reflect"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// direction is which way a body goes. A request may leave names out, or say null
// for the same; an answer has every name, and both have no other.
type direction string

const (
	request  direction = "Input"
	answered direction = ""
)

type key struct {
	typ reflect.Type
	way direction
}

// schemas are the JSON schemas of the structs that were met.
type schemas struct {
	made  map[string]any // by name
	names map[key]string
}

func typeOf(like any) reflect.Type { return reflect.TypeOf(like) }

var (
	timeType  = reflect.TypeFor[time.Time]()
	valueType = reflect.TypeFor[jsontext.Value]()
	bytesType = reflect.TypeFor[[]byte]()
	textType  = reflect.TypeFor[encoding.TextMarshaler]()
)

// of returns the schema of t as encoding and decoding have it.
func (s *schemas) of(t reflect.Type, way direction) map[string]any {
	switch {
	case t == timeType:
		return map[string]any{"type": "string", "format": "date-time"}
	case t == valueType, t.Kind() == reflect.Interface, ownJSON(t):
		return map[string]any{}
	case t == bytesType:
		return map[string]any{"type": "string", "contentEncoding": "base64"}
	case t.Implements(textType):
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return nullable(s.of(t.Elem(), way))
	case reflect.Struct:
		return s.structure(t, way)
	case reflect.Slice, reflect.Array:
		items := s.of(t.Elem(), way)
		if way == request {
			items = nullable(items)
		}
		return map[string]any{"type": "array", "items": items}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem(), way)}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.String:
		return map[string]any{"type": "string"}
	default: // what else the interface sends are numbers of things
		return map[string]any{"type": "integer"}
	}
}

// ownJSON reports whether t writes its JSON itself, in a way that cannot be told
// from here.
func ownJSON(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[stdjson.Marshaler]()) ||
		t.Implements(reflect.TypeFor[json.MarshalerTo]()) || t.Implements(reflect.TypeFor[json.Marshaler]())
}

// nullable is a schema that takes null as well.
func nullable(schema map[string]any) map[string]any {
	switch kind := schema["type"].(type) {
	case string:
		schema["type"] = []any{kind, "null"}
		return schema
	case []any:
		return schema
	}
	if len(schema) == 0 {
		return schema
	}
	return map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
}

// structure returns a reference to the schema of a struct with a name, or that
// schema itself.
func (s *schemas) structure(t reflect.Type, way direction) map[string]any {
	if t.Name() == "" {
		return s.object(t, way)
	}
	name, known := s.names[key{t, way}]
	if !known {
		name = s.name(t, way)
		s.names[key{t, way}] = name
		s.made[name] = nil // taken, should it contain itself
		s.made[name] = s.object(t, way)
	}
	return map[string]any{"$ref": "#/components/schemas/" + name}
}

// name returns a name for t that no other type has.
func (s *schemas) name(t reflect.Type, way direction) string {
	base, of, generic := strings.Cut(strings.TrimSuffix(t.Name(), "]"), "[")
	if generic {
		base += "Of" + title(of[strings.LastIndexAny(of, "./*")+1:])
	}
	name := title(base)
	if way == request && !strings.HasSuffix(name, "Request") {
		name += string(way)
	}
	if _, taken := s.made[name]; taken {
		name = title(path.Base(t.PkgPath())) + name
	}
	return name
}

// object is the schema of a struct by its json tags.
func (s *schemas) object(t reflect.Type, way direction) map[string]any {
	properties, required := map[string]any{}, []any{}
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if f.Anonymous && name == "" {
			inner := s.object(f.Type, way)
			more, _ := inner["properties"].(map[string]any)
			maps.Copy(properties, more)
			if more, ok := inner["required"].([]any); ok {
				required = append(required, more...)
			}
			continue
		}
		if name == "" {
			name = f.Name
		}
		schema := s.of(f.Type, way)
		switch {
		case way == request:
			schema = nullable(schema)
		case !strings.Contains(options, "omitzero") && !strings.Contains(options, "omitempty"):
			required = append(required, name)
		}
		properties[name] = schema
	}
	object := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		object["required"] = required
	}
	return object
}

// problem returns what every refusal is like.
func (s *schemas) problem(p Problem) map[string]any {
	schema := s.of(typeOf(p.Like), answered)
	if made, ok := s.made[s.names[key{typeOf(p.Like), answered}]].(map[string]any); ok {
		if properties, ok := made["properties"].(map[string]any); ok {
			properties["code"] = map[string]any{"type": "string", "enum": p.Codes}
		}
	}
	return map[string]any{
		"description": "A refusal (RFC 9457). Its detail is a sentence for a person, its code a word for a program.",
		"content":     map[string]any{"application/problem+json": map[string]any{"schema": schema}},
	}
}
