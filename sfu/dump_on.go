//go:build dump

// This build writes down what comes in, so that tests can look for anything that
// should have been encrypted. It is not what is shipped.

package sfu

import (
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// dumpPacket appends a packet to the file of its peer, source and encoding, in
// the folder that CONCLAVE_DUMP names: the length of what follows (4 bytes),
// microseconds since 1970 (8), sequence number (2), RTP timestamp (4), marker
// (1), codec (1: Opus, VP8, VP9 and AV1 are 1 to 4) and the payload.
func dumpPacket(e *encoding, p *packet) {
	record := binary.BigEndian.AppendUint64(make([]byte, 4, 20+len(p.payload)), uint64(p.at.UnixMicro()))
	record = binary.BigEndian.AppendUint16(record, p.seq)
	record = binary.BigEndian.AppendUint32(record, p.ts)
	marker := byte(0)
	if p.marker {
		marker = 1
	}
	record = append(record, marker, byte(p.codec))
	dump(e.pub.peer, fmt.Sprintf("%d.%d", e.pub.source, e.index), append(record, p.payload...))
}

// dumpMessage appends a message to its peer's file "data": the length of what
// follows (4 bytes), microseconds since 1970 (8) and the message.
func dumpMessage(p *peer, m []byte) {
	record := binary.BigEndian.AppendUint64(make([]byte, 4, 12+len(m)), uint64(time.Now().UnixMicro()))
	dump(p, "data", append(record, m...))
}

// dump completes a record with its length and appends it to a file. It opens the
// file each time: a test build needs no speed, and has nothing to close then.
func dump(p *peer, name string, record []byte) {
	folder := os.Getenv("CONCLAVE_DUMP")
	if folder == "" {
		return
	}
	binary.BigEndian.PutUint32(record, uint32(len(record)-4)) //nolint:gosec // a packet or a message
	path := filepath.Join(folder, url.PathEscape(p.id)+"."+name)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // the name is escaped
	if err != nil {
		panic(fmt.Errorf("dump: %w", err)) // a proof without evidence is worse than none
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Write(record); err != nil {
		panic(fmt.Errorf("dump: %w", err))
	}
}
