package seal

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/dtls/v3/pkg/crypto/selfsign"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// socket returns a UDP socket on loopback.
func socket(tb testing.TB) *net.UDPConn {
	tb.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// shake has a client and a server, which s listens to, agree on keys, and returns what
// decrypts at the client.
func shake(tb testing.TB, s *Seal, profile dtls.SRTPProtectionProfile, suite dtls.CipherSuiteID) *srtp.Context {
	tb.Helper()
	certificate, err := selfsign.GenerateSelfSigned()
	if err != nil {
		tb.Fatal(err)
	}
	a, b := socket(tb), socket(tb)
	both := []dtls.Option{
		dtls.WithCertificates(certificate), dtls.WithSRTPProtectionProfiles(profile), dtls.WithInsecureSkipVerify(true),
		dtls.WithCipherSuites(suite),
	}
	serverOptions := []dtls.ServerOption{dtls.WithServerHelloMessageHook(s.Hello), dtls.WithKeyLogWriter(s)}
	var clientOptions []dtls.ClientOption
	for _, o := range both {
		serverOptions, clientOptions = append(serverOptions, o), append(clientOptions, o)
	}
	server, err := dtls.ServerWithOptions(a, b.LocalAddr(), serverOptions...)
	if err != nil {
		tb.Fatal(err)
	}
	client, err := dtls.ClientWithOptions(b, a.LocalAddr(), clientOptions...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _, _ = client.Close(), server.Close() })
	done := make(chan error, 1)
	go func() { done <- server.HandshakeContext(tb.Context()) }()
	if err := errors.Join(client.HandshakeContext(tb.Context()), <-done); err != nil {
		tb.Fatal(err)
	}
	state, ok := client.ConnectionState()
	if !ok {
		tb.Fatal("the client is not connected")
	}
	config := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	if err := config.ExtractSessionKeysFromDTLS(&state, true); err != nil {
		tb.Fatal(err)
	}
	enabled := srtp.Cryptex(srtp.CryptexModeEnabled)
	in, err := srtp.CreateContext(config.Keys.RemoteMasterKey, config.Keys.RemoteMasterSalt, config.Profile, enabled)
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// packet returns a packet with an extension.
func packet(tb testing.TB, seq uint16) *rtp.Packet {
	tb.Helper()
	p := &rtp.Packet{Header: rtp.Header{Version: 2, Marker: true, PayloadType: 96, SequenceNumber: seq, SSRC: 5}, Payload: bytes.Repeat([]byte{7}, 900)}
	if err := p.SetExtension(3, []byte{1, 2}); err != nil {
		tb.Fatal(err)
	}
	return p
}

// What is sealed the peer decrypts, and what the peer encrypts is opened, with every
// profile and hash function that can be agreed on; what was changed on the way is not.
func TestThePeerHasTheSameKeys(t *testing.T) {
	for _, profile := range []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80} {
		for _, suite := range []dtls.CipherSuiteID{dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, dtls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384} {
			for _, hide := range []bool{false, true} {
				t.Run(fmt.Sprintf("profile %d, suite %v, hiding %t", profile, suite, hide), func(t *testing.T) {
					var s Seal
					if hide {
						s.Hide()
					}
					checkKeys(t, &s, profile, suite, hide)
				})
			}
		}
	}
}

func checkKeys(t *testing.T, s *Seal, profile dtls.SRTPProtectionProfile, suite dtls.CipherSuiteID, hide bool) {
	t.Helper()
	p := packet(t, 1)
	if _, err := s.Packet(nil, &p.Header, p.Payload); !errors.Is(err, ErrNotYet) || s.Ready() {
		t.Errorf("before the handshake: %v, ready %t", err, s.Ready())
	}
	in := shake(t, s, profile, suite)
	if !s.Ready() {
		t.Fatal("no key after the handshake")
	}
	want, _ := p.Marshal()
	sealed, err := s.Packet(nil, &p.Header, p.Payload)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, p.Payload[:8]) || bytes.Contains(sealed, []byte{0x31, 1, 2}) == hide {
		t.Error("the packet shows what it should hide, or hides what it should not")
	}
	if clear, err := in.DecryptRTP(nil, sealed, nil); err != nil || !bytes.Equal(clear, want) {
		t.Errorf("the peer does not get what was sealed: %v", err)
	}
}

