package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

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
