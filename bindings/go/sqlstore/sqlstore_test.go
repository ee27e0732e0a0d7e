package sqlstore_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"twinlock/sqlstore"
)

func TestARecordIsWrittenOnlyOverTheVersionThatWasLoaded(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		ctx := context.Background()
		if record, version, err := store.Load(ctx, "42"); record != nil || version != 0 || err != nil {
			t.Fatal(record, version, err)
		}
		steps := []struct {
			record   string
			expected int64
			stored   bool
		}{
			{"too early", 1, false}, {"first", 0, true}, {"again", 0, false},
			{"\x00\xff", 1, true}, {"late", 1, false}, {"third", 2, true}, {"early", 4, false},
		}
		for _, step := range steps {
			stored, err := store.Save(ctx, "42", []byte(step.record), step.expected)
			if stored != step.stored || err != nil {
				t.Fatalf("%q over %d: %v %v", step.record, step.expected, stored, err)
			}
		}
		if record, version, err := store.Load(ctx, "42"); string(record) != "third" || version != 3 || err != nil {
			t.Error(record, version, err)
		}
	})
}

func TestSubjectsAreComparedByteByByte(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		subjects := []string{"a", "A", "ä", "a\u0308", " a", "a ", "1", "01", "1.0", "日本", strings.Repeat("x", 255)}
		for _, subject := range subjects {
			if stored, err := store.Save(context.Background(), subject, []byte(subject), 0); !stored || err != nil {
				t.Fatal(subject, stored, err)
			}
		}
		for _, subject := range subjects {
			record, _, err := store.Load(context.Background(), subject)
			if !bytes.Equal(record, []byte(subject)) || err != nil {
				t.Errorf("%q: %q %v", subject, record, err)
			}
		}
	})
}

func TestOfManyAtOnceOneWins(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		for version := range int64(5) {
			var won atomic.Int64
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					stored, err := store.Save(context.Background(), "42", []byte("record"), version)
					if err != nil {
						t.Error(err)
					}
					if stored {
						won.Add(1)
					}
				})
			}
			if group.Wait(); won.Load() != 1 {
				t.Fatalf("version %d: %d won", version, won.Load())
			}
		}
	})
}

func TestALostRaceIsNoErrorWhereTheDatabaseIsStricter(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		if place.Dialect != sqlstore.PostgreSQL {
			return // SQLite knows nothing less strict
		}
		place.URL += "&options=-c%20default_transaction_isolation%3Dserializable"
		db, store := opened(t, place)
		ctx := context.Background()
		if stored, err := store.Save(ctx, "42", []byte("first"), 0); !stored || err != nil {
			t.Fatal(stored, err)
		}
		rival, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		table := `"` + strings.ReplaceAll(place.Table, `"`, `""`) + `"`
		if _, err := rival.Exec("UPDATE " + table + " SET version = 2"); err != nil {
			t.Fatal(err)
		}
		go func() { // once the save waits for it
			for waiting := 0; waiting == 0; {
				_ = db.QueryRow("SELECT count(*) FROM pg_locks WHERE NOT granted").Scan(&waiting)
			}
			_ = rival.Commit()
		}()
		if stored, err := store.Save(ctx, "42", []byte("late"), 1); stored || err != nil {
			t.Error(stored, err)
		}
	})
}

func TestTheTableIsMadeByManyAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store, err := place.open()
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		for range 6 {
			group.Go(func() {
				if err := store.CreateTable(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

func TestAnEndedContextAndAClosedDatabaseAreErrors(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		db, store := opened(t, place)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if stored, err := store.Save(ctx, "42", []byte("record"), 0); stored || !errors.Is(err, context.Canceled) {
			t.Error(stored, err)
		}
		if _, _, err := store.Load(ctx, "42"); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		_ = db.Close()
		if stored, err := store.Save(context.Background(), "42", []byte("record"), 0); stored || err == nil {
			t.Error(stored, err)
		}
	})
}

func TestNamesAreQuotedOrRefused(t *testing.T) {
	for _, name := range []string{"", "a\x00b", strings.Repeat("x", 64)} {
		if _, err := sqlstore.New(nil, sqlstore.SQLite, sqlstore.Table(name)); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
	if _, err := sqlstore.New(nil, 0); err == nil {
		t.Error("no dialect was taken for one")
	}
	store, err := sqlstore.New(nil, sqlstore.PostgreSQL, sqlstore.Schema(`a"b`), sqlstore.Table("c"))
	if err != nil || !strings.HasPrefix(store.Schema(), `CREATE TABLE IF NOT EXISTS "a""b"."c" (`) {
		t.Error(store.Schema(), err)
	}
}
