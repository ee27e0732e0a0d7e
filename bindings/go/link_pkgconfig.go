//go:build !static

package twinlock

// #cgo pkg-config: twinlock
import "C"
