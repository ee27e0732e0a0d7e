package twinlock

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// How many native objects are alive, for the tests.
var alive atomic.Int64

// handle holds one native object. It is freed once: by close, when a call took it, or some time after the Go
// value that owns the handle became unreachable.
type handle struct {
	lock    sync.RWMutex
	object  unsafe.Pointer
	cleanup runtime.Cleanup
	free    func(object unsafe.Pointer)
}

func newHandle(object unsafe.Pointer, free func(object unsafe.Pointer)) *handle {
	alive.Add(1)
	counted := func(object unsafe.Pointer) {
		free(object)
		alive.Add(-1)
	}
	h := &handle{object: object, free: counted}
	h.cleanup = runtime.AddCleanup(h, counted, object)
	return h
}

// shared runs a call beside others; none of them sees the object freed.
func (h *handle) shared(call func(object unsafe.Pointer) error) error {
	h.lock.RLock()
	defer h.lock.RUnlock()
	if h.object == nil {
		return &Fault{Code: ErrHandleInvalid}
	}
	return call(h.object)
}

// take runs a call that has the object for itself and may use it up, which it tells by setting it to nil.
func (h *handle) take(call func(object *unsafe.Pointer) error) error {
	h.lock.Lock()
	defer h.lock.Unlock()
	if h.object == nil {
		return &Fault{Code: ErrArgumentInvalid, About: "used or closed before"}
	}
	err := call(&h.object)
	if h.object == nil {
		h.cleanup.Stop()
		alive.Add(-1)
	}
	return err
}

// close frees the object; a second time it does nothing.
func (h *handle) close() {
	h.lock.Lock()
	defer h.lock.Unlock()
	if h.object == nil {
		return
	}
	h.cleanup.Stop()
	h.free(h.object)
	h.object = nil
}
