package sqlstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	"twinlock"
	"twinlock/sqlstore"
)

// Records and the states of sessions in one SQLite file. With PostgreSQL only the first two lines differ.
func Example() {
	folder, _ := os.MkdirTemp("", "twinlock-")
	defer func() { _ = os.RemoveAll(folder) }()
	ctx := context.Background()

	settings := "?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000"
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "app.db")+settings)
	if err != nil {
		panic(err)
	}
	defer func() { _ = db.Close() }()
	records, _ := sqlstore.New(db, sqlstore.SQLite)
	sessions, _ := sqlstore.New(db, sqlstore.SQLite, sqlstore.Table("twinlock_session"))
	for _, store := range []*sqlstore.Store{records, sessions} {
		if err := store.CreateTable(ctx); err != nil {
			panic(err)
		}
	}

	keys, _ := twinlock.GenerateKeyRing()
	engine, err := twinlock.New(twinlock.Config{Issuer: "Acme", Keys: keys})
	if err != nil {
		panic(err)
	}
	defer func() { _ = engine.Close() }()
	auth := twinlock.SecondFactor{Engine: engine, Store: records, Sessions: sessions}

	login, _ := auth.BeginSignIn(ctx, "42", twinlock.FirstFactor{}) // no second factor: a proof at once
	tokens, _ := auth.BeginSession(ctx, login.Proof, nil)
	next, err := auth.Rotate(ctx, tokens.Refresh)
	fmt.Println(err, next.Refresh != tokens.Refresh)
	fmt.Println(auth.EndSession(ctx, next.Refresh))
	_, err = auth.Rotate(ctx, next.Refresh)
	fmt.Println(err)
	// Output:
	// <nil> true
	// <nil>
	// twinlock: The session has ended; sign in again.
}
