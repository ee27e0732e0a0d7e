package accounts

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const createRequirements = "CREATE TABLE IF NOT EXISTS enrollment_requirement (subject text PRIMARY KEY, " +
	"since bigint NOT NULL)"

// RequiredSince is the moment from which on an account has to have a second factor: that of the first question.
func (a *Accounts) RequiredSince(ctx context.Context, subject string, now time.Time) (time.Time, error) {
	since, err := a.requirement(ctx, subject)
	if !errors.Is(err, sql.ErrNoRows) {
		return since, err
	}
	if _, err := a.db.ExecContext(ctx, a.require, subject, now.Unix()); err != nil {
		return time.Time{}, err
	}
	return a.requirement(ctx, subject)
}

func (a *Accounts) requirement(ctx context.Context, subject string) (time.Time, error) {
	var since int64
	err := a.db.QueryRowContext(ctx, a.required, subject).Scan(&since)
	return time.Unix(since, 0), err
}
