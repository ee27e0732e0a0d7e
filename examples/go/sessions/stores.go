package sessions

import (
	"context"
	"database/sql"
	"errors"

	"twinlock"
)

// Store keeps the states of one request's sessions, with what the request says of itself.
type Store struct {
	*Sessions
	Origin
	// Of the second factor that a new session belongs to.
	Epoch int64
}

var _ twinlock.Store = (*Store)(nil)

// Load reads the state of a session of the subject; one that was revoked is gone.
func (s *Store) Load(ctx context.Context, id string) (state []byte, version int64, err error) {
	err = s.db.QueryRowContext(ctx, s.queries.load, id, s.Subject).Scan(&state, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	return state, version, err
}

// Save inserts a session or goes on with one, where nobody went on with it meanwhile.
func (s *Store) Save(ctx context.Context, id string, state []byte, expected int64) (bool, error) {
	session, err := twinlock.ReadSession(state)
	if err != nil {
		return false, err
	}
	if expected == 0 {
		values := s.values(id, state, s.Epoch, session.ExpiresAt.Time)
		return changed(s.db.ExecContext(ctx, s.queries.insert, values...))
	}
	if !session.RevokedAt.IsZero() { // a thief's address does not become the session's
		return changed(s.db.ExecContext(ctx, s.queries.end, string(state), session.RevokedAt.Unix(), s.Subject, id,
			expected))
	}
	return changed(s.db.ExecContext(ctx, s.queries.rotate, string(state), s.Now.Unix(), session.ExpiresAt.Unix(),
		s.Address, s.Subject, id, expected))
}

// Look is a store that keeps nothing: whether a refresh token counts is judged over it, and the verdict dropped.
type Look struct{ twinlock.Store }

// Save says that it saved.
func (Look) Save(context.Context, string, []byte, int64) (bool, error) { return true, nil }

// SignIn is a store of records that keeps a session in the commit of the record.
type SignIn struct {
	twinlock.Store // of the records
	*Sessions
	Origin
}

var _ twinlock.JointStore = (*SignIn)(nil)

// SaveWithSession saves the record and inserts the session.
func (s *SignIn) SaveWithSession(
	ctx context.Context, subject string, record []byte, expected int64, session twinlock.NewSession,
) (bool, error) {
	values := s.values(session.ID, session.State, session.Proof.Epoch, session.ExpiresAt)
	return s.insert.Save(ctx, subject, record, expected, values...)
}
