package web

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"twinlock"
	"twinlock-example/limits"
)

const requestIDMax = 64

// event notes what happened to whom, for the request's line in the log. No secret, code or token may be given to it.
func (c *call) event(name, subject string) {
	c.events = append(c.events, slog.String("event", name))
	if subject != "" {
		c.events = append(c.events, slog.String("subject", subject))
	}
}

// about notes whose request it is before it is known how it ends.
func (c *call) about(subject string) {
	c.events = append(c.events, slog.String("subject", subject))
}

// failed notes why a request was refused, and writes what an operator has to look at.
func (c *call) failed(told *problem, err error) {
	c.events = append(c.events, slog.String("refused", told.code))
	var fault *twinlock.Fault
	if told.status < http.StatusInternalServerError {
		return
	}
	attributes := []any{"code", told.code, "error", err.Error()}
	if errors.As(err, &fault) && fault.Err != nil {
		attributes = append(attributes, "cause", fault.Err.Error())
	}
	c.Log.Error("a request cannot be served", attributes...)
}

// defect answers a request that met a defect of the program.
func (s *Site) defect(w http.ResponseWriter, path string, found any) int {
	if found == http.ErrAbortHandler {
		panic(found)
	}
	// The stack names functions and lines, nothing that a user sent.
	s.Log.Error("a defect", "path", path, "panic", kindOf(found), "stack", string(debug.Stack()))
	return write(w, answer{status: errDefect.status, body: errDefect.body()})
}

func kindOf(found any) string {
	if err, ok := found.(interface{ RuntimeError() }); ok {
		return err.(error).Error()
	}
	return "a value"
}

// log writes the request's line: the route, never the address that was asked for, which may hold anything.
func (c *call) log(path string, status int, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	case path == healthPath:
		level = slog.LevelDebug // it is asked for all the time
	}
	if !c.Log.Enabled(c.ctx, level) {
		return
	}
	attributes := append([]slog.Attr{
		slog.String("method", c.method()), slog.String("path", path), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("address", limits.Address(c.Request, c.Proxies)), slog.String("request_id", c.requestID()),
	}, c.events...)
	c.Log.LogAttrs(c.ctx, level, "request", attributes...)
}

// method is the request's where it is a usual one: a client may send any word.
func (c *call) method() string {
	switch c.Method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return c.Method
	default:
		return "other"
	}
}

// requestID is what the request is called in front of us, or a new name.
func (c *call) requestID() string {
	id := c.Header.Get("X-Request-ID")
	odd := func(char rune) bool { return char <= ' ' || char > '~' }
	if id == "" || len(id) > requestIDMax || strings.ContainsFunc(id, odd) {
		return rand.Text()
	}
	return id
}
