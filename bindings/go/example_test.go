package twinlock_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"twinlock"
)

// From enrollment to tokens. In a real program the keys come from the environment, the records live in a
// database (package sqlstore), and the codes from the user's authenticator.
func Example() {
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	keys, _ := twinlock.GenerateKeyRing() // once; keep it as you keep a password
	engine, err := twinlock.New(twinlock.Config{
		Issuer: "Acme",
		Keys:   keys,
		Policy: map[twinlock.Option]int64{twinlock.OptBackupCodes: 8},
		Clock:  func() time.Time { return now },
	})
	if err != nil {
		panic(err)
	}
	defer func() { _ = engine.Close() }()
	auth := twinlock.SecondFactor{Engine: engine, Store: new(twinlock.MemoryStore)}
	ctx := context.Background()

	// Enrollment: show the QR code, take the first code, show the backup codes once.
	setup, _ := auth.BeginEnrollment(ctx, "42", twinlock.NewDevice{Account: "alice@example.com"})
	svg, _ := twinlock.QRCode(setup.URI)
	fmt.Println("a QR code:", strings.HasPrefix(svg, "<svg") || strings.HasPrefix(svg, "<?xml"))
	code, _ := twinlock.TOTP{}.Generate(setup.Secret, now)
	enrolled, _ := auth.ConfirmEnrollment(ctx, "42", code)
	fmt.Println("backup codes:", len(enrolled.BackupCodes))

	// Sign-in, after the password was right.
	login, _ := auth.BeginSignIn(ctx, "42", twinlock.FirstFactor{})
	fmt.Println("answered by:", login.Methods)
	challenge := twinlock.Presented{Challenge: login.Challenge}
	_, err = auth.FinishSignIn(ctx, challenge, twinlock.OTP(code))
	fmt.Println("the same code again:", errors.Is(err, twinlock.ErrReplayed))

	now = now.Add(30 * time.Second)
	code, _ = twinlock.TOTP{}.Generate(setup.Secret, now)
	proof, _ := auth.FinishSignIn(ctx, challenge, twinlock.OTP(code))
	tokens, _ := engine.Mint(proof, map[string]any{"role": "admin"})
	claims, _ := engine.Verify(tokens.Access, twinlock.AccessToken)
	fmt.Println("signed in:", claims.Subject(), claims["role"])
	// Output:
	// a QR code: true
	// backup codes: 8
	// answered by: [otp backup]
	// the same code again: true
	// signed in: 42 admin
}

// How an HTTP handler tells refusals from faults.
func ExampleRefusal() {
	respond := func(err error) (status int, body string) {
		var refusal *twinlock.Refusal
		switch {
		case err == nil:
			return 200, "ok"
		case errors.As(err, &refusal) && refusal.RetryAfter > 0:
			return 429, refusal.Code.Name() // and Retry-After: seconds
		case errors.As(err, &refusal):
			return 400, refusal.Code.Name()
		default:
			return 500, "error"
		}
	}
	fmt.Println(respond(&twinlock.Refusal{Code: twinlock.ErrWrongCode}))
	fmt.Println(respond(&twinlock.Refusal{Code: twinlock.ErrLocked, RetryAfter: 30 * time.Second}))
	fmt.Println(respond(&twinlock.Fault{Code: twinlock.ErrKeyUnknown}))
	// Output:
	// 400 wrong_code
	// 429 locked
	// 500 error
}

// Only the codes, without an engine. Keep the step, and refuse the same or a lower one from then on.
func ExampleTOTP() {
	at := time.Unix(59, 0)
	totp := twinlock.TOTP{Digits: 8}
	code, _ := totp.Generate("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at)
	step, err := totp.Verify("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", code, at, 1)
	fmt.Println(code, step, err)
	// Output: 94287082 1 <nil>
}
