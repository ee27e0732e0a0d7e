package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// SQLite has one writer at a time, which waits for the disk at each commit. Saves that come meanwhile wait together
// and share the next commit: each is still one conditional statement, and none returns before its commit has.
const saves = 256 // in one commit at most

type writer struct {
	db             *sql.DB
	insert, update prepared

	lock    sync.Mutex
	waiting []*save
	running bool
}

// save is one conditional write and what comes of it.
type save struct {
	ctx      context.Context
	subject  string
	record   []byte
	expected int64
	// A row of another table that is inserted where the write took; nil where there is none.
	companion *prepared
	values    []any

	stored bool
	err    error
	done   chan struct{}
}

func newWriter(db *sql.DB, statements statements) *writer {
	return &writer{
		db:     db,
		insert: prepared{db: db, text: statements.insert},
		update: prepared{db: db, text: statements.update},
	}
}

// hand hands a write over and waits for its commit.
func (w *writer) hand(ctx context.Context, own *save) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	own.ctx, own.done = ctx, make(chan struct{})
	w.lock.Lock()
	w.waiting = append(w.waiting, own)
	if !w.running {
		w.running = true
		go w.run()
	}
	w.lock.Unlock()
	select {
	case <-own.done:
		return own.stored, own.err
	case <-ctx.Done():
		return false, ctx.Err() // whether it was stored is not known, as with any statement that is cut off
	}
}

// run commits what waits until nothing does.
func (w *writer) run() {
	for batch := w.next(); len(batch) > 0; batch = w.next() {
		err := w.commit(batch)
		for _, one := range batch {
			if err != nil && one.err == nil {
				one.stored, one.err = false, err
			}
			close(one.done)
		}
	}
}

// next takes what waits. Where nothing does, the writer has ended.
func (w *writer) next() []*save {
	w.lock.Lock()
	defer w.lock.Unlock()
	count := min(len(w.waiting), saves)
	batch := w.waiting[:count:count]
	w.waiting = w.waiting[count:]
	w.running = count > 0
	return batch
}

// commit makes the writes of a batch in one transaction. What it fails with undid all of them.
func (w *writer) commit(batch []*save) error {
	// A transaction that began for several is not undone because one of them gives up.
	ctx := context.Background()
	insert, err := w.insert.statement(ctx)
	if err != nil {
		return err
	}
	update, err := w.update.statement(ctx)
	if err != nil {
		return err
	}
	companions, err := companionsOf(ctx, batch)
	if err != nil {
		return err
	}
	transaction, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	insert, update = transaction.StmtContext(ctx, insert), transaction.StmtContext(ctx, update)
	for companion, statement := range companions {
		companions[companion] = transaction.StmtContext(ctx, statement)
	}
	for _, one := range batch {
		if one.err = one.ctx.Err(); one.err != nil {
			continue
		}
		if one.expected == 0 {
			one.stored, err = changed(insert.ExecContext(ctx, one.record, one.subject))
		} else {
			one.stored, err = changed(update.ExecContext(ctx, one.record, one.subject, one.expected))
		}
		if err == nil && one.stored && one.companion != nil {
			_, err = companions[one.companion].ExecContext(ctx, one.values...)
		}
		if err != nil {
			_ = transaction.Rollback()
			return err
		}
	}
	return transaction.Commit()
}

// companionsOf prepares what the writes of a batch insert: inside the transaction it would wait for another connection.
func companionsOf(ctx context.Context, batch []*save) (map[*prepared]*sql.Stmt, error) {
	all := map[*prepared]*sql.Stmt{}
	for _, one := range batch {
		if one.companion == nil || all[one.companion] != nil {
			continue
		}
		statement, err := one.companion.statement(ctx)
		if err != nil {
			return nil, err
		}
		all[one.companion] = statement
	}
	return all, nil
}

// prepared is a statement that is prepared when it is first needed, and closed with its database.
type prepared struct {
	db   *sql.DB
	text string

	lock sync.Mutex
	made *sql.Stmt
}

func (p *prepared) statement(ctx context.Context) (*sql.Stmt, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.made == nil {
		made, err := p.db.PrepareContext(ctx, p.text)
		if err != nil {
			return nil, err
		}
		p.made = made
	}
	return p.made, nil
}
