// Package conclave is the root of the conferencing service. It holds no code,
// only the test that guards the layering; the map is docs/architecture.md.
package conclave
