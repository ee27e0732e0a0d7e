package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	_ "github.com/mattn/go-sqlite3"

	"twinlock/sqlstore"
	"twinlock/sqlstore/postgrestest"
)

// Where TWINLOCK_TEST_WORKER is set, this program is one of several processes of a test: see worker_test.go.
func TestMain(m *testing.M) {
	if told := os.Getenv(workerVariable); told != "" {
		work(told)
		return
	}
	os.Exit(run(m))
}

var (
	postgresURL   string
	errOfPostgres error
	tables        atomic.Int64
)

func run(m *testing.M) int {
	// One of your own may be named, and is then left as it is but for a few tables.
	if postgresURL = os.Getenv("TWINLOCK_TEST_POSTGRES"); postgresURL == "" {
		var server *postgrestest.Server
		if server, errOfPostgres = postgrestest.Start(); errOfPostgres == nil {
			postgresURL = server.URL()
			defer server.Stop()
		}
	}
	return m.Run()
}

// place is a database and a table that is nobody else's.
type place struct {
	Driver, URL, Table string
	Dialect            sqlstore.Dialect
}

func (p place) open() (*sql.DB, *sqlstore.Store, error) {
	db, err := sql.Open(p.Driver, p.URL)
	if err != nil {
		return nil, nil, err
	}
	store, err := sqlstore.New(db, p.Dialect, sqlstore.Table(p.Table))
	return db, store, err
}

// everywhere runs a test on each database.
func everywhere(t *testing.T, test func(t *testing.T, place place)) {
	t.Run("SQLite", func(t *testing.T) {
		url := "file:" + filepath.Join(t.TempDir(), "records.db") + "?_journal_mode=WAL&_busy_timeout=20000"
		test(t, place{Driver: "sqlite3", URL: url, Table: `odd "name" ? $1 %s`, Dialect: sqlstore.SQLite})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		if errors.Is(errOfPostgres, postgrestest.ErrNotThere) && os.Getenv("CI") != "true" {
			t.Skip(errOfPostgres)
		}
		if errOfPostgres != nil {
			t.Fatal(errOfPostgres)
		}
		table := fmt.Sprintf(`odd "name" ? $1 %%s %d %d`, os.Getpid(), tables.Add(1))
		test(t, place{Driver: "pgx", URL: postgresURL, Table: table, Dialect: sqlstore.PostgreSQL})
	})
}

// opened is a store with its table.
func opened(t *testing.T, place place) (*sql.DB, *sqlstore.Store) {
	t.Helper()
	db, store, err := place.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := store.CreateTable(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db, store
}
