package sqlstore

import (
	"context"
	"errors"
	"time"

	"twinlock"
)

// Subjects lists the next subjects in their order after one, at most so many, and says after which to go on; that is
// empty at the end. With it a program goes through all records, for instance to reseal them.
func (s *Store) Subjects(ctx context.Context, after string, limit int) (subjects []string, next string, err error) {
	page, next, err := s.page(ctx, after, limit)
	for _, row := range page {
		subjects = append(subjects, row.subject)
	}
	return subjects, next, err
}

// Pruned is what came of one page of [Store.PruneSessions].
type Pruned struct {
	// After which session to go on; empty at the end.
	Next string
	// How many rows were looked at, and how many of them were deleted.
	Seen, Deleted int
}

// The leeway that tokens may have at most, so that a session is kept as long as any token of it may pass.
const leeway = time.Minute

// PruneSessions deletes sessions whose refresh token has ended, out of a store that keeps the states of sessions: it
// looks at no more than so many rows after the one named, so that it can be done bit by bit, while the server runs, by
// any number of processes. A session that is gone is refused as one that has ended, and tokens of one that was pruned
// are refused as expired, so nobody notices. What it does not take for a session's state it leaves alone.
//
//	for pruned := (sqlstore.Pruned{}); ; {
//		pruned, err = sessions.PruneSessions(ctx, time.Now(), pruned.Next, 1000)
//		if err != nil || pruned.Next == "" {
//			break
//		}
//	}
func (s *Store) PruneSessions(ctx context.Context, now time.Time, after string, limit int) (pruned Pruned, err error) {
	page, next, err := s.page(ctx, after, limit)
	if err != nil {
		return pruned, err
	}
	for _, row := range page {
		pruned.Seen++
		if !row.ended(now) {
			continue
		}
		// Only where nobody wrote it meanwhile.
		deleted, err := changed(s.db.ExecContext(ctx, s.statements.remove, row.subject, row.version))
		if err != nil {
			return pruned, err
		}
		if deleted {
			pruned.Deleted++
		}
	}
	pruned.Next = next
	return pruned, nil
}

type stored struct {
	subject string
	record  []byte
	version int64
}

// ended says whether it is the state of a session whose refresh token has expired.
func (s stored) ended(now time.Time) bool {
	session, err := twinlock.ReadSession(s.record)
	return err == nil && session.ID == s.subject && session.ExpiresAt.Add(leeway).Before(now)
}

func (s *Store) page(ctx context.Context, after string, limit int) (page []stored, next string, err error) {
	if limit < 1 {
		return nil, "", errors.New("sqlstore: a page has at least one row")
	}
	rows, err := s.db.QueryContext(ctx, s.statements.page, after, limit)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row stored
		if err := rows.Scan(&row.subject, &row.record, &row.version); err != nil {
			return nil, "", err
		}
		page = append(page, row)
	}
	if len(page) == limit {
		next = page[len(page)-1].subject
	}
	return page, next, rows.Err()
}
