package api

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/conclave-meet/conclave/storage"
)

// tag sends which version of a thing the answer shows (RFC 9110, 8.8.3).
func tag(c echo.Context, version int64) { c.Response().Header().Set("ETag", etag(version)) }

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// matches refuses a change of another version than the one there is. Where
// nobody said which one they change, it is theirs to lose, unless must is set.
func matches(c echo.Context, version int64, must bool) error {
	switch c.Request().Header.Get("If-Match") {
	case etag(version):
		return nil
	case "":
		if must {
			return errUnconditional
		}
		return nil
	default:
		return storage.ErrStale
	}
}
