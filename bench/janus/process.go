// Package janus runs Debian's Janus (https://janus.conf.meetecho.com) beside the
// other servers of the bench, with its VideoRoom plugin and otherwise as it comes,
// and brings the bench's clients into a room. It keeps its files in a folder of
// its own and leaves an installed Janus alone.
package janus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/conclave-meet/conclave/bench/control"
)

// ErrAbsent says that there is no Janus on this machine.
var ErrAbsent = errors.New("janus is not installed (apt-get install janus)")

// startWithin is how long Janus may take until it answers.
const startWithin = 20 * time.Second

// The settings that differ from Debian's: where it listens, sessions that last as
// long as the bench does without asking, no interface but the bench's, ICE-lite as
// the other servers are, and no plugin or transport that is not used.
const (
	mainConfig = `general: {
	debug_level = 2
	session_timeout = 0
	candidates_timeout = 45
}
nat: {
	ice_lite = true
	ice_enforce_list = "%s"
}
plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_streaming.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so" }
transports: { disable = "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so,libjanus_websockets.so" }
`
	httpConfig = `general: {
	json = "compact"
	base_path = "/janus"
	http = true
	port = %d
	ip = "127.0.0.1"
	https = false
}
admin: { admin_http = false }
`
)

// Server is a running Janus.
type Server struct {
	cmd *exec.Cmd
	dir string
	url string
}

// Start starts Janus, or returns ErrAbsent.
func Start(ctx context.Context) (*Server, error) {
	path, err := exec.LookPath("janus")
	if err != nil {
		return nil, ErrAbsent
	}
	addr, err := control.Address()
	if err != nil {
		return nil, err
	}
	if addr.IsLoopback() {
		return nil, errors.New("janus takes no loopback address, and this machine has no other")
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bench-janus-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, url: fmt.Sprintf("http://127.0.0.1:%d/janus", port)}
	for name, text := range map[string]string{
		"janus.jcfg":                  fmt.Sprintf(mainConfig, addr),
		"janus.transport.http.jcfg":   fmt.Sprintf(httpConfig, port),
		"janus.plugin.videoroom.jcfg": "general: {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			s.Stop()
			return nil, err
		}
	}
	s.cmd = exec.CommandContext(ctx, path, "--configs-folder="+dir, "--disable-colors", "--log-stdout=false", "--log-file="+filepath.Join(dir, "log")) //nolint:gosec // found on the path
	if err := tie(s.cmd); err != nil {
		s.Stop()
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		s.Stop()
		return nil, err
	}
	if err := s.awaitUp(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// freePort returns a TCP port that nobody listens on now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil //nolint:forcetypeassert // net documents it
}

func (s *Server) awaitUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for {
		if _, err := s.ask(ctx, "", message{Janus: "ping"}); err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("janus does not answer: %.400s", log)
		}
	}
}

// Stop ends the process and removes its files.
func (s *Server) Stop() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
	_ = os.RemoveAll(s.dir)
}

// Name implements load.Server.
func (*Server) Name() string { return "janus" }

// PID implements load.Server.
func (s *Server) PID() int { return s.cmd.Process.Pid }
