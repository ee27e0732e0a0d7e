package sqlstore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Dialect is the kind of database.
type Dialect int

// The dialects.
const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

type statements struct{ create, load, insert, update, page, remove string }

// save is the statement that writes over an expected version, with its arguments.
func (s statements) save(subject string, record []byte, expected int64) (string, []any) {
	if expected == 0 {
		return s.insert, []any{record, subject}
	}
	return s.update, []any{record, subject, expected}
}

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
			page: "SELECT subject, record, version FROM " + table +
				" WHERE subject > ? ORDER BY subject LIMIT ?",
			remove: "DELETE FROM " + table + " WHERE subject = ? AND version = ?",
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
			page: "SELECT subject, record, version FROM " + table +
				" WHERE subject > $1 ORDER BY subject LIMIT $2",
			remove: "DELETE FROM " + table + " WHERE subject = $1 AND version = $2",
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
	names, err := quotedAll(names...)
	return strings.Join(names, "."), err
}

func quotedAll(names ...string) ([]string, error) {
	all := make([]string, len(names))
	for i, name := range names {
		if name == "" || len(name) > longestName || strings.ContainsRune(name, 0) {
			return nil, errors.New("sqlstore: names of tables, columns and schemas have 1 to 63 bytes and no NUL")
		}
		all[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	return all, nil
}

// placeholders are so many parameters after those that there are.
func placeholders(mark string, before, count int) []string {
	all := make([]string, count)
	for i := range all {
		all[i] = mark + strconv.Itoa(before+i+1)
	}
	return all
}
