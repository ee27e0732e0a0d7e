package accounts

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// LinkLife is how long a recovery link lives.
const LinkLife = time.Hour

// A person gets no more than one link in this time, however often somebody asks.
const linkPause = time.Minute

const createLinks = "CREATE TABLE IF NOT EXISTS recovery_link (subject text PRIMARY KEY, digest text NOT NULL, " +
	"made_at bigint NOT NULL)"

// LinkState is what has to be the same when a link is used as when it was made.
type LinkState struct {
	Enabled        bool
	Epoch          int64
	Binding, Email string
}

// digest binds a token to the state; only the digest is stored.
func (s LinkState) digest(token string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "twinlock-example/recovery\x00%s\x00%d\x00%s\x00%s", token, s.Epoch, s.Binding,
		s.Email))
	return hex.EncodeToString(sum[:])
}

// KeepLink remembers a new link in place of an older one, and says whether it did: not where the older one has only
// just been made.
func (a *Accounts) KeepLink(
	ctx context.Context, subject, token string, state LinkState, now time.Time,
) (bool, error) {
	result, err := a.db.ExecContext(ctx, a.keepLink, subject, state.digest(token), now.Unix(),
		now.Add(-linkPause).Unix())
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}

// LinkIsAlive says whether a token is that of a living link.
func (a *Accounts) LinkIsAlive(
	ctx context.Context, subject, token string, state LinkState, now time.Time,
) (bool, error) {
	var digest string
	var madeAt int64
	err := a.db.QueryRowContext(ctx, a.link, subject).Scan(&digest, &madeAt)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	same := subtle.ConstantTimeCompare([]byte(digest), []byte(state.digest(token))) == 1
	return err == nil && same && state.Enabled && now.Before(time.Unix(madeAt, 0).Add(LinkLife)), err
}
