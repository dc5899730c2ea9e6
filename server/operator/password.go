package operator

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/term"
)

// maxInput is more than the longest password takes, in bytes.
const maxInput = 4 << 10

// readPassword reads one line. At a terminal it asks for it, twice, and shows
// nothing of it.
func readPassword(in io.Reader, out io.Writer) (string, error) {
	file, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) { //nolint:gosec // a descriptor is small
		return readLine(in)
	}
	first, err := ask(file, out, "Password: ")
	if err != nil {
		return "", err
	}
	again, err := ask(file, out, "The same again: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", errors.New("the two passwords differ; try again")
	}
	return first, nil
}

func ask(terminal *os.File, out io.Writer, prompt string) (string, error) {
	_, _ = fmt.Fprint(out, prompt)
	text, err := term.ReadPassword(int(terminal.Fd())) //nolint:gosec // a descriptor is small
	_, _ = fmt.Fprintln(out)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(text), nil
}

func readLine(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err != nil {
		return "", fmt.Errorf("read the password from standard input: %w", err)
	}
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	switch {
	case len(text) == 0:
		return "", errors.New("give the password on standard input, as one line")
	case len(text) > maxInput, bytes.ContainsAny(text, "\r\n\x00"), !utf8.Valid(text):
		return "", errors.New("the password on standard input must be one line of text, and nothing more")
	}
	return string(text), nil
}
