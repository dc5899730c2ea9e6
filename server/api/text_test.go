package api

import (
	"strings"
	"testing"
)

func TestOneLine(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string // empty: refused
	}{
		{"plain", "Ada Lovelace", "Ada Lovelace"},
		{"space around", " \tAda\n", "Ada"},
		{"empty", "", ""},
		{"only space", " \u00a0 ", ""},
		{"the longest", strings.Repeat("é", 100), strings.Repeat("é", 100)},
		{"too long", strings.Repeat("é", 101), ""},
		{"any script", "אדה 아다 エイダ", "אדה 아다 エイダ"},
		{"joiners that scripts need", "نامه\u200cای", "نامه\u200cای"},
		{"joiners that emoji need", "👩\u200d💻", "👩\u200d💻"},
		{"nothing but joiners", "\u200d\u200c", ""},
		{"markup is text", `<b>"A" & 'B'</b>`, `<b>"A" & 'B'</b>`},
		{"line break", "A\nB", ""},
		{"escape", "A\x1b[31mB", ""},
		{"nul", "A\x00", ""},
		{"C1 control", "A\u0085B", ""},
		{"line separator", "A\u2028B", ""},
		{"embedding", "A\u202aB", ""},
		{"override", "A\u202eB", ""},
		{"isolate", "A\u2066B", ""},
		{"mark", "A\u200fB", ""},
		{"zero width space", "A\u200bB", ""},
		{"byte order mark", "\ufeffA", ""},
		{"word joiner", "A\u2060B", ""},
		{"soft hyphen", "A\u00adB", ""},
		{"filler", "\u3164", ""},
		{"tag", "A\U000e0041", ""},
		{"private use", "A\ue000", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := oneLine("Your name", tt.text, maxName)
			if got != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("oneLine(%q) = %q, %v; want %q", tt.text, got, err, tt.want)
			}
		})
	}
}

func TestEmailAddress(t *testing.T) {
	for _, fine := range []string{"ada@example.org", " ada@example.org ", "a.b+c@sub.example.org", "ada@localhost", "åda@exämple.org", "o'hara@example.org"} {
		if got, err := emailAddress(fine); err != nil || got != strings.TrimSpace(fine) {
			t.Errorf("emailAddress(%q) = %q, %v", fine, got, err)
		}
	}
	for _, bad := range []string{
		"", "ada", "@example.org", "ada@", "a@b@c", "ada @example.org", "ada@exam ple.org", "ada@example.org\nBcc: eve@example.org",
		"<ada@example.org>", "Ada <ada@example.org>", "ada@example.org,eve@example.org", "ada@.org", "ada@example.", `"a"@example.org`,
		"ada\u202e@example.org", "ada\u200b@example.org", "ada\u200d@example.org", strings.Repeat("a", 250) + "@b.org",
	} {
		if got, err := emailAddress(bad); err == nil {
			t.Errorf("emailAddress(%q) = %q", bad, got)
		}
	}
}
