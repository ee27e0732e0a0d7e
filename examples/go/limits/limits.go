// Package limits counts requests, so that noise stays away. What limits the guesses at a code is the account's own
// budget in its sealed record, which no restart forgets; this here is the memory of one process.
package limits

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Most is how many different keys a limiter counts in one window. The ones that come after them are refused until
// the window ends: memory stays bounded, and nobody gets past the limit by crowding it.
const Most = 100_000

// Rate is so many requests in so much time.
type Rate struct {
	Requests int
	Window   time.Duration
}

var windows = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour,
}

// ParseRate reads a rate such as 10/minute.
func ParseRate(text string) (Rate, error) {
	count, unit, _ := strings.Cut(text, "/")
	requests, err := strconv.Atoi(count)
	window, known := windows[unit]
	if err != nil || requests < 1 || !known {
		return Rate{}, fmt.Errorf("%q is no rate: write it like 10/minute (second, minute, hour, day)", text)
	}
	return Rate{Requests: requests, Window: window}, nil
}

// Limiter counts in fixed windows. Share one between all goroutines.
type Limiter struct {
	rate   Rate
	lock   sync.Mutex
	window int64
	counts map[string]int
}

// New makes a limiter.
func New(rate Rate) *Limiter {
	return &Limiter{rate: rate, counts: map[string]int{}}
}

// Allow counts a request of a key. Where it is one too many, it says how long the window still lasts.
func (l *Limiter) Allow(key string, now time.Time) (wait time.Duration, allowed bool) {
	length := int64(l.rate.Window)
	window := now.UnixNano() / length
	wait = time.Duration((window+1)*length - now.UnixNano())
	l.lock.Lock()
	defer l.lock.Unlock()
	if window != l.window {
		l.window, l.counts = window, map[string]int{}
	}
	count, known := l.counts[key]
	if count >= l.rate.Requests || !known && len(l.counts) >= Most {
		return wait, false
	}
	l.counts[key] = count + 1
	return 0, true
}
