// Command actor plays steps of a life in Go, for the tests between languages.
// python/tests/support/languages/cast.py says what lines come in and go out.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"twinlock"
)

// arguments are those of a call; one that is not given is empty.
type arguments map[string]string

// facts are what a call gave.
type facts map[string]any

func (f facts) add(more facts) {
	for name, value := range more {
		f[name] = value
	}
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	var engine *twinlock.Engine
	now := new(time.Time)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		name, with := parse(strings.TrimSuffix(line, "\n"))
		if name == "configure" {
			engine = configure(with, func() time.Time { return *now })
			continue
		}
		*now = time.Unix(number(with["now"]), 0)
		fmt.Println(string(must(json.Marshal(play(engine, name, with, *now)))))
	}
}

func parse(line string) (name string, with arguments) {
	words := strings.Split(line, "\t")
	with = arguments{}
	for _, word := range words[1:] {
		argument, value, _ := strings.Cut(word, "=")
		with[argument] = value
	}
	return words[0], with
}

func configure(with arguments, clock func() time.Time) *twinlock.Engine {
	config := twinlock.Config{
		Issuer: "Acme", Keys: twinlock.KeyRing(with["keys"]), Clock: clock,
		Policy: map[twinlock.Option]int64{}, Words: map[twinlock.WordOption]string{},
	}
	words := map[string]twinlock.WordOption{
		"fallback": twinlock.OptFallback, "sent_codes": twinlock.OptSentCodes, "opt_out": twinlock.OptOptOut,
	}
	for name, option := range words {
		if with[name] != "" {
			config.Words[option] = with[name]
		}
	}
	if with["trusted_devices"] != "" {
		config.Policy[twinlock.OptTrustedDevices] = number(with["trusted_devices"])
	}
	return must(twinlock.New(config))
}

func play(engine *twinlock.Engine, name string, with arguments, now time.Time) facts {
	ctx := context.Background()
	records, sessions := new(twinlock.MemoryStore), new(twinlock.MemoryStore)
	save(records, with["subject"], must(hex.DecodeString(with["record"])))
	save(sessions, with["session"], []byte(with["state"]))
	auth := twinlock.SecondFactor{Engine: engine, Store: records, Sessions: sessions}
	s := &scene{SecondFactor: auth, sessions: sessions, ctx: ctx, with: with, subject: with["subject"], gives: facts{}}
	call, known := calls[name]
	if !known {
		panic("no such call: " + name)
	}
	verdict, wait := verdictOf(call(s))
	record, _, err := records.Load(ctx, with["subject"])
	mustDo(err)
	return facts{"verdict": verdict, "retry_after": wait, "facts": s.gives, "record": hex.EncodeToString(record)}
}

func save(store twinlock.Store, name string, value []byte) {
	if len(value) > 0 {
		_ = must(store.Save(context.Background(), name, value, 0))
	}
}

func verdictOf(err error) (name string, wait int64) {
	var refusal *twinlock.Refusal
	var fault *twinlock.Fault
	switch {
	case err == nil:
		return "ok", 0
	case errors.As(err, &refusal):
		return refusal.Code.Name(), int64(refusal.RetryAfter / time.Second)
	case errors.As(err, &fault):
		return fault.Code.Name(), 0
	default:
		panic(err)
	}
}

func number(text string) int64 { return must(strconv.ParseInt(text, 10, 64)) }

func must[T any](value T, err error) T {
	mustDo(err)
	return value
}

func mustDo(err error) {
	if err != nil {
		panic(err)
	}
}
