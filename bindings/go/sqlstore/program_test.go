package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"twinlock"
	"twinlock/sqlstore"
)

// build is what a program does once, when it starts.
func build(ctx context.Context) (*twinlock.Engine, twinlock.SecondFactor, error) {
	engine, err := twinlock.New(twinlock.Config{
		Issuer: "Acme",
		Keys:   twinlock.KeyRing(os.Getenv("TWINLOCK_KEYS")),
	})
	if err != nil {
		return nil, twinlock.SecondFactor{}, err
	}
	db, err := sql.Open("sqlite3", "file:app.db?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000")
	if err != nil {
		return nil, twinlock.SecondFactor{}, err
	}
	store, err := sqlstore.New(db, sqlstore.SQLite)
	if err != nil {
		return nil, twinlock.SecondFactor{}, err
	}
	if err := store.CreateTable(ctx); err != nil {
		return nil, twinlock.SecondFactor{}, err
	}
	return engine, twinlock.SecondFactor{Engine: engine, Store: store}, nil
}

// enroll is what a settings page does: it shows the QR code, and then takes the first code.
func enroll(ctx context.Context, auth twinlock.SecondFactor, typed func(setup *twinlock.Setup) string) ([]string, error) {
	setup, err := auth.BeginEnrollment(ctx, "42", twinlock.NewDevice{Account: "alice@example.com"})
	if err != nil {
		return nil, err
	}
	svg, err := twinlock.QRCode(setup.URI) // show it, with setup.Secret below for typing
	if err != nil {
		return nil, err
	}
	_ = svg
	enrolled, err := auth.ConfirmEnrollment(ctx, "42", typed(setup))
	if err != nil {
		return nil, err
	}
	return enrolled.BackupCodes, nil // show them this once
}

// login is what a login page does after the password was right.
func login(
	ctx context.Context, engine *twinlock.Engine, auth twinlock.SecondFactor, typed func() string,
) (*twinlock.Tokens, error) {
	login, err := auth.BeginSignIn(ctx, "42", twinlock.FirstFactor{})
	if err != nil {
		return nil, err
	}
	proof := login.Proof // there already where the user has no second factor
	if proof == nil {    // otherwise login.Challenge goes to the client, and comes back with a code
		presented := twinlock.Presented{Challenge: login.Challenge}
		if proof, err = auth.FinishSignIn(ctx, presented, twinlock.AnyCode(typed())); err != nil {
			return nil, err
		}
	}
	return engine.Mint(proof, nil)
}

// respond answers a request that a call failed for.
func respond(w http.ResponseWriter, err error) {
	var refusal *twinlock.Refusal
	switch {
	case errors.Is(err, twinlock.ErrLocked):
		errors.As(err, &refusal)
		w.Header().Set("Retry-After", strconv.Itoa(int(refusal.RetryAfter.Seconds())))
		http.Error(w, refusal.Code.Name(), http.StatusTooManyRequests)
	case errors.As(err, &refusal): // the user's: wrong_code, replayed, challenge_spent ...
		http.Error(w, refusal.Code.Name(), http.StatusBadRequest)
	default: // yours: a lost key, a database that is away. Never tell it as a wrong code.
		slog.Error("second factor", "error", err)
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	}
}

// tidy clears ended sessions away, a page at a time.
func tidy(ctx context.Context, sessions *sqlstore.Store) error {
	for after := ""; ; {
		pruned, err := sessions.PruneSessions(ctx, time.Now(), after, 1000)
		if err != nil || pruned.Next == "" {
			return err
		}
		after = pruned.Next
	}
}

// A whole program: build once, enroll, sign in, refuse.
func Example_program() {
	folder, _ := os.MkdirTemp("", "twinlock-")
	defer func() { _ = os.RemoveAll(folder) }()
	here, _ := os.Getwd()
	_ = os.Chdir(folder)
	defer func() { _ = os.Chdir(here) }()
	keys, _ := twinlock.GenerateKeyRing()
	_ = os.Setenv("TWINLOCK_KEYS", string(keys))
	ctx := context.Background()

	engine, auth, err := build(ctx)
	if err != nil {
		panic(err)
	}
	defer func() { _ = engine.Close() }()
	var secret string
	codes, err := enroll(ctx, auth, func(setup *twinlock.Setup) string { secret = setup.Secret; return at(secret, 0) })
	fmt.Println("backup codes:", len(codes), err)
	tokens, err := login(ctx, engine, auth, func() string { return at(secret, 30*time.Second) })
	fmt.Println("signed in:", tokens != nil, err)
	_, err = login(ctx, engine, auth, func() string { return at(secret, 30*time.Second) })
	fmt.Println("the same code again:", errors.Is(err, twinlock.ErrReplayed))
	_, err = os.Stat(filepath.Join(folder, "app.db"))
	fmt.Println("the database:", err)
	// Output:
	// backup codes: 10 <nil>
	// signed in: true <nil>
	// the same code again: true
	// the database: <nil>
}

// at is what the user's authenticator shows.
func at(secret string, later time.Duration) string {
	code, _ := twinlock.TOTP{}.Generate(secret, time.Now().Add(later))
	return code
}
