package sqlstore_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"
)

func TestOneConnectionIsEnough(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		db, store, companion, count := notes(t, place)
		db.SetMaxOpenConns(1)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		const people, times = 16, 8
		var group sync.WaitGroup
		for person := range people {
			group.Go(func() {
				subject := strconv.Itoa(person)
				for version := range int64(times) {
					_, found, err := store.Load(ctx, subject)
					if found != version || err != nil {
						t.Error(subject, found, version, err)
						return
					}
					id := subject + " " + strconv.FormatInt(version, 10)
					if stored, err := companion.Save(ctx, subject, []byte(id), version, id, 1); !stored || err != nil {
						t.Error(id, stored, err)
						return
					}
				}
			})
		}
		if group.Wait(); count() != people*times {
			t.Error(count())
		}
	})
}

func TestNothingStaysOpenAfterAFailure(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, _, companion, _ := notes(t, place)
		_, other := opened(t, place)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if stored, err := companion.Save(ctx, "42", []byte("first"), 0, "id", 1); !stored || err != nil {
			t.Fatal(stored, err)
		}
		for range 3 {
			if stored, err := companion.Save(ctx, "43", []byte("first"), 0, "id", 1); stored || err == nil {
				t.Error("a row was refused, and the record was stored", stored, err)
			}
		}
		// Somebody else can write at once, and so can this one.
		if stored, err := other.Save(ctx, "43", []byte("other"), 0); !stored || err != nil {
			t.Error(stored, err)
		}
		if stored, err := companion.Save(ctx, "42", []byte("second"), 1, "next", 1); !stored || err != nil {
			t.Error(stored, err)
		}
	})
}