// No number is used twice with one SSRC, for its nonce would be: not at once, not after
// others, and not when it is so old that nobody knows. With another SSRC, or when
// numbers have wrapped, it is another nonce, as the peer knows too.
func TestNoNumberIsUsedTwice(t *testing.T) {
	var s Seal
	in := shake(t, &s, dtls.SRTP_AEAD_AES_128_GCM, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	seal := func(ssrc uint32, seq uint16) error {
		p := rtp.Packet{Header: rtp.Header{Version: 2, SSRC: ssrc, SequenceNumber: seq}, Payload: []byte{1}}
		sealed, err := s.Packet(nil, &p.Header, p.Payload)
		if err != nil {
			return err
		}
		want, _ := p.Marshal()
		if clear, err := in.DecryptRTP(nil, sealed, nil); err != nil || !bytes.Equal(clear, want) {
			t.Errorf("the peer does not get number %d of %d: %v", seq, ssrc, err)
		}
		return nil
	}
	for i, step := range []struct {
		ssrc uint32
		seq  uint16
		want error
	}{
		{1, 65000, nil},
		{1, 65000, ErrTwice},
		{1, 65002, nil},
		{1, 65001, nil},
		{1, 65001, ErrTwice},
		{1, 65002, ErrTwice},
		{2, 65000, nil}, // of another stream
		{2, 65000, ErrTwice},
		{1, 2000, nil},
		{1, 1999, nil},
		{1, 65000, ErrTwice},
		{1, 1999, ErrTwice},
	} {
		if err := seal(step.ssrc, step.seq); !errors.Is(err, step.want) {
			t.Errorf("step %d, number %d of %d: %v, want %v", i, step.seq, step.ssrc, err, step.want)
		}
	}
	for seq := range uint16(65000) { // all the way round
		if seq > 2000 && seal(1, seq) != nil {
			t.Fatalf("number %d is not taken", seq)
		}
	}
	if err := seal(1, 65000); err != nil {
		t.Errorf("after numbers have wrapped: %v", err)
	}
}

// The key of the first handshake stays, whatever is written later, and what is no key
// log gives none.
func TestOnlyOneKey(t *testing.T) {
	var s Seal
	for _, line := range []string{"", "CLIENT_RANDOM", "CLIENT_RANDOM zz 00", "SERVER_HANDSHAKE_TRAFFIC_SECRET 00 00", "CLIENT_RANDOM 00 00"} {
		if _, err := s.Write([]byte(line)); err == nil || s.Ready() {
			t.Errorf("%q gives a key", line) // the last lacks a profile
		}
	}
	in := shake(t, &s, dtls.SRTP_AEAD_AES_128_GCM, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	if _, err := s.Write([]byte("CLIENT_RANDOM 00 00")); err != nil {
		t.Error(err)
	}
	p := packet(t, 1)
	sealed, err := s.Packet(nil, &p.Header, p.Payload)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.DecryptRTP(nil, sealed, nil); err != nil {
		t.Errorf("another key: %v", err)
	}
	if s.keys.master != nil || s.keys.client != nil {
		t.Error("secrets are kept")
	}
}

// Padding comes behind the payload, and what does not fit is refused.
func TestPaddingAndLength(t *testing.T) {
	var s Seal
	in := shake(t, &s, dtls.SRTP_AEAD_AES_128_GCM, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	h := rtp.Header{Version: 2, Padding: true, PaddingSize: 100, SSRC: 1, SequenceNumber: 1}
	sealed, err := s.Packet(bytes.Repeat([]byte{9}, 10), &h, []byte{1, 2})
	if err != nil || !bytes.Equal(sealed[:10], bytes.Repeat([]byte{9}, 10)) {
		t.Fatal(err, sealed[:10])
	}
	clear, err := in.DecryptRTP(nil, sealed[10:], nil)
	if err != nil {
		t.Fatal(err)
	}
	var p rtp.Packet
	if err := p.Unmarshal(clear); err != nil || p.PaddingSize != 100 || !bytes.Equal(p.Payload, []byte{1, 2}) {
		t.Errorf("%v, %d bytes of padding, payload %v", err, p.PaddingSize, p.Payload)
	}
	if _, err := s.Packet(nil, &h, make([]byte, Room)); !errors.Is(err, ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
}

// BenchmarkPacket is a packet sealed in room that is there.
func BenchmarkPacket(b *testing.B) {
	var s Seal
	shake(b, &s, dtls.SRTP_AEAD_AES_128_GCM, dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	p, room := packet(b, 0), make([]byte, 0, Room)
	b.ReportAllocs()
	for began := time.Now(); b.Loop(); {
		p.SequenceNumber++
		if _, err := s.Packet(room, &p.Header, p.Payload); err != nil {
			b.Fatal(err, time.Since(began))
		}
	}
}
