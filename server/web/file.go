package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// How long a browser may keep a file without asking. The build puts a hash of
// the content into the names under assets/; other names come back with another
// content.
const (
	forever  = "public, max-age=31536000, immutable"
	askFirst = "no-cache"
)

// file is one of the front end's files, ready to send.
type file struct {
	contentType  string
	cacheControl string
	plain        variant
	gzip         variant // empty when it would be no shorter
	forOthers    bool    // other sites' pages load it
}

// variant is a file's content in one encoding.
type variant struct {
	content []byte
	length  string
	tag     string // its ETag
}

func newFile(name string, content []byte) (*file, error) {
	f := &file{contentType: contentType(name), cacheControl: askFirst, plain: newVariant(content)}
	if strings.HasPrefix(name, "assets/") {
		f.cacheControl = forever
	}
	short, err := compress(content)
	if err != nil {
		return nil, fmt.Errorf("compress %s: %w", name, err)
	}
	if len(short) < len(content) {
		f.gzip = newVariant(short)
	}
	return f, nil
}

func newVariant(content []byte) variant {
	hash := sha256.Sum256(content)
	return variant{
		content: content,
		length:  strconv.Itoa(len(content)),
		tag:     `"` + base64.RawURLEncoding.EncodeToString(hash[:15]) + `"`,
	}
}

func compress(content []byte) ([]byte, error) {
	var short bytes.Buffer
	w, err := gzip.NewWriterLevel(&short, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return short.Bytes(), nil
}

// contentType says what a file is by its name. The table is ours because the
// system's differs from machine to machine, and browsers are told to believe it.
func contentType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".txt", ".ts":
		return "text/plain; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".wasm":
		return "application/wasm"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".webp":
		return "image/webp"
	case ".woff2":
		return "font/woff2"
	case ".mp3":
		return "audio/mpeg"
	case ".ogg", ".opus":
		return "audio/ogg"
	default:
		return "application/octet-stream"
	}
}

// serve answers with f, compressed if the browser can.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cacheControl)
	chosen := f.plain
	if f.gzip.content != nil {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(strings.Join(r.Header.Values("Accept-Encoding"), ",")) {
			chosen = f.gzip
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", chosen.length)
		}
	}
	h.Set("ETag", chosen.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(chosen.content))
}

// acceptsGzip reads an Accept-Encoding header.
func acceptsGzip(header string) bool {
	for choice := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(choice, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		q, weighted := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(weight, " ", "")), "q=")
		if !weighted {
			return true
		}
		value, err := strconv.ParseFloat(q, 64)
		return err == nil && value > 0
	}
	return false
}
