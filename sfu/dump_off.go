//go:build !dump

package sfu

// What comes in is kept nowhere. Built with the tag dump, for tests that look at
// what the server gets to see, these write it down.

func dumpPacket(*encoding, *packet) {}

func dumpMessage(*peer, []byte) {}
