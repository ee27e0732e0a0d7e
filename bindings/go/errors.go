package twinlock

// #include <twinlock.h>
import "C"

import (
	"fmt"
	"strings"
	"time"
)

// Code is one way in which a call can end other than well: above zero what the user did, below zero what the
// program or the deployment did. Numbers and names are stable; each code is a target for errors.Is.
type Code int32

// Name is the machine-readable name, such as "wrong_code", for HTTP bodies and logs.
func (c Code) Name() string {
	name, err := textOut(func(o out) C.int32_t {
		return C.twinlock_status_name(C.int32_t(c), o.data, o.capacity, o.length)
	})
	if err != nil {
		return fmt.Sprintf("unknown_code_%d", int32(c))
	}
	return name
}

// Message is one English sentence for people. It holds no secret and nothing that a user typed.
func (c Code) Message() string {
	message, err := textOut(func(o out) C.int32_t {
		return C.twinlock_status_message(C.int32_t(c), o.data, o.capacity, o.length)
	})
	if err != nil {
		return "There is no such code."
	}
	return message
}

// Error makes a code an error.
func (c Code) Error() string {
	return "twinlock: " + c.Message()
}

// IsRefusal says whether it is an answer to the user.
func (c Code) IsRefusal() bool {
	return c > 0
}

// Refusal says that the user's answer was not accepted. It is no error of the program.
type Refusal struct {
	Code Code
	// How long it makes no sense to try again, in whole seconds; 0 where there is no such time.
	RetryAfter time.Duration
}

func (r *Refusal) Error() string { return r.Code.Error() }

// Unwrap gives the code, for errors.Is.
func (r *Refusal) Unwrap() error { return r.Code }

// Fault says that the program or the deployment did something that cannot work. Nothing was granted.
type Fault struct {
	Code Code
	// The option that it is about, where there is one.
	About string
	// What the store failed with, where it did.
	Err error
}

func (f *Fault) Error() string {
	var text strings.Builder
	text.WriteString(f.Code.Error())
	if f.About != "" {
		text.WriteString(" (" + f.About + ")")
	}
	if f.Err != nil {
		text.WriteString(" " + f.Err.Error())
	}
	return text.String()
}

// Unwrap gives the code and what the store failed with, for errors.Is and errors.As.
func (f *Fault) Unwrap() []error {
	if f.Err == nil {
		return []error{f.Code}
	}
	return []error{f.Code, f.Err}
}

// The library that was found at run time has another interface than the header that this was built with.
var errOtherLibrary = fmt.Errorf("twinlock: the library that was loaded has another interface: %w", ErrArgumentInvalid)
