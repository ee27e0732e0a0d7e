package sqlstore_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"twinlock/sqlstore"
)

// notes is a table of a program's own, beside that of the records.
func notes(t *testing.T, place place) (*sql.DB, *sqlstore.Store, *sqlstore.Companion, func() int) {
	t.Helper()
	db, store := opened(t, place)
	name := place.Table + " notes"
	table := `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	if _, err := db.Exec("CREATE TABLE " + table + " (id text PRIMARY KEY, made_at bigint NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	companion, err := store.Companion(name, "id", "made_at")
	if err != nil {
		t.Fatal(err)
	}
	return db, store, companion, func() (count int) {
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&count); err != nil {
			t.Fatal(err)
		}
		return count
	}
}

func TestACompanionIsInsertedWhereTheSaveTook(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store, companion, count := notes(t, place)
		ctx := context.Background()
		for _, step := range []struct {
			id       string
			expected int64
			stored   bool
			rows     int
		}{{"early", 1, false, 0}, {"first", 0, true, 1}, {"again", 0, false, 1}, {"second", 1, true, 2}, {"late", 1, false, 2}} {
			stored, err := companion.Save(ctx, "42", []byte(step.id), step.expected, step.id, 7)
			if stored != step.stored || err != nil || count() != step.rows {
				t.Fatal(step, stored, err, count())
			}
		}
		// What the other table refuses undoes the save.
		if stored, err := companion.Save(ctx, "42", []byte("third"), 2, "second", 7); stored || err == nil {
			t.Error(stored, err)
		}
		if record, version, err := store.Load(ctx, "42"); string(record) != "second" || version != 2 || err != nil {
			t.Error(record, version, err)
		}
	})
}

func TestOfManyCompanionsAtOnceOneIsInserted(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, _, companion, count := notes(t, place)
		var won atomic.Int64
		var group sync.WaitGroup
		for number := range 16 {
			group.Go(func() {
				stored, err := companion.Save(context.Background(), "42", []byte("record"), 0, string(rune('a'+number)), 1)
				if err != nil {
					t.Error(err)
				}
				if stored {
					won.Add(1)
				}
			})
		}
		if group.Wait(); won.Load() != 1 || count() != 1 {
			t.Error(won.Load(), count())
		}
	})
}

func TestACompanionNeedsNames(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		for _, names := range [][]string{{""}, {"notes", ""}, {"notes", strings.Repeat("x", 64)}} {
			if _, err := store.Companion(names[0], names[1:]...); err == nil {
				t.Error(names)
			}
		}
	})
}
