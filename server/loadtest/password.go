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

// maxInput is more than the longest password takes, in bytes.
const maxInput = 4 << 10

// readPassword reads one line. At a terminal it asks for it, and shows nothing of it.
func readPassword(in io.Reader, out io.Writer) (string, error) {
	if file, ok := in.(*os.File); ok && term.IsTerminal(int(file.Fd())) { //nolint:gosec // a descriptor is small
		_, _ = fmt.Fprint(out, "Password: ")
		text, err := term.ReadPassword(int(file.Fd())) //nolint:gosec // a descriptor is small
		_, _ = fmt.Fprintln(out)
		return string(text), err
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxInput)).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.Join(errors.New("give the host's password on standard input, as one line"), ignoreEOF(err))
	}
	return line, ignoreEOF(err)
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
