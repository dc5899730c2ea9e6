//go:build dump

package sfu_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pion/webrtc/v4"

	"github.com/conclave-meet/conclave/e2e/bot"
)

// The build for proofs writes down every packet and message as it came, also
// what is then refused, and also from a source that is not live.
func TestDumpHoldsWhatCameIn(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("CONCLAVE_DUMP", folder)
	st := newStage(t)
	ada := st.add("ada/1", small)
	st.ready(ada)
	s := bot.NewStream(webrtc.MimeTypeVP8, 1, 100, 100)
	var sent [][]byte
	st.until("100 refused frames", func(i int) {
		s.Plain = i%2 == 0
		sent = append(sent, write(ada, bot.Camera, s, true).Payload)
	}, func() bool { return st.sfu.Stats().Refused >= 100 })
	message := []byte("not a message")
	if err := ada.SendData(bot.Hint, message); err != nil {
		t.Fatal(err)
	}
	st.until("the message", func(int) {}, func() bool { return st.sfu.Stats().DataRefused == 1 })
	st.group.Remove(ada.id)
	st.group.Close()

	next := 0
	for _, r := range records(t, filepath.Join(folder, "ada%2F1.1.2")) {
		seq, codec, payload := binary.BigEndian.Uint16(r[8:]), r[15], r[16:]
		at := int(seq) - 100
		if at < next || codec != 2 || string(payload) != string(sent[at]) {
			t.Fatalf("record of packet %d, codec %d, after %d: % x", seq, codec, 99+next, payload[:20])
		}
		next = at + 1
	}
	if next < 150 {
		t.Errorf("the last record is of packet %d of %d", next, len(sent))
	}
	if got := records(t, filepath.Join(folder, "ada%2F1.data")); len(got) != 1 || !strings.HasSuffix(string(got[0]), string(message)) {
		t.Errorf("messages written down: %q", got)
	}
}

func records(t *testing.T, path string) (list [][]byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for len(b) > 0 {
		n := binary.BigEndian.Uint32(b)
		list = append(list, b[4:4+n])
		b = b[4+n:]
	}
	return list
}
