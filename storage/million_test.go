//go:build million

package storage

const many = 1_000_000
