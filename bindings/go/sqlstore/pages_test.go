package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"twinlock"
	"twinlock/sqlstore"
)

// STO-06: tables are bounded: sessions that have ended are cleared away bit by bit, living ones are not.
func TestSessionsThatHaveEndedAreCleared(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, sessions := opened(t, place)
		ctx := context.Background()
		keys, err := twinlock.GenerateKeyRing()
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(1_800_000_000, 0)
		engine, err := twinlock.New(twinlock.Config{Issuer: "Acme", Keys: keys, Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = engine.Close() }()
		auth := twinlock.SecondFactor{Engine: engine, Store: new(twinlock.MemoryStore), Sessions: sessions}
		begin := func() *twinlock.Tokens {
			login, err := auth.BeginSignIn(ctx, "42", twinlock.FirstFactor{})
			if err != nil {
				t.Fatal(err)
			}
			tokens, err := auth.BeginSession(ctx, login.Proof, nil)
			if err != nil {
				t.Fatal(err)
			}
			return tokens
		}
		for range 7 {
			begin()
		}
		if _, err := sessions.Save(ctx, "of somebody else", []byte("{}"), 0); err != nil {
			t.Fatal(err)
		}
		if seen, deleted := prune(t, sessions, now); seen != 8 || deleted != 0 {
			t.Errorf("at once: %d of %d", deleted, seen)
		}
		now = now.Add(24*time.Hour + time.Second)
		if _, deleted := prune(t, sessions, now); deleted != 0 {
			t.Error("a token that another server's leeway would take lost its session")
		}
		now = now.Add(time.Hour)
		living := begin()
		if seen, deleted := prune(t, sessions, now); seen != 9 || deleted != 7 {
			t.Errorf("after a day: %d of %d", deleted, seen)
		}
		if _, err := auth.Rotate(ctx, living.Refresh); err != nil {
			t.Error(err)
		}
	})
}

// prune goes through all rows, three at a time.
func prune(t *testing.T, sessions *sqlstore.Store, now time.Time) (seen, deleted int) {
	t.Helper()
	for after := ""; ; {
		pruned, err := sessions.PruneSessions(context.Background(), now, after, 3)
		if err != nil || pruned.Seen > 3 {
			t.Fatal(pruned, err)
		}
		seen, deleted = seen+pruned.Seen, deleted+pruned.Deleted
		if after = pruned.Next; after == "" {
			return seen, deleted
		}
	}
}

func TestSubjectsAreListedPageByPage(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		ctx := context.Background()
		var stored, listed []string
		for number := range 7 {
			stored = append(stored, fmt.Sprint("subject ", number))
			if _, err := store.Save(ctx, stored[number], []byte("record"), 0); err != nil {
				t.Fatal(err)
			}
		}
		for after := ""; ; {
			page, next, err := store.Subjects(ctx, after, 3)
			if err != nil || len(page) > 3 {
				t.Fatal(page, err)
			}
			listed = append(listed, page...)
			if after = next; after == "" {
				break
			}
		}
		if !slices.Equal(listed, stored) {
			t.Error(listed)
		}
		if _, _, err := store.Subjects(ctx, "", 0); err == nil {
			t.Error("a page without rows would never end")
		}
	})
}
