package room

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"

	"github.com/conclave-meet/conclave/signaling/wire"
)

// maxLog is how many commits are kept for those who come in. None is longer than
// the frame it came in, wire.MaxFrame.
const maxLog = 64

// group is the server's share of a meeting's MLS group: the epoch it is in, who
// holds which leaf, and the commits that led here. It looks inside none of them.
type group struct {
	id      string // base64url; no secret
	epoch   uint64
	settled uint64            // the last epoch that everybody who was in had reached
	leaves  map[string]int    // by participant, until a commit removes them
	devices map[string]string // the signature keys of these
	log     []wire.Committed  // oldest first
}

// newGroup returns a group of which founder, with that device, is the only member.
func newGroup(founder, device string) *group {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails
	return &group{
		id:     base64.RawURLEncoding.EncodeToString(id),
		leaves: map[string]int{founder: 0}, devices: map[string]string{founder: device},
	}
}

// check reports whether c can be the next commit: it is made in the epoch that
// is now, removes members only, and adds people who are none at leaves that are
// free. Devices are those of whom it adds.
func (g *group) check(c wire.Commit, locked bool, devices map[string]string) error {
	if c.Epoch != g.epoch {
		return ErrStale
	}
	if locked && !g.swaps(c, devices) {
		return ErrLocked
	}
	taken := make(map[int]bool, len(g.leaves))
	for _, leaf := range g.leaves {
		taken[leaf] = true
	}
	for _, id := range c.Removed {
		leaf, member := g.leaves[id]
		if !member {
			return fmt.Errorf("removed: %w", ErrNotFound)
		}
		delete(taken, leaf)
	}
	for _, a := range c.Added {
		if _, member := g.leaves[a.Participant]; member || taken[a.Leaf] {
			return fmt.Errorf("leaf %d: %w", a.Leaf, ErrForbidden)
		}
		taken[a.Leaf] = true
	}
	return nil
}

// swaps reports whether everybody who comes has the device of a member who goes, one
// for each: while locked nobody else is added. That it is the same person, members verify.
func (g *group) swaps(c wire.Commit, devices map[string]string) bool {
	gone := make(map[string]bool, len(c.Removed))
	for _, id := range c.Removed {
		gone[g.devices[id]] = true
	}
	return !slices.ContainsFunc(c.Added, func(a wire.Added) bool {
		device := devices[a.Participant]
		swapped := device != "" && gone[device]
		delete(gone, device)
		return !swapped
	})
}

// knows reports whether a member has that device.
func (g *group) knows(device string) bool {
	for _, other := range g.devices {
		if device != "" && other == device {
			return true
		}
	}
	return false
}

// devicesOf lists the devices of members.
func (g *group) devicesOf(members []string) (devices []string) {
	for _, id := range members {
		devices = append(devices, g.devices[id])
	}
	return devices
}

// take makes c, which was checked, the commit of this epoch and begins the next.
// Devices are those of whom it adds.
func (g *group) take(by string, c wire.Commit, devices map[string]string) wire.Committed {
	g.epoch++
	for _, id := range c.Removed {
		delete(g.leaves, id)
		delete(g.devices, id)
	}
	for _, a := range c.Added {
		g.leaves[a.Participant], g.devices[a.Participant] = a.Leaf, devices[a.Participant]
	}
	if len(g.log) == maxLog {
		g.log = slices.Delete(g.log, 0, 1)
	}
	committed := wire.Committed{By: by, Epoch: g.epoch, Commit: c.Commit, Removed: c.Removed, Rules: c.Rules}
	g.log = append(g.log, committed)
	return committed
}

// since returns the commits made after epoch began, or false when some of them
// are not kept any more.
func (g *group) since(epoch uint64) ([]wire.Committed, bool) {
	missed := g.epoch - epoch
	if missed > uint64(len(g.log)) {
		return nil, false
	}
	return g.log[uint64(len(g.log))-missed:], true
}

// members lists everybody with a leaf, by leaf.
func (g *group) members() []string {
	return slices.SortedFunc(maps.Keys(g.leaves), func(a, b string) int { return g.leaves[a] - g.leaves[b] })
}
