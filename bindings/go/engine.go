package twinlock

// #include <twinlock.h>
import "C"

import (
	"strings"
	"time"
	"unsafe"
)

// Engine has policy and keys, and nothing per user. Share one between all goroutines.
type Engine struct {
	handle *handle
	clock  func() time.Time
}

// New checks a configuration and makes an engine of it.
func New(config Config) (*Engine, error) {
	if C.twinlock_abi_version() != C.TWINLOCK_ABI_VERSION {
		return nil, errOtherLibrary
	}
	var options options
	if err := check(C.twinlock_config_new(&options.config)); err != nil {
		return nil, err
	}
	defer func() { C.twinlock_config_free(options.config) }()
	if options.fill(&config); options.err != nil {
		return nil, options.err
	}
	var engine *C.twinlock_engine
	if err := check(C.twinlock_engine_new(&options.config, &engine)); err != nil {
		return nil, err
	}
	clock := config.Clock
	if clock == nil {
		clock = time.Now
	}
	return &Engine{handle: newHandle(unsafe.Pointer(engine), freeEngine), clock: clock}, nil
}

// Close wipes the keys and frees the engine, once the calls that run have ended. What is called after it
// fails with [ErrHandleInvalid]. Closing twice is fine.
func (e *Engine) Close() error {
	e.handle.close()
	return nil
}

// Version is the version of the library that is loaded, such as "0.1.0".
func Version() string {
	version, _ := textOut(func(o out) C.int32_t {
		return C.twinlock_version(o.data, o.capacity, o.length)
	})
	return version
}

func freeEngine(object unsafe.Pointer) {
	C.twinlock_engine_free((*C.twinlock_engine)(object))
}

// use runs one native call on the engine.
func (e *Engine) use(call func(engine *C.twinlock_engine, now C.int64_t) error) error {
	if e == nil || e.handle == nil {
		return &Fault{Code: ErrHandleInvalid, About: "no engine"}
	}
	now := C.int64_t(e.clock().Unix())
	return e.handle.shared(func(object unsafe.Pointer) error {
		return call((*C.twinlock_engine)(object), now)
	})
}

// tell runs one native call on the engine that writes a text.
func (e *Engine) tell(
	write func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t,
) (text string, err error) {
	err = e.use(func(engine *C.twinlock_engine, now C.int64_t) (err error) {
		text, err = textOut(func(o out) C.int32_t {
			return write(engine, now, o)
		})
		return err
	})
	return text, err
}

// make runs one native call on the engine that writes bytes.
func (e *Engine) make(write func(engine *C.twinlock_engine, o out) C.int32_t) (bytes []byte, err error) {
	err = e.use(func(engine *C.twinlock_engine, _ C.int64_t) (err error) {
		bytes, err = bytesOut(func(o out) C.int32_t { return write(engine, o) })
		return err
	})
	return bytes, err
}

// KeyIDs gives the ids of the ring's keys, the first key's first.
func (e *Engine) KeyIDs() ([]string, error) {
	ids, err := e.tell(func(engine *C.twinlock_engine, _ C.int64_t, o out) C.int32_t {
		return C.twinlock_engine_key_ids(engine, o.data, o.capacity, o.length)
	})
	return strings.Fields(ids), err
}
