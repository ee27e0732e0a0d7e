package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// line is one connection, with the statements that were prepared on it. Who writes much stays on one: SQLite forgets
// the pages that a connection has read as soon as another one has written.
type line struct {
	db       *sql.DB
	own      *sql.Conn // nil until it is opened
	prepared map[string]*sql.Stmt
}

func (l *line) open(ctx context.Context) (err error) {
	if l.own == nil {
		l.own, err = l.db.Conn(ctx)
		l.prepared = map[string]*sql.Stmt{}
	}
	return err
}

func (l *line) exec(ctx context.Context, text string, arguments ...any) (sql.Result, error) {
	statement := l.prepared[text]
	if statement == nil {
		var err error
		if statement, err = l.own.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
		l.prepared[text] = statement
	}
	return statement.ExecContext(ctx, arguments...)
}

// release gives the connection back.
func (l *line) release() {
	l.end(func() { _ = l.own.Close() })
}

// drop closes the connection for good, and so undoes a transaction that may be open on it.
func (l *line) drop() {
	l.end(func() { _ = l.own.Raw(func(any) error { return driver.ErrBadConn }) })
}

// end closes the statements before their connection, which would else stay open for them.
func (l *line) end(connection func()) {
	if l.own == nil {
		return
	}
	for _, statement := range l.prepared {
		_ = statement.Close()
	}
	connection()
	l.own = nil
}
