package accounts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/mattn/go-sqlite3"    // the driver "sqlite3"

	"twinlock-example/sessions"
	"twinlock/sqlstore"
)

// Database is where the server keeps everything: accounts, sealed records and sessions.
type Database struct {
	*Accounts
	DB       *sql.DB
	Records  *sqlstore.Store
	Sessions *sessions.Sessions
	// What to call it in a log: without the password that a URL may hold.
	Name string
}

// Open opens a database and makes its tables where they are not there: PostgreSQL for a URL that begins with
// postgres:// or postgresql://, else SQLite in the file of that name.
func Open(ctx context.Context, place string, costs Costs) (*Database, error) {
	open := openSQLite
	if strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://") {
		open = openPostgreSQL
	}
	database, dialect, err := open(place)
	if err != nil {
		return nil, err
	}
	if database.Records, err = sqlstore.New(database.DB, dialect); err == nil {
		database.Accounts, err = New(database.DB, costs, placeholderOf(dialect))
	}
	if err == nil {
		database.Sessions, err = sessions.New(database.DB, database.Records, placeholderOf(dialect))
	}
	if err == nil {
		err = database.createTables(ctx)
	}
	if err != nil {
		_ = database.DB.Close()
		return nil, fmt.Errorf("%s: %w", database.Name, err)
	}
	return database, nil
}

// Ping says whether the database answers.
func (d *Database) Ping(ctx context.Context) error {
	var there bool
	return d.DB.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM account)").Scan(&there)
}

// SQLite for several processes: readers do not wait, a writer waits for its turn, and what was committed is
// on the disk.
func openSQLite(place string) (*Database, sqlstore.Dialect, error) {
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return nil, 0, err
	}
	// Only its owner may read the file; SQLite gives the files beside it the same mode.
	file, err := os.OpenFile(place, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, 0, err
	}
	_ = file.Close()
	settings := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"5000"},
		"_stmt_cache_size": {"64"}, // to prepare a query takes as long as to run it
	}
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: place}).EscapedPath()+"?"+settings.Encode())
	if err != nil {
		return nil, 0, err
	}
	connections := runtime.GOMAXPROCS(0) + 2
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &Database{DB: db, Name: "SQLite " + place}, sqlstore.SQLite, nil
}

func openPostgreSQL(place string) (*Database, sqlstore.Dialect, error) {
	at, err := url.Parse(place)
	if err != nil {
		return nil, 0, errors.New("the database's URL is malformed") // its text may hold a password
	}
	query := at.Query()
	if !query.Has("connect_timeout") {
		query.Set("connect_timeout", "5")
		at.RawQuery = query.Encode()
	}
	db, err := sql.Open("pgx", at.String())
	if err != nil {
		return nil, 0, err
	}
	const connections = 20
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxIdleTime(time.Minute)
	return &Database{DB: db, Name: "PostgreSQL " + at.Host + at.Path}, sqlstore.PostgreSQL, nil
}

func placeholderOf(dialect sqlstore.Dialect) func(number int) string {
	mark := "?"
	if dialect == sqlstore.PostgreSQL {
		mark = "$"
	}
	return func(number int) string { return fmt.Sprint(mark, number) }
}

var createTables = append([]string{
	"CREATE TABLE IF NOT EXISTS account (id text PRIMARY KEY, name text NOT NULL UNIQUE, " +
		"email text NOT NULL, active boolean NOT NULL, password text NOT NULL)",
	"CREATE INDEX IF NOT EXISTS account_email ON account (lower(email))",
	createLinks, createRequirements,
}, sessions.Schema...)

// createTables may run in several processes at once; of two that begin together one may have to ask again.
func (d *Database) createTables(ctx context.Context) error {
	if err := d.Records.CreateTable(ctx); err != nil {
		return err
	}
	for _, create := range createTables {
		_, err := d.DB.ExecContext(ctx, create)
		if err != nil {
			_, err = d.DB.ExecContext(ctx, create)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
