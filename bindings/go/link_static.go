//go:build static

package twinlock

// What CGO_CFLAGS and CGO_LDFLAGS say comes before these and wins.

// #cgo CFLAGS: -I${SRCDIR}/../../include
// #cgo LDFLAGS: -L${SRCDIR}/../../target/release
// #cgo linux LDFLAGS: -l:libtwinlock.a -lpthread -ldl -lm
// #cgo !linux LDFLAGS: -ltwinlock
import "C"
