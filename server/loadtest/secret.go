package loadtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxInput is more than a link and the longest password take, in bytes.
const maxInput = 4 << 10

// secrets reads what must not be in a command line, where everybody on the machine
// sees it and the shell remembers it: one line each.
type secrets struct {
	terminal *os.File // nil where the lines come from elsewhere
	lines    *bufio.Reader
	out      io.Writer
}

func newSecrets(in io.Reader, out io.Writer) *secrets {
	s := &secrets{lines: bufio.NewReader(io.LimitReader(in, maxInput)), out: out}
	if file, ok := in.(*os.File); ok && term.IsTerminal(int(file.Fd())) { //nolint:gosec // a descriptor is small
		s.terminal = file
	}
	return s
}

// read reads the next. At a terminal it asks for it by its name, and shows nothing of
// it.
func (s *secrets) read(name string) (string, error) {
	if s.terminal != nil {
		_, _ = fmt.Fprintf(s.out, "The %s: ", name)
		text, err := term.ReadPassword(int(s.terminal.Fd())) //nolint:gosec // a descriptor is small
		_, _ = fmt.Fprintln(s.out)
		return string(text), err
	}
	line, err := s.lines.ReadString('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.Join(fmt.Errorf("give the %s on standard input, as one line", name), err)
	}
	return line, err
}
