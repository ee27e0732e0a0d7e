package web_test

import (
	"context"
	"strings"
	"testing"
	"time"
)

var (
	invalidCredentials = problem("Invalid credentials.", "invalid_credentials")
	invalidCode        = problem("Invalid 2FA code.", "wrong_code")
	invalidToken       = problem("Token is invalid", "token_not_valid")
	required           = []string{"This field is required."}
)

func TestThePasswordAloneBringsTokensOrAChallenge(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	if alice.signIn()["is_totp_enabled"] != false {
		t.Error("a second factor out of nowhere")
	}
	bob := w.enrolled("bob")
	login := w.post("jwt/create", bob.credentials())
	login.has(t, 200, challengeMembers...)
	if challenge := login.body["totp_challenge_token"].(string); len(challenge) > 1024 {
		t.Errorf("clients of the contract made room for 1024 characters, not %d", len(challenge))
	}
}

// API-04: whoever may not sign in gets one answer.
func TestWrongCredentialsGetOneAnswer(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	for _, wrong := range []object{{"password": "wrong"}, {"username": "nobody"}, {"password": "éééééééééé"}} {
		body := alice.credentials()
		for name, value := range wrong {
			body[name] = value
		}
		reply := w.post("jwt/create", body)
		reply.is(t, 401, invalidCredentials)
		if reply.header.Get("WWW-Authenticate") != "" {
			t.Error("a browser would ask for a password")
		}
	}
	_, err := w.site.Database.DB.Exec("UPDATE account SET active = false")
	w.must(err)
	w.post("jwt/create", alice.credentials()).is(t, 401, invalidCredentials)
}

func TestAStaleTokenIsNotInTheWayOfASignIn(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	alice.access = "no.token.ofours"
	alice.as("POST", "jwt/create", alice.credentials()).has(t, 200, "is_totp_enabled", "access", "refresh")
}

func TestAnAnswerBringsTokensThatOpen(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	for _, answer := range []object{{"otp_code": alice.code()}, {"backup_code": alice.backupCodes[0]}} {
		reply := alice.answer(alice.challenge(), answer)
		reply.has(t, 200, "access", "refresh")
		alice.access = reply.body["access"].(string)
		if status := alice.as("GET", "totp/status", nil); status.status != 200 {
			t.Error(status.text)
		}
	}
}

// CHL-03, VER-02: a challenge and a code are each good for one sign-in.
func TestAChallengeAndACodeAreGoodForOneSignIn(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	challenge := alice.challenge()
	code := alice.code()
	alice.answer(challenge, object{"otp_code": code}).has(t, 200, "access", "refresh")
	alice.answer(challenge, object{"backup_code": alice.backupCodes[0]}).
		is(t, 400, problem("Invalid or expired challenge token.", "challenge_spent"))
	alice.answer(alice.challenge(), object{"otp_code": code}).is(t, 400, problem("Invalid 2FA code.", "replayed"))
}

func TestAnAnswerHasExactlyOneCode(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	challenge := alice.challenge()
	alice.answer(challenge, nil).
		is(t, 400, object{"non_field_errors": []string{"Either otp_code or backup_code is required."}})
	alice.answer(challenge, object{"otp_code": "1", "backup_code": "x"}).
		is(t, 400, object{"non_field_errors": []string{"Provide only one of otp_code or backup_code, not both."}})
	alice.answer(challenge, object{"otp_code": ""}).
		is(t, 400, object{"otp_code": []string{"This field may not be blank."}})
	w.post("jwt/totp/verify", object{"otp_code": "123456"}).is(t, 400, object{"totp_challenge_token": required})
}

func TestFieldsAreBounded(t *testing.T) {
	w := newWorld(t)
	for field, limit := range map[string]int{"totp_challenge_token": 2048, "otp_code": 12, "backup_code": 64} {
		body := object{"totp_challenge_token": "x", "otp_code": "1"}
		if field == "backup_code" {
			delete(body, "otp_code")
		}
		body[field] = strings.Repeat("é", limit+1)
		reply := w.post("jwt/totp/verify", body)
		if said, _ := reply.body[field].([]any); reply.status != 400 || len(said) != 1 {
			t.Error(field, reply.text)
		}
	}
}

