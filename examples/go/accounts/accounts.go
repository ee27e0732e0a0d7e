// Package accounts keeps who may sign in: a name, an address, and the argon2id hash of a password. It is what
// any program has before it takes a second factor.
package accounts

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// ErrTaken says that a name belongs to somebody else.
var ErrTaken = errors.New("accounts: the name is taken")

// Account is one person. The id never changes and is what the second factor knows the person by.
type Account struct {
	ID, Name, Email string
	Active          bool
	password        string
}

// LogValue keeps the password's hash and the address out of logs.
func (a Account) LogValue() slog.Value { return slog.StringValue(a.ID) }

// Binding is a digest that changes with the password: a challenge is bound to it.
func (a Account) Binding() string {
	digest := sha256.Sum256([]byte("twinlock-example/credential/" + a.password))
	return hex.EncodeToString(digest[:])
}

// MAC is a MAC under a key made of the password's hash: it dies with the password. The purpose keeps what it is for apart.
func (a Account) MAC(purpose, text string) string {
	key := sha256.Sum256([]byte("twinlock-example/mac/" + purpose + "/" + a.password))
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// HasMAC says whether a MAC is that of a text under the present password.
func (a Account) HasMAC(purpose, text, mac string) bool {
	return hmac.Equal([]byte(a.MAC(purpose, text)), []byte(mac))
}

// Credential is the claim with which tokens end when the password changes.
func (a Account) Credential() string { return a.Binding()[:16] }

// HasCredential says whether a token's claim is of the present password.
func (a Account) HasCredential(claim any) bool {
	text, _ := claim.(string)
	return subtle.ConstantTimeCompare([]byte(text), []byte(a.Credential())) == 1
}

// Found is an account together with its sealed record, read at once: nil and 0 where there is no record.
type Found struct {
	Account
	Record  []byte
	Version int64
}

// Accounts is the table of accounts. Share it between all goroutines.
type Accounts struct {
	db                                *sql.DB
	hasher                            *hasher
	insert, byID, byName, mail, shown string
	keepLink, link                    string
	require, required                 string
}

// New makes it over a database, whose records are in the table that package sqlstore uses by default. The
// placeholder is how the dialect writes a parameter, such as "?1" or "$1".
func New(db *sql.DB, costs Costs, placeholder func(number int) string) (*Accounts, error) {
	hasher, err := newHasher(costs)
	if err != nil {
		return nil, err
	}
	p := placeholder
	columns := "SELECT a.id, a.name, a.email, a.active, a.password, r.record, coalesce(r.version, 0) " +
		"FROM account a LEFT JOIN twinlock_record r ON r.subject = a.id WHERE "
	// SQLite plans a join anew whenever a bare parameter changes, which takes longer than to run it.
	given := "CAST(" + p(1) + " AS text)"
	return &Accounts{
		db:     db,
		hasher: hasher,
		insert: fmt.Sprintf("INSERT INTO account (id, name, email, active, password) VALUES (%s, %s, %s, %s, %s) "+
			"ON CONFLICT DO NOTHING", p(1), p(2), p(3), p(4), p(5)),
		byID:   columns + "a.id = " + given,
		byName: columns + "a.name = " + given,
		shown: strings.Replace(columns, " FROM account", ", EXISTS (SELECT 1 FROM refresh_session WHERE subject = a.id AND id = "+
			p(2)+" AND revoked_at IS NOT NULL) FROM account", 1) + "a.id = " + given,
		mail: columns + "lower(a.email) = lower(" + p(1) + ") LIMIT 20",
		keepLink: fmt.Sprintf("INSERT INTO recovery_link (subject, digest, made_at) VALUES (%s, %s, %s) "+
			"ON CONFLICT (subject) DO UPDATE SET digest = excluded.digest, made_at = excluded.made_at "+
			"WHERE recovery_link.made_at < %s", p(1), p(2), p(3), p(4)),
		link: "SELECT digest, made_at FROM recovery_link WHERE subject = " + p(1),
		require: fmt.Sprintf("INSERT INTO enrollment_requirement (subject, since) VALUES (%s, %s) ON CONFLICT DO NOTHING",
			p(1), p(2)),
		required: "SELECT since FROM enrollment_requirement WHERE subject = " + p(1),
	}, nil
}

// SignUp makes an account and gives its id; ErrTaken where the name is somebody's.
func (a *Accounts) SignUp(ctx context.Context, name, email, password string) (string, error) {
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	return a.insertHashed(ctx, name, email, hash)
}

// Import makes an account whose password was hashed elsewhere, with argon2id.
func (a *Accounts) Import(ctx context.Context, name, email, hash string) (string, error) {
	if _, _, _, err := parse(hash); err != nil {
		return "", err
	}
	return a.insertHashed(ctx, name, email, hash)
}

// Hash makes the text that is stored for a password.
func (a *Accounts) Hash(ctx context.Context, password string) (string, error) {
	return a.hasher.hash(ctx, password)
}

// CheckPassword finds an account by name and password; nil where there is none, where the password is wrong and
// where the account may not sign in, all of them in the same time.
func (a *Accounts) CheckPassword(ctx context.Context, name, password string) (*Found, error) {
	found, err := a.one(ctx, a.byName, name)
	if err != nil {
		return nil, err
	}
	hash := ""
	if found != nil {
		hash = found.password
	}
	right, err := a.hasher.matches(ctx, password, hash)
	if err != nil || !right || !found.Active {
		return nil, err
	}
	return found, nil
}

// Find finds an account by its id; nil where there is none.
func (a *Accounts) Find(ctx context.Context, id string) (*Found, error) {
	return a.one(ctx, a.byID, id)
}

// FindSignedIn finds an account by its id, and whether a session of that id was revoked.
func (a *Accounts) FindSignedIn(ctx context.Context, id, session string) (found *Found, ended bool, err error) {
	found, err = read(a.db.QueryRowContext(ctx, a.shown, id, session), &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return found, ended, err
}

// OfAddress finds the accounts of a mail address, at most 20.
func (a *Accounts) OfAddress(ctx context.Context, email string) (all []*Found, err error) {
	rows, err := a.db.QueryContext(ctx, a.mail, email)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		found, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	return all, rows.Err()
}

func (a *Accounts) insertHashed(ctx context.Context, name, email, hash string) (string, error) {
	id := rand.Text()
	result, err := a.db.ExecContext(ctx, a.insert, id, name, email, true, hash)
	if err != nil {
		return "", err
	}
	if rows, err := result.RowsAffected(); err != nil || rows != 1 {
		return "", errors.Join(ErrTaken, err)
	}
	return id, nil
}

func (a *Accounts) one(ctx context.Context, query, key string) (*Found, error) {
	found, err := read(a.db.QueryRowContext(ctx, query, key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return found, err
}

func read(row interface{ Scan(into ...any) error }, more ...any) (*Found, error) {
	found := new(Found)
	columns := []any{&found.ID, &found.Name, &found.Email, &found.Active, &found.password, &found.Record, &found.Version}
	err := row.Scan(append(columns, more...)...)
	return found, err
}
