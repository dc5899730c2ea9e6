//go:build million

package report_test

const many = 1_000_000
