package sqlstore

import (
	"context"
	"database/sql"
	"runtime"
	"sync"
)

// SQLite has one writer at a time, which waits for the disk at each commit. Saves that come meanwhile wait together
// and share the next commit: each is still one conditional statement, and none returns before its commit has.
const saves = 256 // in one commit at most

type writer struct {
	db         *sql.DB
	statements statements

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
	// The insertion into another table where the write took; empty where there is none.
	companion string
	values    []any

	stored bool
	err    error
	done   chan struct{}
}

func newWriter(db *sql.DB, statements statements) *writer {
	return &writer{db: db, statements: statements}
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
	line := line{db: w.db}
	defer line.release()
	for batch := w.next(); len(batch) > 0; batch = w.next() {
		err := w.commit(&line, batch)
		for _, one := range batch {
			if err != nil && one.err == nil {
				one.stored, one.err = false, err
			}
			close(one.done)
		}
	}
}

// next takes what waits. Where nothing does, the writer has ended. Goroutines that could run come first, since some of
// them are about to hand something over: a commit costs the same for one save as for many.
func (w *writer) next() []*save {
	runtime.Gosched()
	w.lock.Lock()
	defer w.lock.Unlock()
	count := min(len(w.waiting), saves)
	batch := w.waiting[:count:count]
	w.waiting = w.waiting[count:]
	w.running = count > 0
	return batch
}

// commit makes the writes of a batch in one transaction. What it fails with undid all of them.
func (w *writer) commit(line *line, batch []*save) error {
	// A transaction that began for several is not undone because one of them gives up.
	ctx := context.Background()
	err := line.open(ctx)
	if err == nil {
		_, err = line.exec(ctx, "BEGIN IMMEDIATE")
	}
	for _, one := range batch {
		if err != nil {
			break
		}
		if one.err = one.ctx.Err(); one.err == nil {
			err = w.write(ctx, line, one)
		}
	}
	if err == nil {
		_, err = line.exec(ctx, "COMMIT")
	}
	if err != nil {
		line.drop()
	}
	return err
}

func (w *writer) write(ctx context.Context, line *line, one *save) (err error) {
	statement, arguments := w.statements.save(one.subject, one.record, one.expected)
	one.stored, err = changed(line.exec(ctx, statement, arguments...))
	if err == nil && one.stored && one.companion != "" {
		_, err = line.exec(ctx, one.companion, one.values...)
	}
	return err
}
