package api

import (
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/labstack/echo/v4"
)

// maxBody is the longest body a call takes, in bytes.
const maxBody = 64 << 10

// decode reads the request's body as a T. What a T may hold comes from the body
// alone: no T has a field for an id, a role or a site.
func decode[T any](c echo.Context) (T, error) {
	var none T
	r := c.Request()
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return none, errMediaType
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxBody))
	if err != nil {
		return none, fmt.Errorf("%w: read body: %w", errMalformed, err)
	}
	return parse[T](body)
}

// parse reads body strictly: encoding/json would take unknown names, duplicate
// ones and ones in another case, and two readers of one body could then see two
// requests. Its error does not quote the body.
func parse[T any](body []byte) (T, error) {
	var request, none T
	if jsontext.Value(body).Kind() != jsontext.KindBeginObject { // null would decode too
		return none, errMalformed
	}
	if err := json.Unmarshal(body, &request, json.RejectUnknownMembers(true)); err != nil {
		return none, errMalformed
	}
	return request, nil
}

// answer sends v.
func answer(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return c.Blob(status, "application/json", body)
}

// clientIP says where a request comes from: what the connection says or, behind
// a trusted proxy, what that says. Nobody else's headers are believed.
func clientIP(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP:   network.Addr().AsSlice(),
			Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// maxAgent is how much of a browser's name is kept, in bytes.
const maxAgent = 256

// clientAgent returns what the browser says it is, fit for a record.
func clientAgent(r *http.Request) string {
	agent := strings.ToValidUTF8(r.UserAgent(), "")
	agent = strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return -1
	}, agent)
	if len(agent) > maxAgent {
		agent = strings.ToValidUTF8(agent[:maxAgent], "")
	}
	return agent
}
