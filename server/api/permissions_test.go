package api

// permission is what each caller gets for a call, and how it is made.
type permission struct {
	want  string // a status for each of callers
	path  string // with what stands in braces filled in; the route's own where empty
	body  string
	match string // what goes into If-Match
	note  string
}

// permissions are who may make which call, by method and path. A call may be
// tried in more than one way: what is in brackets after the path tells them
// apart. TestPermissions wants a row of every route, finds every status, and
// prints the table into docs/permissions.md.
//
//	anonymous, guest, other host, owner, CSR, auditor, admin, other site's admin
var permissions = map[string]permission{
	"POST /v1/setup": {
		want: "403 403 403 403 403 403 403 403", body: `{"token":"x","name":"Ada","email":"a@example.org","password":"{password}"}`,
		note: "201 for who holds the set-up link, while there is no administrator",
	},
	"POST /v1/login":  {want: "200 200 200 200 200 200 200 200", body: `{"email":"{email}","password":"{password}"}`},
	"POST /v1/logout": {want: "204 204 204 204 204 204 204 204"},
	"GET /v1/me":      {want: "401 401 200 200 200 200 200 401"},

	"GET /v1/meetings":        {want: "401 401 200 200 200 403 200 401", note: "one's own, and those one may start"},
	"GET /v1/meetings/listed": {want: "200 200 200 200 200 200 200 200", note: "public ones alone"},
	"POST /v1/meetings/:id/invitations": {
		want: "401 401 404 409 404 403 404 401", path: "/v1/meetings/{meeting}/invitations", body: `{"emails":["guest@example.com"]}`,
		note: "409 on a server without mail, 202 on another",
	},
	"POST /v1/meetings":             {want: "401 401 201 201 201 403 201 401", body: `{"title":"Weekly","start":"2027-05-04T09:00:00Z","password":"open sesame"}`},
	"GET /v1/meetings/:id":          {want: "401 401 404 200 404 403 404 401", path: "/v1/meetings/{meeting}"},
	"PATCH /v1/meetings/:id":        {want: "401 401 404 200 404 403 404 401", path: "/v1/meetings/{meeting}", body: `{"title":"Monthly"}`},
	"DELETE /v1/meetings/:id":       {want: "401 401 404 204 404 403 404 401", path: "/v1/meetings/{meeting}"},
	"POST /v1/meetings/:id/start":   {want: "401 401 404 200 404 403 404 401", path: "/v1/meetings/{meeting}/start"},
	"POST /v1/meetings/:id/end":     {want: "401 401 404 204 404 403 404 401", path: "/v1/meetings/{running}/end"},
	"POST /v1/meetings/preview":     {want: "200 200 200 200 200 200 200 200", body: `{"meetingNumber":"{number}","linkProof":"{proof}"}`, note: "with the link"},
	"POST /v1/meetings/join":        {want: "200 200 200 200 200 200 200 200", body: `{"meetingNumber":"{number}","linkProof":"{proof}","displayName":"Grace"}`, note: "with the link or the password"},
	"POST /v1/meetings/join (bare)": {want: "403 403 403 200 403 403 403 403", body: `{"meetingNumber":"{number}","displayName":"Grace"}`, note: "with the number alone"},
	"GET /v1/socket": {
		want: "101 101 101 101 101 101 101 101",
		note: "with the ticket and the cookie of a stay, each once; 403 without",
	},

	"GET /v1/meetingReports/usage":     {want: "401 401 200 200 200 200 200 401", note: "one's own; the site's for admin and auditor"},
	"GET /v1/meetingReports/attendees": {want: "401 401 200 200 200 200 200 401", note: "as above"},
	"GET /v1/meetingReports/events":    {want: "401 401 200 200 200 200 200 401", note: "as above"},
	"GET /v1/meetingReports/days":      {want: "401 401 200 200 200 200 200 401", note: "as above"},
	"GET /v1/adminAudit/events":        {want: "401 401 403 403 403 200 200 401"},

	"GET /v1/sites/:id/policy": {want: "401 401 403 403 403 200 200 401", path: "/v1/sites/{site}/policy"},
	"PUT /v1/sites/:id/policy": {want: "401 401 403 403 403 403 200 401", path: "/v1/sites/{site}/policy", match: "{version}", body: `{"securityOptions":{}}`},

	"GET /v1/sites/:id/joinKeys": {want: "401 401 403 403 403 200 200 401", path: "/v1/sites/{site}/joinKeys"},
	"POST /v1/sites/:id/joinKeys": {
		want: "401 401 403 403 403 403 201 401", path: "/v1/sites/{site}/joinKeys",
		body: `{"name":"Portal","publicKey":"{publicKey}","maxRole":"host"}`,
	},
	"PATCH /v1/sites/:id/joinKeys/:kid":  {want: "401 401 403 403 403 403 200 401", path: "/v1/sites/{site}/joinKeys/{kid}", body: `{"name":"Another"}`},
	"DELETE /v1/sites/:id/joinKeys/:kid": {want: "401 401 403 403 403 403 204 401", path: "/v1/sites/{site}/joinKeys/{kid}"},

	"GET /v1/openapi.json": {want: "200 200 200 200 200 200 200 200"},

	"GET /v1/site": {want: "200 200 200 200 200 200 200 200"},

	"GET /v1/users":           {want: "401 401 403 403 403 200 200 401"},
	"POST /v1/users":          {want: "401 401 403 403 403 403 201 401", body: `{"name":"New","email":"{fresh}","role":"host"}`},
	"GET /v1/users/:id":       {want: "401 401 403 403 403 200 200 401", path: "/v1/users/{user}"},
	"PATCH /v1/users/:id":     {want: "401 401 403 403 403 403 200 401", path: "/v1/users/{user}", body: `{"name":"Another"}`},
	"DELETE /v1/users/:id":    {want: "401 401 403 403 403 403 204 401", path: "/v1/users/{user}"},
	"POST /v1/users/:id/link": {want: "401 401 403 403 403 403 200 401", path: "/v1/users/{user}/link"},

	"POST /v1/welcome/preview": {want: "403 403 403 403 403 403 403 403", body: `{"token":"x"}`, note: "200 for who holds a link"},
	"POST /v1/welcome":         {want: "403 403 403 403 403 403 403 403", body: `{"token":"x","password":"{password}"}`, note: "200 for who holds a link"},
	"POST /v1/registrations":   {want: "404 404 404 404 404 404 404 404", body: `{"name":"New","email":"{fresh}"}`, note: "202 for anybody where the policy lets people register"},

	"POST /v1/passwordRequests":             {want: "202 202 202 202 202 202 202 202", body: `{"email":"{fresh}"}`},
	"GET /v1/passwordRequests":              {want: "401 401 403 403 403 200 200 401"},
	"POST /v1/passwordRequests/:id/approve": {want: "401 401 403 403 403 403 200 401", path: "/v1/passwordRequests/{request}/approve"},
	"POST /v1/passwordRequests/:id/deny":    {want: "401 401 403 403 403 403 204 401", path: "/v1/passwordRequests/{request}/deny"},

	"PATCH /v1/me":             {want: "401 401 200 200 200 200 200 401", body: `{"timeZone":"Europe/Zurich"}`},
	"POST /v1/me/password":     {want: "401 401 204 204 204 204 204 401", body: `{"currentPassword":"{password}","password":"another quiet room and door"}`},
	"GET /v1/me/logins":        {want: "401 401 200 200 200 200 200 401"},
	"DELETE /v1/me/logins":     {want: "401 401 204 204 204 204 204 401"},
	"DELETE /v1/me/logins/:id": {want: "401 401 404 404 404 404 404 401", path: "/v1/me/logins/{login}", note: "of another user"},
	"GET /v1/me/tokens":        {want: "401 401 200 200 200 200 200 401"},
	"POST /v1/me/tokens":       {want: "401 401 201 201 201 201 201 401", body: `{"name":"Script","scopes":["read"]}`},
	"DELETE /v1/me/tokens/:id": {want: "401 401 404 404 404 404 404 401", path: "/v1/me/tokens/{token}", note: "of another user"},

	"GET /v1/login": {want: "200 200 200 200 200 200 200 200"},
	"POST /v1/login/totp": {
		want: "409 409 409 409 409 409 409 409", body: `{"challenge":"x","code":"000000"}`,
		note: "200 for who has shown the password and has the code",
	},
	"POST /v1/login/passkey/options": {want: "409 409 409 409 409 409 409 409", note: "200 where passkeys work: here the site has an address in numbers"},
	"POST /v1/login/passkey":         {want: "409 409 409 409 409 409 409 409", body: `{"ceremony":"x","credential":{}}`, note: "200 for who has the passkey"},
	"GET /v1/login/oidc":             {want: "404 404 404 404 404 404 404 404", note: "303 where the site has a provider"},
	"GET /v1/login/oidc/callback":    {want: "303 303 303 303 303 303 303 303", note: "to a page that says what came of it"},

	"GET /v1/me/signin":                  {want: "401 401 200 200 200 200 200 401", note: "also for who has yet to set up a second factor, as all of /v1/me that follows"},
	"GET /v1/me/passkeys":                {want: "401 401 200 200 200 200 200 401"},
	"POST /v1/me/passkeys/options":       {want: "401 401 409 409 409 409 409 401", note: "200 where passkeys work"},
	"POST /v1/me/passkeys":               {want: "401 401 409 409 409 409 409 401", body: `{"ceremony":"x","name":"Telephone","credential":{}}`, note: "201 where passkeys work"},
	"DELETE /v1/me/passkeys/:id":         {want: "401 401 404 404 404 404 404 401", path: "/v1/me/passkeys/none", note: "204 for one's own"},
	"POST /v1/me/totp/options":           {want: "401 401 200 200 200 200 200 401"},
	"POST /v1/me/totp":                   {want: "401 401 409 409 409 409 409 401", body: `{"ceremony":"x","code":"000000"}`, note: "201 with the app's code"},
	"DELETE /v1/me/totp":                 {want: "401 401 404 404 404 404 404 401", note: "204 for who has one"},
	"POST /v1/me/totp/recoveryCodes":     {want: "401 401 404 404 404 404 404 401", note: "201 for who has an app"},
	"POST /v1/me/identity":               {want: "401 401 404 404 404 404 404 401", note: "200 where the site has a provider"},
	"DELETE /v1/me/identity":             {want: "401 401 404 404 404 404 404 401", note: "204 for who is linked"},
	"DELETE /v1/users/:id/secondFactors": {want: "401 401 403 403 403 403 404 401", path: "/v1/users/none/secondFactors", note: "204 for a user of the site"},

	"GET /v1/sites/:id/signin": {want: "401 401 403 403 403 200 200 401", path: "/v1/sites/{site}/signin"},
	"PUT /v1/sites/:id/signin": {want: "401 401 403 403 403 403 200 401", path: "/v1/sites/{site}/signin", match: `"1"`, body: `{"provider":null}`},

	"GET /v1/webhooks":                               {want: "401 401 403 403 403 403 200 401"},
	"POST /v1/webhooks":                              {want: "401 401 403 403 403 403 201 401", body: `{"url":"https://hooks.example/in","events":["meetings.started"]}`},
	"GET /v1/webhooks/:id":                           {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}"},
	"PATCH /v1/webhooks/:id":                         {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}", body: `{"enabled":false}`},
	"DELETE /v1/webhooks/:id":                        {want: "401 401 403 403 403 403 204 401", path: "/v1/webhooks/{webhook}"},
	"POST /v1/webhooks/:id/secret":                   {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}/secret"},
	"POST /v1/webhooks/:id/test":                     {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}/test"},
	"GET /v1/webhooks/:id/deliveries":                {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}/deliveries"},
	"GET /v1/webhooks/:id/deadLetters":               {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}/deadLetters"},
	"POST /v1/webhooks/:id/deadLetters/retry":        {want: "401 401 403 403 403 403 200 401", path: "/v1/webhooks/{webhook}/deadLetters/retry"},
	"DELETE /v1/webhooks/:id/deadLetters":            {want: "401 401 403 403 403 403 204 401", path: "/v1/webhooks/{webhook}/deadLetters"},
	"POST /v1/webhooks/:id/deadLetters/:event/retry": {want: "401 401 403 403 403 403 404 401", path: "/v1/webhooks/{webhook}/deadLetters/none/retry", note: "200 for a dead letter"},
	"DELETE /v1/webhooks/:id/deadLetters/:event":     {want: "401 401 403 403 403 403 404 401", path: "/v1/webhooks/{webhook}/deadLetters/none", note: "204 for a dead letter"},
}
