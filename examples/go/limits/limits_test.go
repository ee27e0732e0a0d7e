package limits

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestARateIsReadOrRefused(t *testing.T) {
	for text, rate := range map[string]Rate{"10/minute": {10, time.Minute}, "1/second": {1, time.Second},
		"500/hour": {500, time.Hour}, "7/day": {7, 24 * time.Hour}} {
		if got, err := ParseRate(text); got != rate || err != nil {
			t.Error(text, got, err)
		}
	}
	for _, text := range []string{"", "10", "10/", "/minute", "0/minute", "-1/minute", "x/minute", "10/week", "1e9/minute"} {
		if got, err := ParseRate(text); err == nil {
			t.Error(text, got)
		}
	}
}

func TestSoManyRequestsInAWindowAndNoMore(t *testing.T) {
	limiter := New(Rate{3, time.Minute})
	now := time.Unix(1_800_000_015, 0)
	for range 3 {
		if _, allowed := limiter.Allow("a", now); !allowed {
			t.Fatal("refused too early")
		}
	}
	if wait, allowed := limiter.Allow("a", now); allowed || wait != 45*time.Second {
		t.Error(wait, allowed)
	}
	if _, allowed := limiter.Allow("b", now); !allowed {
		t.Error("one key is counted for another")
	}
	if _, allowed := limiter.Allow("a", now.Add(45*time.Second)); !allowed {
		t.Error("the window does not end")
	}
}

func TestOfManyAtOnceSoManyGetThrough(t *testing.T) {
	limiter := New(Rate{10, time.Hour})
	var through atomic.Int64
	var group sync.WaitGroup
	now := time.Unix(1_800_000_000, 0)
	for range 100 {
		group.Go(func() {
			if _, allowed := limiter.Allow("a", now); allowed {
				through.Add(1)
			}
		})
	}
	if group.Wait(); through.Load() != 10 {
		t.Error(through.Load())
	}
}

func TestMemoryIsBounded(t *testing.T) {
	limiter := New(Rate{2, time.Minute})
	now := time.Unix(1_800_000_000, 0)
	for number := range Most + 1000 {
		if _, allowed := limiter.Allow(fmt.Sprint(number), now); allowed != (number < Most) {
			t.Fatal(number, allowed)
		}
	}
	if _, allowed := limiter.Allow("0", now); !allowed || len(limiter.counts) != Most {
		t.Error("who was there before is refused, or more is remembered: ", len(limiter.counts))
	}
	if _, allowed := limiter.Allow("new", now.Add(time.Minute)); !allowed || len(limiter.counts) != 1 {
		t.Error("the next window does not begin anew")
	}
}

func TestWhoseRequestItIs(t *testing.T) {
	for _, row := range []struct {
		remote    string
		forwarded []string
		proxies   int
		address   string
	}{
		{"192.0.2.1:99", nil, 0, "192.0.2.1"},
		{"192.0.2.1:99", []string{"198.51.100.1"}, 0, "192.0.2.1"},
		{"192.0.2.1:99", []string{"6.6.6.6, 198.51.100.1"}, 1, "198.51.100.1"},
		{"192.0.2.1:99", []string{"6.6.6.6", "198.51.100.1, 10.0.0.1"}, 2, "198.51.100.1"},
		{"192.0.2.1:99", []string{"198.51.100.1"}, 2, "192.0.2.1"},
		{"192.0.2.1:99", []string{"nonsense"}, 1, "192.0.2.1"},
		{"192.0.2.1:99", nil, 1, "192.0.2.1"},
		{"[2001:db8:1:2:3::4]:99", nil, 0, "2001:db8:1:2::/64"},
		{"[::ffff:192.0.2.1]:99", nil, 0, "192.0.2.1"},
		{"[fe80::1%eth0]:99", nil, 0, "fe80::/64"},
		{"@", nil, 0, "unknown"},
	} {
		request := &http.Request{RemoteAddr: row.remote, Header: http.Header{"X-Forwarded-For": row.forwarded}}
		if got := Address(request, row.proxies); got != row.address {
			t.Errorf("%+v: %s", row, got)
		}
	}
}
