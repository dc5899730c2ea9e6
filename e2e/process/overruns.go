package process

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

var errNoOverruns = errors.New("no RcvbufErrors in /proc/net/snmp")

// Overruns returns how many UDP datagrams over IPv4 this machine has dropped since
// it started, because whoever they were for did not read fast enough.
func Overruns() (int, error) {
	text, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		return 0, err
	}
	return overruns(string(text))
}

// overruns finds the number under its name: the file has a line of names, and then
// one of numbers, for each protocol.
func overruns(snmp string) (int, error) {
	var names []string
	for line := range strings.Lines(snmp) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != "Udp:" {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		i := slices.Index(names, "RcvbufErrors")
		if i < 0 || i >= len(fields) {
			return 0, errNoOverruns
		}
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0, fmt.Errorf("RcvbufErrors: %w", err)
		}
		return n, nil
	}
	return 0, errNoOverruns
}
