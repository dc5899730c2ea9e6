//go:build !million

package report_test

// many is how many rows the tests of large files have.
const many = 20_000
