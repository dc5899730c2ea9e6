package api

import (
	"context"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/server/auth"
	"github.com/conclave-meet/conclave/server/report"
)

const (
	// maxDownloads is how many files are sent at once. Each holds one part of
	// its rows.
	maxDownloads = 8
	// partPatience is how long a reader may take to read one part. The whole
	// may take as long as it does.
	partPatience = time.Minute
)

// fileFormat says whether the caller wants a file, and in which format: by
// ?format, or by accepting nothing but CSV.
func fileFormat(c echo.Context, q reportQuery) (format report.Format, file bool, err error) {
	if _, asked := q["format"]; asked {
		format, err = report.ParseFormat(q.get("format"))
		if err != nil {
			return "", false, invalidError{"format needs csv or json."}
		}
		return format, true, nil
	}
	for one := range strings.SplitSeq(c.Request().Header.Get("Accept"), ",") {
		switch mediaType, _, _ := mime.ParseMediaType(one); mediaType {
		case "text/csv":
			return report.CSV, true, nil
		case "application/json", "*/*":
			return "", false, nil
		}
	}
	return "", false, nil
}

// download sends all rows of parts as a file called conclave-<name>. Nothing is
// sent when the first part cannot be read; when a later one cannot, the
// connection breaks, so that half a file is not taken for a whole one.
func download[T any](a *API, c echo.Context, name string, format report.Format, parts report.Parts[T]) error {
	select {
	case a.files <- struct{}{}:
		defer func() { <-a.files }()
	default:
		return auth.ErrBusy
	}
	ctx := c.Request().Context()
	first, err := parts(ctx)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("Content-Type", format.MediaType())
	header.Set("Content-Disposition", `attachment; filename="conclave-`+name+"."+string(format)+`"`)
	c.Response().WriteHeader(http.StatusOK)
	// Reading has a limit too, which ends the request however well it is written.
	if err := http.NewResponseController(c.Response()).SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	err = report.Write(ctx, &patient{c.Response(), http.NewResponseController(c.Response())}, format, behind(first, parts))
	if err != nil {
		slog.WarnContext(ctx, "download broken off", "report", name, "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// behind gives first, and then what parts give.
func behind[T any](first []T, parts report.Parts[T]) report.Parts[T] {
	begun := false
	return func(ctx context.Context) ([]T, error) {
		if begun {
			return parts(ctx)
		}
		begun = true
		return first, nil
	}
}

// patient gives every write a deadline of its own, in place of the server's for
// the whole answer.
type patient struct {
	out     http.ResponseWriter
	control *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	err := p.control.SetWriteDeadline(time.Now().Add(partPatience))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.out.Write(b)
}
