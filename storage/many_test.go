//go:build !million

package storage

// many is how many rows the tests of large reports have.
const many = 20_000
