// Package sessions keeps the sign-ins whose tokens live on: what the engine knows of each, and what its owner is shown.
package sessions

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"twinlock/sqlstore"
)

// Shown is how many sessions a list has at most.
const Shown = 100

// Session is one sign-in that goes on.
type Session struct {
	ID, Device, Address              string
	CreatedAt, LastUsedAt, ExpiresAt time.Time
}

// Origin is what is stored of a request beside a session's state. Device and address are the client's to choose.
type Origin struct {
	Subject, Credential, Device, Address string
	Now                                  time.Time
}

// Sessions is the table. Share it between all goroutines.
type Sessions struct {
	db      *sql.DB
	records *sqlstore.Store
	insert  *sqlstore.Companion
	queries queries
}

const table = "refresh_session"

var columns = []string{"id", "subject", "state", "version", "epoch", "credential", "device", "address", "created_at",
	"last_used_at", "expires_at"}

// Schema makes the table. What ended by a revocation keeps its row until its time is over: access tokens look there.
// A subject's sessions lie together: whoever asks for one knows whose it is.
var Schema = []string{
	"CREATE TABLE IF NOT EXISTS " + table + " (subject text NOT NULL, id text NOT NULL, state text NOT NULL, " +
		"version bigint NOT NULL, epoch bigint NOT NULL, credential text NOT NULL, device text NOT NULL, " +
		"address text NOT NULL, created_at bigint NOT NULL, last_used_at bigint NOT NULL, expires_at bigint NOT NULL, " +
		"revoked_at bigint, PRIMARY KEY (subject, id))",
	"CREATE INDEX IF NOT EXISTS " + table + "_end ON " + table + " (expires_at)",
}

type queries struct{ insert, load, rotate, end, living, revoke, revokeAll, prune string }

// New makes it over the database of the records. The placeholder is how the dialect writes a parameter.
func New(db *sql.DB, records *sqlstore.Store, placeholder func(number int) string) (*Sessions, error) {
	insert, err := records.Companion(table, columns...)
	if err != nil {
		return nil, err
	}
	p := placeholder
	places := make([]string, len(columns))
	for i := range columns {
		places[i] = p(i + 1)
	}
	const unchanged = " WHERE subject = %s AND id = %s AND version = %s AND revoked_at IS NULL"
	// A session of an older second factor or password is over, though nobody wrote that down.
	const living = " WHERE subject = %s AND revoked_at IS NULL AND expires_at > %s"
	return &Sessions{db: db, records: records, insert: insert, queries: queries{
		insert: "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(places, ", ") +
			") ON CONFLICT DO NOTHING",
		load: fmt.Sprintf("SELECT state, version FROM "+table+" WHERE id = %s AND subject = %s AND revoked_at IS NULL",
			p(1), p(2)),
		rotate: fmt.Sprintf("UPDATE "+table+" SET state = %s, last_used_at = %s, expires_at = %s, address = %s, "+
			"version = version + 1"+unchanged, p(1), p(2), p(3), p(4), p(5), p(6), p(7)),
		end: fmt.Sprintf("UPDATE "+table+" SET state = %s, revoked_at = %s, version = version + 1"+unchanged,
			p(1), p(2), p(3), p(4), p(5)),
		living: fmt.Sprintf("SELECT id, device, address, created_at, last_used_at, expires_at FROM "+table+living+
			" AND epoch = %s AND credential = %s ORDER BY last_used_at DESC, id LIMIT %d", p(1), p(2), p(3), p(4), Shown),
		revoke: fmt.Sprintf("UPDATE "+table+" SET revoked_at = %s, version = version + 1"+living+" AND id = %s",
			p(1), p(2), p(3), p(4)),
		revokeAll: fmt.Sprintf("UPDATE "+table+" SET revoked_at = %s, version = version + 1"+living, p(1), p(2), p(3)),
		prune: fmt.Sprintf("DELETE FROM "+table+" WHERE (subject, id) IN (SELECT subject, id FROM "+table+
			" WHERE expires_at < %s LIMIT %s)", p(1), p(2)),
	}}, nil
}

// Living lists a subject's sessions that can go on, the last used first: those of the present second factor and
// password.
func (s *Sessions) Living(
	ctx context.Context, subject, credential string, epoch int64, now time.Time,
) (all []Session, err error) {
	rows, err := s.db.QueryContext(ctx, s.queries.living, subject, now.Unix(), epoch, credential)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var one Session
		var createdAt, lastUsedAt, expiresAt int64
		if err := rows.Scan(&one.ID, &one.Device, &one.Address, &createdAt, &lastUsedAt, &expiresAt); err != nil {
			return nil, err
		}
		one.CreatedAt, one.LastUsedAt = time.Unix(createdAt, 0), time.Unix(lastUsedAt, 0)
		one.ExpiresAt = time.Unix(expiresAt, 0)
		all = append(all, one)
	}
	return all, rows.Err()
}

// Revoke ends a living session of a subject, and says whether there was one. It needs no version: it moves the version
// itself, and so outruns every rotation that read before it.
func (s *Sessions) Revoke(ctx context.Context, subject, id string, now time.Time) (bool, error) {
	return changed(s.db.ExecContext(ctx, s.queries.revoke, now.Unix(), subject, now.Unix(), id))
}

// RevokeAll ends all living sessions of a subject.
func (s *Sessions) RevokeAll(ctx context.Context, subject string, now time.Time) error {
	_, err := s.db.ExecContext(ctx, s.queries.revokeAll, now.Unix(), subject, now.Unix())
	return err
}

// An access token may outlive its session's row by no more than its own life.
const longestAccess = 15 * time.Minute

// Prune deletes rows of sessions that ended, so many at most, and says whether there may be more.
func (s *Sessions) Prune(ctx context.Context, now time.Time, most int) (more bool, err error) {
	result, err := s.db.ExecContext(ctx, s.queries.prune, now.Add(-longestAccess).Unix(), most)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == int64(most), err
}

// values are those of a new row.
func (o Origin) values(id string, state []byte, epoch int64, expiresAt time.Time) []any {
	return []any{id, o.Subject, string(state), 1, epoch, o.Credential, o.Device, o.Address, o.Now.Unix(), o.Now.Unix(),
		expiresAt.Unix()}
}

func changed(result sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}
