package sqlstore_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"twinlock/sqlstore"
)

func TestADatabaseThatForgetsIsNamed(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		wanted := []string{"synchronous is below FULL", "the journal is not on the disk"}
		if place.Dialect == sqlstore.PostgreSQL { // the tests' own does not wait for the disk either
			place.URL += "&options=-c%20synchronous_commit%3Doff"
			wanted = []string{"fsync is off", "synchronous_commit is off"}
		} else {
			place.URL = strings.Replace(place.URL, "_journal_mode=WAL", "_journal_mode=MEMORY&_synchronous=NORMAL", 1)
		}
		_, store := opened(t, place)
		worries, err := store.Check(context.Background())
		said := strings.Join(worries, "; ")
		for _, part := range wanted {
			if err != nil || !strings.Contains(said, part) {
				t.Errorf("%q is not said: %s %v", part, said, err)
			}
		}
	})
}

func TestAGoodDatabaseGivesNoWorries(t *testing.T) {
	place := place{Driver: "sqlite3", Dialect: sqlstore.SQLite, Table: "t",
		URL: "file:" + filepath.Join(t.TempDir(), "records.db") + "?_journal_mode=WAL&_synchronous=FULL"}
	_, store := opened(t, place)
	if worries, err := store.Check(context.Background()); len(worries) > 0 || err != nil {
		t.Error(worries, err)
	}
}

// Saves that share a commit are each answered for themselves, and are on the disk when they are.
func TestSavesThatShareACommitAreAnsweredOneByOne(t *testing.T) {
	everywhere(t, func(t *testing.T, place place) {
		_, store := opened(t, place)
		reader, other := opened(t, place)
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		var group sync.WaitGroup
		for number := range 64 {
			subject := string(rune('A' + number))
			group.Go(func() {
				for version := range int64(5) {
					if stored, err := store.Save(context.Background(), subject, []byte{byte(version)}, version); !stored || err != nil {
						t.Error(subject, version, stored, err)
					}
					record, at, err := other.Load(context.Background(), subject)
					if len(record) != 1 || record[0] != byte(version) || at != version+1 || err != nil {
						t.Error("what was told is not there: ", subject, record, at, err)
					}
					if stored, _ := store.Save(context.Background(), subject, []byte("late"), version); stored {
						t.Error("over an older version")
					}
					if stored, err := store.Save(ended, subject, []byte("too late"), version+1); stored || err == nil {
						t.Error("after the end: ", stored, err)
					}
				}
			})
		}
		group.Wait()
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What a database fails with undoes all that shared the commit, and the next saves go through.
func TestAFailureUndoesTheWholeCommitAndIsOver(t *testing.T) {
	place := place{Driver: "sqlite3", Dialect: sqlstore.SQLite, Table: "t",
		URL: "file:" + filepath.Join(t.TempDir(), "records.db") + "?_journal_mode=WAL&_busy_timeout=10"}
	_, store := opened(t, place)
	rival, err := sql.Open("sqlite3", place.URL+"&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rival.Close() }()
	holding, err := rival.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for number := range 8 {
		group.Go(func() {
			stored, err := store.Save(context.Background(), string(rune('a'+number)), []byte("record"), 0)
			if stored || err == nil {
				t.Error("a save over a locked database: ", stored, err)
			}
		})
	}
	group.Wait()
	if err := holding.Rollback(); err != nil {
		t.Fatal(err)
	}
	for number := range 8 {
		subject := string(rune('a' + number))
		if record, version, err := store.Load(context.Background(), subject); record != nil || version != 0 || err != nil {
			t.Error(subject, record, version, err)
		}
		if stored, err := store.Save(context.Background(), subject, []byte("record"), 0); !stored || err != nil {
			t.Error(subject, stored, err)
		}
	}
}

// One write that the database refuses is in the middle of others: what is told of each is what is there.
func TestWhatIsToldOfACommitIsWhatIsThere(t *testing.T) {
	place := place{Driver: "sqlite3", Dialect: sqlstore.SQLite, Table: "t",
		URL: "file:" + filepath.Join(t.TempDir(), "records.db") + "?_journal_mode=WAL&_busy_timeout=20000"}
	db, store := opened(t, place)
	_, err := db.Exec("CREATE TRIGGER refuse BEFORE INSERT ON t WHEN new.subject = 'h' BEGIN SELECT RAISE(ABORT, 'no'); END")
	if err != nil {
		t.Fatal(err)
	}
	rival, err := sql.Open("sqlite3", place.URL+"&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rival.Close() }()
	holding, err := rival.Begin() // meanwhile the saves gather
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	told := make([]bool, 16)
	for number := range told {
		group.Go(func() {
			told[number], _ = store.Save(context.Background(), string(rune('a'+number)), []byte("record"), 0)
		})
	}
	time.Sleep(200 * time.Millisecond)
	if err := holding.Rollback(); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	for number, stored := range told {
		_, version, err := store.Load(context.Background(), string(rune('a'+number)))
		if err != nil || stored != (version == 1) {
			t.Errorf("%c: told %v, version %d, %v", 'a'+number, stored, version, err)
		}
	}
}
