// Package sqlstore keeps Twinlock's records in a table of a SQL database, over database/sql. SQLite serves the
// processes of one machine, PostgreSQL any number of machines; it brings no driver.
//
//	db, err := sql.Open("pgx", url)
//	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
//	err = store.CreateTable(ctx) // or a migration of yours with store.Schema()
//	auth := twinlock.SecondFactor{Engine: engine, Store: store}
//
// A save is one conditional statement that commits by itself, so that a verdict is never rolled back after it was
// told. The database must keep what it says it has: with PostgreSQL connect to the primary and leave
// synchronous_commit on; with SQLite leave synchronous at FULL, and set a busy timeout where the driver has none.
// SQLite's ":memory:" is one database per connection: use twinlock.MemoryStore instead.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"twinlock"
)

// DefaultTable is the name of the table where [Table] says no other.
const DefaultTable = "twinlock_record"

// Store is a [twinlock.Store] in one table. Share one between all goroutines.
type Store struct {
	db         *sql.DB
	statements statements
}

var _ twinlock.Store = (*Store)(nil)

// Option changes how a store works.
type Option func(settings *settings)

type settings struct{ schema, table string }

// Table names the table, in place of [DefaultTable]. Any name is fine; it is quoted.
func Table(name string) Option {
	return func(settings *settings) { settings.table = name }
}

// Schema names the schema that the table is in; without it the database looks for it as for any other.
func Schema(name string) Option {
	return func(settings *settings) { settings.schema = name }
}

// New makes a store over a database. It sends nothing.
func New(db *sql.DB, dialect Dialect, options ...Option) (*Store, error) {
	settings := settings{table: DefaultTable}
	for _, change := range options {
		change(&settings)
	}
	statements, err := dialect.statements(settings)
	if err != nil {
		return nil, err
	}
	return &Store{db: db, statements: statements}, nil
}

// Schema is the statement that makes the table, for a migration.
func (s *Store) Schema() string {
	return s.statements.create
}

// CreateTable makes the table where it is not there. Any number of processes may do it at once.
func (s *Store) CreateTable(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, s.statements.create)
	if hasState(err, uniqueViolation, duplicateTable, duplicateObject) { // two made it at the same time
		_, err = s.db.ExecContext(ctx, s.statements.create)
	}
	return err
}

// Load reads the record of a subject and its version; nil and 0 where there is none.
func (s *Store) Load(ctx context.Context, subject string) (record []byte, version int64, err error) {
	err = s.db.QueryRowContext(ctx, s.statements.load, subject).Scan(&record, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return record, version, err
}

// Save writes the record where the version is still the expected one (0: where there is none).
func (s *Store) Save(ctx context.Context, subject string, record []byte, expected int64) (bool, error) {
	statement, arguments := s.statements.update, []any{record, subject, expected}
	if expected == 0 {
		statement, arguments = s.statements.insert, []any{record, subject}
	}
	result, err := s.db.ExecContext(ctx, statement, arguments...)
	if hasState(err, serializationFailure, deadlockDetected) { // it was undone: a rival won
		return false, nil
	}
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

// Where a database is set to be stricter than "read committed", losing a race is an error of these states.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	uniqueViolation      = "23505"
	duplicateTable       = "42P07"
	duplicateObject      = "42710"
)

// hasState says whether a database failed with one of these states, as drivers of PostgreSQL tell it.
func hasState(err error, states ...string) bool {
	var failure interface{ SQLState() string }
	if !errors.As(err, &failure) {
		return false
	}
	for _, state := range states {
		if failure.SQLState() == state {
			return true
		}
	}
	return false
}

// Dialect is the kind of database.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

type statements struct{ create, load, insert, update string }

func (d Dialect) statements(settings settings) (statements, error) {
	table, err := quoted(settings)
	if err != nil {
		return statements{}, err
	}
	switch d {
	case SQLite:
		return statements{
			create: "CREATE TABLE IF NOT EXISTS " + table + " (subject TEXT NOT NULL PRIMARY KEY, " +
				"record BLOB NOT NULL, version INTEGER NOT NULL)",
			load: "SELECT record, version FROM " + table + " WHERE subject = ?",
			insert: "INSERT INTO " + table + " (record, subject, version) VALUES (?, ?, 1) " +
				"ON CONFLICT DO NOTHING",
			update: "UPDATE " + table + " SET record = ?, version = version + 1 " +
				"WHERE subject = ? AND version = ?",
		}, nil
	case PostgreSQL:
		// The room left in each page lets an update stay in it without touching the index.
		return statements{
			create: "CREATE TABLE IF NOT EXISTS " + table + ` (subject text COLLATE "C" PRIMARY KEY, ` +
				"record bytea NOT NULL, version bigint NOT NULL) WITH (fillfactor = 50)",
			load: "SELECT record, version FROM " + table + " WHERE subject = $1",
			insert: "INSERT INTO " + table + " (record, subject, version) VALUES ($1, $2, 1) " +
				"ON CONFLICT DO NOTHING",
			update: "UPDATE " + table + " SET record = $1, version = version + 1 " +
				"WHERE subject = $2 AND version = $3",
		}, nil
	default:
		return statements{}, fmt.Errorf("sqlstore: there is no dialect %d", int(d))
	}
}

// PostgreSQL cuts longer names off, so that two of them would be one table.
const longestName = 63

func quoted(settings settings) (string, error) {
	names := []string{settings.table}
	if settings.schema != "" {
		names = []string{settings.schema, settings.table}
	}
	for i, name := range names {
		if name == "" || len(name) > longestName || strings.ContainsRune(name, 0) {
			return "", errors.New("sqlstore: names of tables and schemas have 1 to 63 bytes and no NUL")
		}
		names[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	return strings.Join(names, "."), nil
}
