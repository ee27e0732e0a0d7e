package sqlstore

import (
	"context"
	"strings"
)

// Companion inserts a row of another table of the database in the commit of a record: for instance that of the session
// that a sign-in began. Share one between all goroutines.
type Companion struct {
	store *Store
	// In SQLite the insertion alone, in PostgreSQL together with each of the two statements that save a record.
	alone, withInsert, withUpdate string
}

// Companion makes one for the columns of a table, which is where the database looks for it.
func (s *Store) Companion(table string, columns ...string) (*Companion, error) {
	into, err := quotedAll(append([]string{table}, columns...)...)
	if err != nil {
		return nil, err
	}
	insert := "INSERT INTO " + into[0] + " (" + strings.Join(into[1:], ", ") + ") "
	c := &Companion{store: s}
	if s.dialect == SQLite {
		values := strings.Join(placeholders("?", 0, len(columns)), ", ")
		c.alone = insert + "VALUES (" + values + ")"
		return c, nil
	}
	with := func(save string, arguments int) string {
		return "WITH saved AS (" + save + " RETURNING 1) " + insert + "SELECT " +
			strings.Join(placeholders("$", arguments, len(columns)), ", ") + " FROM saved"
	}
	const inserted, updated = 2, 3
	c.withInsert, c.withUpdate = with(s.statements.insert, inserted), with(s.statements.update, updated)
	return c, nil
}

// Save saves a record as [Store.Save] does and, where that took, inserts the values in the same commit. A row that the
// other table refuses fails the save, and in SQLite those that share the commit.
func (c *Companion) Save(
	ctx context.Context, subject string, record []byte, expected int64, values ...any,
) (bool, error) {
	if c.store.writer != nil {
		return c.store.writer.hand(ctx, &save{
			subject: subject, record: record, expected: expected, companion: c.alone, values: values,
		})
	}
	_, arguments := c.store.statements.save(subject, record, expected)
	text := c.withUpdate
	if expected == 0 {
		text = c.withInsert
	}
	return changed(c.store.db.ExecContext(ctx, text, append(arguments, values...)...))
}