func TestChallengesThatAreNoneOrTooOld(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	invalid := problem("Invalid or expired challenge token.", "challenge_invalid")
	alice.answer("not.a.challenge", object{"otp_code": alice.code()}).is(t, 400, invalid)
	alice.answer(alice.access, object{"otp_code": alice.code()}).is(t, 400, invalid)
	late := alice.challenge()
	w.pass(121 * time.Second)
	alice.answer(late, object{"otp_code": alice.code()}).is(t, 400, invalid)
	gone := alice.challenge()
	_, err := w.site.Database.DB.Exec("DELETE FROM account")
	w.must(err)
	alice.answer(gone, object{"otp_code": alice.code()}).is(t, 400, invalid)
}

func TestAChallengeDiesWithThePassword(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	challenge := alice.challenge()
	hash, err := w.site.Database.Hash(context.Background(), "another one")
	w.must(err)
	_, err = w.site.Database.DB.Exec("UPDATE account SET password = ?", hash)
	w.must(err)
	alice.answer(challenge, object{"otp_code": alice.code()}).
		is(t, 400, problem("Invalid or expired challenge token.", "challenge_invalid"))
	alice.as("GET", "totp/status", nil).has(t, 401, "detail", "code", "messages")
}

// THR-01: wrong codes lock the account, and the answer says until when.
func TestWrongCodesLockTheAccount(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	for range 4 {
		alice.answer(alice.challenge(), object{"otp_code": alice.wrong()}).is(t, 400, invalidCode)
	}
	alice.answer(alice.challenge(), object{"otp_code": alice.wrong()}).has(t, 400, "detail", "code", "retry_after")
	reply := alice.answer(alice.challenge(), object{"otp_code": alice.code()})
	reply.has(t, 429, "detail", "code", "retry_after", "locked_until")
	until := w.now().Add(30 * time.Second).UTC().Format(time.RFC3339)
	if reply.body["code"] != "locked" || reply.header.Get("Retry-After") != "30" || reply.body["locked_until"] != until {
		t.Error(reply.text, reply.header)
	}
	w.pass(31 * time.Second)
	alice.answer(alice.challenge(), object{"otp_code": alice.code()}).has(t, 200, "access", "refresh")
}

func TestTokensAreRefreshedAndVerified(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	tokens := alice.answer(alice.challenge(), object{"otp_code": alice.code()}).body
	for _, kind := range []string{"access", "refresh"} {
		w.post("jwt/verify", object{"token": tokens[kind]}).is(t, 200, object{})
	}
	fresh := w.post("jwt/refresh", object{"refresh": tokens["refresh"]})
	fresh.has(t, 200, "access", "refresh")
	w.post("jwt/verify", object{"token": fresh.body["access"]}).is(t, 200, object{})
	expired := problem("Token is expired", "token_not_valid")
	w.pass(301 * time.Second)
	w.post("jwt/verify", object{"token": tokens["access"]}).is(t, 401, expired)
	w.pass(24 * time.Hour)
	w.post("jwt/refresh", object{"refresh": tokens["refresh"]}).is(t, 401, expired)
}

func TestTokensThatDoNotCount(t *testing.T) {
	w := newWorld(t)
	challenge := w.enrolled("alice").challenge()
	for path, field := range map[string]string{"jwt/refresh": "refresh", "jwt/verify": "token"} {
		w.post(path, object{}).is(t, 400, object{field: required})
		for _, token := range []string{"no.token.ofours", challenge} {
			reply := w.post(path, object{field: token})
			reply.is(t, 401, invalidToken)
			if reply.header.Get("WWW-Authenticate") != `Bearer realm="api"` {
				t.Error(reply.header)
			}
		}
	}
}
