// Package sqlstore keeps Twinlock's records in a table of a SQL database, over database/sql. SQLite serves the
// processes of one machine, PostgreSQL any number of machines; it brings no driver.
//
//	db, err := sql.Open("pgx", url)
//	store, err := sqlstore.New(db, sqlstore.PostgreSQL)
//	err = store.CreateTable(ctx) // or a migration of yours with store.Schema()
//	auth := twinlock.SecondFactor{Engine: engine, Store: store}
//
// A save is one conditional statement that is committed when the call returns, so that a verdict is never rolled
// back after it was told. With SQLite, saves that wait for the same disk share one commit. The database must keep
// what it says it has: with PostgreSQL connect to the primary and leave synchronous_commit on; with SQLite have
// synchronous at FULL (mattn's driver does not unless told) and a busy timeout. [Store.Check] says what is amiss.
// SQLite's ":memory:" is one database per connection: use twinlock.MemoryStore instead.
//
// A second store with a table of its own keeps the sessions of twinlock.SecondFactor; [Store.PruneSessions] clears
// away what has ended.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"twinlock"
)

// DefaultTable is the name of the table where [Table] says no other.
const DefaultTable = "twinlock_record"

// Store is a [twinlock.Store] in one table. Share one between all goroutines.
type Store struct {
	db         *sql.DB
	dialect    Dialect
	statements statements
	reader     *prepared // nil where the driver keeps prepared statements itself
	writer     *writer   // nil where each save commits by itself
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
	store := &Store{db: db, dialect: dialect, statements: statements}
	if dialect == SQLite {
		store.reader = &prepared{db: db, text: statements.load}
		store.writer = newWriter(db, statements)
	}
	return store, nil
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
	err = s.one(ctx, subject).Scan(&record, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return record, version, err
}

// Save writes the record where the version is still the expected one (0: where there is none).
func (s *Store) Save(ctx context.Context, subject string, record []byte, expected int64) (bool, error) {
	if s.writer != nil {
		return s.writer.hand(ctx, &save{subject: subject, record: record, expected: expected})
	}
	statement, arguments := s.statements.save(subject, record, expected)
	return changed(s.db.ExecContext(ctx, statement, arguments...))
}

// row is what a query for one row gives.
type row interface{ Scan(into ...any) error }

func (s *Store) one(ctx context.Context, subject string) row {
	if s.reader == nil {
		return s.db.QueryRowContext(ctx, s.statements.load, subject)
	}
	statement, err := s.reader.statement(ctx)
	if err != nil {
		return failed{err}
	}
	return statement.QueryRowContext(ctx, subject)
}

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// changed says whether a conditional statement changed its row.
func changed(result sql.Result, err error) (bool, error) {
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
