package twinlock

// #include <twinlock.h>
import "C"

import (
	"sync"
	"unicode/utf8"
	"unsafe"
)

// The room that most outputs fit into, so that one call is enough.
const usualRoom = 2048

// check turns a status into an error.
func check(status C.int32_t) error {
	switch {
	case status == C.TWINLOCK_OK:
		return nil
	case status > 0:
		return &Refusal{Code: Code(status)}
	default:
		return &Fault{Code: Code(status)}
	}
}

// textIn lends a string to C for the time of one call.
func textIn(text string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.size_t(len(text))
}

// bytesIn lends bytes to C for the time of one call.
func bytesIn(bytes []byte) (*C.uint8_t, C.size_t) {
	return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(bytes))), C.size_t(len(bytes))
}

// typed makes what a user sent fit for C, which takes UTF-8 of a limited length. Text that does not fit becomes
// one that is nobody's code and nobody's token, so that it is judged and counted as any other.
func typed(text string) string {
	if len(text) > C.TWINLOCK_INPUT_MAX || !utf8.ValidString(text) {
		return string(utf8.RuneError)
	}
	return text
}

// out is a buffer that C writes to.
type out struct {
	data     *C.char
	capacity C.size_t
	length   *C.size_t
}

func (o out) bytes() *C.uint8_t {
	return (*C.uint8_t)(unsafe.Pointer(o.data))
}

// textOut collects a text that C writes.
func textOut(write func(o out) C.int32_t) (text string, err error) {
	err = collect(write, func(content []byte) { text = string(content) })
	return text, err
}

// bytesOut collects bytes that C writes; nil where there are none.
func bytesOut(write func(o out) C.int32_t) (bytes []byte, err error) {
	err = collect(write, func(content []byte) { bytes = append(bytes, content...) })
	return bytes, err
}

// rooms are buffers that were wiped: a sign-in collects two dozen texts.
var rooms = sync.Pool{New: func() any { return new([usualRoom]byte) }}

// collect offers a buffer, and a larger one where that is too small, and wipes them: they may hold a secret.
func collect(write func(o out) C.int32_t, take func(content []byte)) error {
	usual := rooms.Get().(*[usualRoom]byte)
	length, err := offer(usual[:], write, take)
	rooms.Put(usual)
	if length > usualRoom {
		_, err = offer(make([]byte, length), write, take)
	}
	return err
}

// offer offers one buffer. The length is what is needed, above that of the buffer where it is too small.
func offer(buffer []byte, write func(o out) C.int32_t, take func(content []byte)) (int, error) {
	data := unsafe.Pointer(unsafe.SliceData(buffer))
	var length C.size_t
	status := write(out{data: (*C.char)(data), capacity: C.size_t(len(buffer)), length: &length})
	written := len(buffer)
	if status == C.TWINLOCK_OK {
		take(buffer[:length])
		written = int(length)
	}
	C.twinlock_wipe(data, C.size_t(written))
	if status != C.TWINLOCK_E_BUFFER_TOO_SMALL {
		length = 0
	}
	return int(length), check(status)
}
