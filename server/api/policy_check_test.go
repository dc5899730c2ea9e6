package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/conclave-meet/conclave/signaling/policy"
)

func TestPoliciesThatWillNotDo(t *testing.T) {
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	fields := func(list string) string { return fmt.Sprintf(`{"preSessionFields":[%s]}`, list) }
	field := func(name, label, choices string) string {
		return fmt.Sprintf(`{"name":%q,"label":%q,"choices":[%s]}`, name, label, choices)
	}
	numbered := make([]string, maxFields+1)
	for i := range numbered {
		numbered[i] = field(fmt.Sprint("f", i), "Question", "")
	}
	for _, tt := range []struct{ name, policy, says string }{
		{"a short least length is fine", `{"passwordCriteria":{"minLength":64}}`, ""},
		{"a long least length", `{"passwordCriteria":{"minLength":65}}`, "0 to 64"},
		{"a negative least length", `{"passwordCriteria":{"minLength":-1}}`, "0 to 64"},
		{"a strength beyond the scale", `{"passwordCriteria":{"minStrength":5}}`, "0 to 4"},
		{"a blocked word of two letters", `{"passwordCriteria":{"blockedWords":["ab"]}}`, "at least 3"},
		{"a blocked word of nothing", `{"passwordCriteria":{"blockedWords":[" "]}}`, "1 to 64"},
		{"too many blocked words", fmt.Sprintf(`{"passwordCriteria":{"blockedWords":[%s]}}`, many(201, `"word"`)), "200"},
		{"a field", fields(field("company", "Your company", "")), ""},
		{"a field with choices", fields(field("team", "Team", `"Red","Blue"`)), ""},
		{"a field name with a space", fields(field("your company", "Your company", "")), "name of a question"},
		{"a field name of markup", fields(field("<b>", "Company", "")), "name of a question"},
		{"a field name like what objects have", fields(field("__proto__", "Company", "")), "name of a question"},
		{"no field name", fields(field("", "Company", "")), "name of a question"},
		{"a field name twice", fields(field("a", "A", "") + "," + field("A", "B", "")), "Two questions"},
		{"no label", fields(field("a", "", "")), "A question"},
		{"a label that turns round", fields(field("a", "A\u202eB", "")), "cannot be seen"},
		{"a long label", fields(field("a", strings.Repeat("a", 201), "")), "1 to 200"},
		{"a choice twice", fields(field("a", "A", `"Red","Red "`)), "twice"},
		{"an empty choice", fields(field("a", "A", `""`)), "A choice"},
		{"too many choices", fields(field("a", "A", many(51, `"x"`))), "50"},
		{"too many fields", fields(strings.Join(numbered, ",")), "20"},
		{"a disclaimer of several lines", `{"disclaimer":{"text":"One.\n\nTwo."}}`, ""},
		{"a disclaimer with a bell", `{"disclaimer":{"text":"One.\u0007"}}`, "cannot be seen"},
		{"a long disclaimer", fmt.Sprintf(`{"disclaimer":{"text":%q}}`, strings.Repeat("a", 10_001)), "10000"},
		{"an origin", `{"embedOrigins":["https://www.example.org"]}`, ""},
		{"an origin with a port", `{"embedOrigins":["https://www.example.org:8443"]}`, ""},
		{"this machine", `{"embedOrigins":["http://localhost:3000"]}`, ""},
		{"this machine by another name", `{"embedOrigins":["http://a.localhost:3000"]}`, ""},
		{"this machine's name in another's", `{"embedOrigins":["http://localhost.example.org"]}`, "An origin"},
		{"plain HTTP", `{"embedOrigins":["http://www.example.org"]}`, "An origin"},
		{"everybody", `{"embedOrigins":["*"]}`, "An origin"},
		{"all hosts of a domain", `{"embedOrigins":["https://*.example.org"]}`, "An origin"},
		{"null", `{"embedOrigins":["null"]}`, "An origin"},
		{"a path", `{"embedOrigins":["https://www.example.org/page"]}`, "An origin"},
		{"a query", `{"embedOrigins":["https://www.example.org?a"]}`, "An origin"},
		{"a person", `{"embedOrigins":["https://ada@www.example.org"]}`, "An origin"},
		{"another header", `{"embedOrigins":["https://www.example.org; script-src *"]}`, "An origin"},
		{"a script", `{"embedOrigins":["javascript:alert(1)"]}`, "An origin"},
		{"no port", `{"embedOrigins":["https://www.example.org:"]}`, "An origin"},
		{"too many origins", fmt.Sprintf(`{"embedOrigins":[%s]}`, many(51, `"https://a.example"`)), "50"},
		{"a negative retention", `{"edrRetentionDays":-1}`, "ever"},
		{"a retention beyond reason", `{"edrRetentionDays":36501}`, "ever"},
		{"some of the addresses", `{"ipAddresses":"half"}`, "ipAddresses"},
		{"no addresses", `{"ipAddresses":"none"}`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want policy.Site
			if err := json.Unmarshal([]byte(tt.policy), &want); err != nil {
				t.Fatal(err)
			}
			_, err := CheckPolicy(policy.Site{}, want)
			switch got := fmt.Sprint(err); {
			case tt.says == "" && err != nil:
				t.Errorf("refused: %s", got)
			case tt.says != "" && (err == nil || !strings.Contains(got, tt.says)):
				t.Errorf("CheckPolicy = %s, want %q", got, tt.says)
			}
		})
	}
}

func TestOriginsAreKeptAsBrowsersWriteThem(t *testing.T) {
	got, err := CheckPolicy(policy.Site{}, policy.Site{EmbedOrigins: []string{" HTTPS://Www.Example.org/ ", "https://www.example.org:443", "https://a.example:444"}})
	if want := "[https://www.example.org https://a.example:444]"; err != nil || fmt.Sprint(got.EmbedOrigins) != want {
		t.Errorf("kept %v, %v; want %s", got.EmbedOrigins, err, want)
	}
}

// Who changes the disclaimer's text cannot keep its version, and nobody else can
// change that.
func TestTheServerCountsDisclaimers(t *testing.T) {
	first, err := CheckPolicy(policy.Site{}, policy.Site{Disclaimer: policy.Disclaimer{Text: " Be\r\nkind. ", Version: 77}})
	if err != nil || first.Disclaimer != (policy.Disclaimer{Text: "Be\nkind.", Version: 1}) {
		t.Fatalf("first: %+v, %v", first.Disclaimer, err)
	}
	same, err := CheckPolicy(first, policy.Site{Disclaimer: policy.Disclaimer{Text: "Be\nkind."}})
	if err != nil || same.Disclaimer.Version != 1 || same.Disclaimer.Hash() != first.Disclaimer.Hash() {
		t.Errorf("the same text: %+v, %v", same.Disclaimer, err)
	}
	second, err := CheckPolicy(first, policy.Site{Disclaimer: policy.Disclaimer{Text: "Be kinder.", Version: 1}})
	if err != nil || second.Disclaimer.Version != 2 || second.Disclaimer.Hash() == first.Disclaimer.Hash() {
		t.Errorf("another text: %+v, %v", second.Disclaimer, err)
	}
	if none, err := CheckPolicy(second, policy.Site{}); err != nil || none.Disclaimer.Version != 3 || none.Disclaimer.Hash() != "" {
		t.Errorf("no text: %+v, %v", none.Disclaimer, err)
	}
}
