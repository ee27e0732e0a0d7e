package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"twinlock"
)

const start = 1_800_000_000

// life is one subject of a script of tests/vectors/life.json. python/tests/support/languages/life.py says how to read
// one, and lets the actors of several languages take turns.
type life struct {
	t       *testing.T
	options arguments
	engine  *twinlock.Engine
	now     time.Time
	kept    map[string]any
	record  string
}

type step struct {
	At         int64
	Call       string
	With       arguments
	Gives      map[string]any
	Keep       map[string]string
	Refused    string
	RetryAfter int64 `json:"retry_after"`
}

func TestEveryLifeEndsAsTheScriptSays(t *testing.T) {
	var file struct {
		Lives []struct {
			Name    string
			Options arguments
			Steps   []step
		}
	}
	path := filepath.Join("..", "..", "..", "..", "tests", "vectors", "life.json")
	mustDo(json.Unmarshal(must(os.ReadFile(path)), &file))
	if len(file.Lives) < 2 {
		t.Fatal(len(file.Lives), "lives in life.json")
	}
	for _, script := range file.Lives {
		t.Run(script.Name, func(t *testing.T) {
			l := &life{t: t, options: script.Options, kept: map[string]any{}}
			l.configure(nil)
			for _, step := range script.Steps {
				l.play(step)
			}
		})
	}
}

func (l *life) configure(changes arguments) {
	options := maps.Clone(l.options)
	maps.Copy(options, changes)
	l.engine = configure(options, func() time.Time { return l.now })
}

func (l *life) play(step step) {
	if step.Call == "configure" {
		l.configure(step.With)
		return
	}
	l.now = time.Unix(start+step.At, 0)
	with := arguments{"subject": "alice", "record": l.record}
	for name, value := range step.With {
		with[name] = l.resolve(value)
	}
	// As text, in which all languages answer.
	text := must(json.Marshal(play(l.engine, step.Call, with, l.now)))
	var answer struct {
		Verdict    string
		RetryAfter int64 `json:"retry_after"`
		Facts      map[string]any
		Record     string
	}
	mustDo(json.Unmarshal(text, &answer))
	ending := step.Refused
	if ending == "" {
		ending = "ok"
	}
	known := slices.Collect(maps.Keys(step.Gives))
	for name, path := range step.Keep {
		words := strings.Split(path, ".")
		known = append(known, words[0])
		var value any = answer.Facts
		for _, word := range words {
			value = value.(map[string]any)[word]
		}
		l.kept[name] = value
	}
	slices.Sort(known)
	told := slices.Sorted(maps.Keys(answer.Facts))
	if answer.Verdict != ending || answer.RetryAfter != step.RetryAfter ||
		!slices.Equal(slices.Compact(known), told) || !l.fits(step.Gives, answer.Facts) {
		l.t.Fatalf("%+v\ngave %s", step, text)
	}
	l.record = answer.Record
}

func (l *life) fits(expected, got any) bool {
	switch want := expected.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name, member := range want {
			if !l.fits(member, object[name]) {
				return false
			}
		}
		return len(want) == 0 || object != nil
	case []any:
		items, _ := got.([]any)
		return slices.EqualFunc(want, items, l.fits)
	case float64:
		if items, isList := got.([]any); isList {
			return len(items) == int(want)
		}
		return got == want
	case string:
		if later, isTime := strings.CutPrefix(want, "+"); isTime {
			return got == float64(start+number(later))
		}
		return want == "*" && got != nil || got == l.resolve(want)
	default:
		return reflect.DeepEqual(expected, got)
	}
}

var reference = regexp.MustCompile(`\$(?:(code|wrong|hotp)\((\w+), (-?\d+)\)|(\w+)(?:\.(\d+))?)`)

// resolve puts in what a text refers to.
func (l *life) resolve(text string) string {
	return reference.ReplaceAllStringFunc(text, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		if parts[1] != "" {
			return shown(parts[1], l.kept[parts[2]].(string), number(parts[3]))
		}
		if parts[5] != "" {
			return l.kept[parts[4]].([]any)[must(strconv.Atoi(parts[5]))].(string)
		}
		return l.kept[parts[4]].(string)
	})
}

// shown is what a device with the secret shows.
func shown(what, secret string, at int64) string {
	code := func(seconds int64) string {
		return must(twinlock.TOTP{}.Generate(secret, time.Unix(start+seconds, 0)))
	}
	switch what {
	case "code":
		return code(at)
	case "hotp":
		return must(twinlock.HOTP{}.Generate(secret, uint64(at)))
	}
	near := map[string]bool{}
	for steps := int64(-4); steps <= 4; steps++ {
		near[code(at+30*steps)] = true
	}
	for guess := 0; ; guess++ {
		if wrong := fmt.Sprintf("%06d", guess); !near[wrong] {
			return wrong
		}
	}
}
