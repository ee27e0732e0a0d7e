package twinlock

// #include <twinlock.h>
import "C"

import (
	"errors"
	"time"
)

// fields reads a native result field by field, and remembers the first thing that went wrong.
type fields struct {
	text   func(field C.int32_t, index C.size_t, o out) C.int32_t
	count  func(field C.int32_t, out *C.size_t) C.int32_t
	number func(field C.int32_t, out *C.int64_t) C.int32_t
	err    error
}

// one reads the text of a field that has one.
func (f *fields) one(field C.int32_t) string {
	return f.at(field, 0)
}

// first reads the text of a field that may have none.
func (f *fields) first(field C.int32_t) string {
	if texts := f.all(field); len(texts) > 0 {
		return texts[0]
	}
	return ""
}

// all reads the texts of a field that may have any number of them.
func (f *fields) all(field C.int32_t) []string {
	var count C.size_t
	if !f.keep(check(f.count(field, &count))) {
		return nil
	}
	texts := make([]string, 0, count)
	for index := range count {
		texts = append(texts, f.at(field, index))
	}
	return texts
}

func (f *fields) at(field C.int32_t, index C.size_t) string {
	if f.err != nil {
		return ""
	}
	text, err := textOut(func(o out) C.int32_t {
		return f.text(field, index, o)
	})
	f.keep(err)
	return text
}

// integer reads a number.
func (f *fields) integer(field C.int32_t) int64 {
	var value C.int64_t
	if f.err == nil {
		f.keep(check(f.number(field, &value)))
	}
	return int64(value)
}

// time reads a number of Unix seconds.
func (f *fields) time(field C.int32_t) time.Time {
	return time.Unix(f.integer(field), 0).UTC()
}

func (f *fields) keep(err error) bool {
	if f.err == nil {
		f.err = err
	}
	return f.err == nil
}

// maybe reads the text of a field that may not be there.
func (f *fields) maybe(field C.int32_t) string {
	text := f.one(field)
	f.forgive()
	return text
}

// maybeInteger reads a number that may not be there.
func (f *fields) maybeInteger(field C.int32_t) int64 {
	value := f.integer(field)
	f.forgive()
	return value
}

// forgive takes a missing field for an empty one.
func (f *fields) forgive() {
	if errors.Is(f.err, ErrFieldUnknown) {
		f.err = nil
	}
}
