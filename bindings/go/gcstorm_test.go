//go:build gcstorm

package twinlock_test

import (
	"runtime"
	"runtime/debug"
)

// With -tags gcstorm the garbage collector runs all the time: what is freed too early shows.
func init() {
	debug.SetGCPercent(1)
	go func() {
		for {
			runtime.GC()
		}
	}()
}
