package accounts

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var cheap = Costs{MemoryKiB: 8, Passes: 1, Lanes: 1}

func opened(t *testing.T, costs Costs) *Database {
	t.Helper()
	database, err := Open(t.Context(), filepath.Join(t.TempDir(), "odd ? name # % é", "accounts.sqlite3"), costs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.DB.Close() })
	return database
}

func TestAnAccountIsFoundByItsPasswordAlone(t *testing.T) {
	database := opened(t, cheap)
	id, err := database.SignUp(t.Context(), "alice", "alice@example.com", "long enough")
	if err != nil {
		t.Fatal(err)
	}
	for password, right := range map[string]bool{"long enough": true, "long enough ": false, "": false, "\x00": false} {
		found, err := database.CheckPassword(t.Context(), "alice", password)
		if err != nil || (found != nil) != right || right && found.ID != id {
			t.Error(password, found, err)
		}
	}
	if found, err := database.CheckPassword(t.Context(), "Alice", "long enough"); found != nil || err != nil {
		t.Error(found, err)
	}
	if _, err := database.SignUp(t.Context(), "alice", "", "another one"); !errors.Is(err, ErrTaken) {
		t.Error(err)
	}
}

func TestAHashIsOfTheFormThatArgon2sToolsWrite(t *testing.T) {
	// From the reference program: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
	const known = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	database := opened(t, cheap)
	if _, err := database.Import(t.Context(), "alice", "", known); err != nil {
		t.Fatal(err)
	}
	if found, err := database.CheckPassword(t.Context(), "alice", "password"); found == nil || err != nil {
		t.Error(found, err)
	}
	first, err := database.Hash(t.Context(), "password")
	second, _ := database.Hash(t.Context(), "password")
	if err != nil || first == second || !strings.HasPrefix(first, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Error(first, second, err)
	}
	for _, malformed := range []string{"", "password", "$argon2i$v=19$m=8,t=1,p=1$AA$AA", "$argon2id$v=19$m=8,t=0,p=1$AA$AA",
		"$argon2id$v=19$m=8,t=1,p=0$AA$AA", "$argon2id$v=19$m=8,t=1,p=1$AA$", "$argon2id$v=18$m=8,t=1,p=1$AA$AA",
		"$argon2id$v=19$m=x,t=1,p=1$AA$AA", "$argon2id$v=19$m=8,t=1,p=1$*$AA", "x$argon2id$v=19$m=8,t=1,p=1$AA$AA"} {
		if _, err := database.Import(t.Context(), "bob", "", malformed); err == nil {
			t.Errorf("%q was taken for a hash", malformed)
		}
	}
}

// API-04: a name that nobody has takes as long as a wrong password.
func TestANameThatNobodyHasTakesAsLong(t *testing.T) {
	database := opened(t, Costs{MemoryKiB: 4096, Passes: 1, Lanes: 1})
	if _, err := database.SignUp(t.Context(), "alice", "", "long enough"); err != nil {
		t.Fatal(err)
	}
	took := map[string][]time.Duration{}
	for range 15 {
		for _, name := range []string{"alice", "nobody"} {
			began := time.Now()
			if found, err := database.CheckPassword(t.Context(), name, "wrong"); found != nil || err != nil {
				t.Fatal(found, err)
			}
			took[name] = append(took[name], time.Since(began))
		}
	}
	known, unknown := slices.Min(took["alice"]), slices.Min(took["nobody"])
	if unknown < known/2 || known < unknown/2 {
		t.Errorf("%v for somebody, %v for nobody", known, unknown)
	}
}

func TestHashingWaitsForItsTurnAndNoLongerThanTheRequest(t *testing.T) {
	h, err := newHasher(cheap)
	if err != nil {
		t.Fatal(err)
	}
	for range cap(h.free) {
		h.free <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := h.hash(ctx, "long enough"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestNothingSecretOfAnAccountIsLogged(t *testing.T) {
	database := opened(t, cheap)
	id, err := database.SignUp(t.Context(), "alice", "alice@example.com", "long enough")
	if err != nil {
		t.Fatal(err)
	}
	found, err := database.Find(t.Context(), id)
	if err != nil || fmt.Sprint(found.LogValue()) != id {
		t.Error(found.LogValue(), err)
	}
}

func TestTheNameOfADatabaseHidesItsPassword(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for _, place := range []string{"postgres://u:hidden@127.0.0.1:1/n", "postgres://u:hidden@host:x y/n"} {
		if _, err := Open(ctx, place, cheap); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Error(err)
		}
	}
}
