package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"twinlock"
	"twinlock-example/accounts"
)

// The password is hashed once for all of them: what is measured begins after the password.
const password = "correct horse battery staple"

// seed makes users with an authenticator and opens a sign-in of each; it prints its challenge, or the user's id.
func seed(place, keysFile string, users int, ids bool) error {
	ctx := context.Background()
	keys, err := os.ReadFile(keysFile)
	if err != nil {
		return err
	}
	// The server's own settings; the program has to agree with it in the names only.
	engine, err := twinlock.New(twinlock.Config{
		Issuer: "Twinlock Example", Keys: twinlock.KeyRing(strings.TrimSpace(string(keys))),
		Policy: map[twinlock.Option]int64{twinlock.OptChallengeLife: 300},
	})
	if err != nil {
		return err
	}
	database, err := accounts.Open(ctx, place, accounts.UsualCosts)
	if err != nil {
		return err
	}
	auth := twinlock.SecondFactor{Engine: engine, Store: database.Records}
	hash, err := database.Hash(ctx, password)
	if err != nil {
		return err
	}
	steps := make([]string, users)
	err = each(users, 32, func(number int) error {
		id, challenge, secret, err := enroll(ctx, database, auth, hash)
		if ids {
			challenge = id
		}
		steps[number] = challenge + " " + secret
		return err
	})
	for _, step := range steps {
		fmt.Println(step)
	}
	return err
}

func enroll(
	ctx context.Context, database *accounts.Database, auth twinlock.SecondFactor, hash string,
) (id, challenge, secret string, err error) {
	if id, err = database.Import(ctx, rand.Text(), "", hash); err != nil {
		return "", "", "", err
	}
	setup, err := auth.BeginEnrollment(ctx, id, twinlock.NewDevice{Account: "somebody"})
	if err != nil {
		return "", "", "", err
	}
	if err := confirm(ctx, auth, id, setup.Secret); err != nil {
		return "", "", "", err
	}
	account, err := database.Find(ctx, id)
	if err != nil {
		return "", "", "", err
	}
	login, err := auth.BeginSignIn(ctx, id, twinlock.FirstFactor{Binding: account.Binding()})
	if err != nil {
		return "", "", "", err
	}
	return id, login.Challenge, setup.Secret, nil
}

// confirm shows the previous code, so that the current one is left for the measurement; anew where the step has just
// changed meanwhile.
func confirm(ctx context.Context, auth twinlock.SecondFactor, id, secret string) (err error) {
	for range 3 {
		var code string
		if code, err = (twinlock.TOTP{}).Generate(secret, time.Now().Add(-30*time.Second)); err != nil {
			return err
		}
		if _, err = auth.ConfirmEnrollment(ctx, id, code); !errors.Is(err, twinlock.ErrWrongCode) {
			return err
		}
	}
	return err
}

// each calls a function for every number, so many at once.
func each(count, atOnce int, do func(number int) error) error {
	numbers := make(chan int)
	var group sync.WaitGroup
	var lock sync.Mutex
	var failed error
	for range atOnce {
		group.Go(func() {
			for number := range numbers {
				if err := do(number); err != nil {
					lock.Lock()
					failed = errors.Join(failed, err)
					lock.Unlock()
				}
			}
		})
	}
	for number := range count {
		numbers <- number
	}
	close(numbers)
	group.Wait()
	return failed
}
