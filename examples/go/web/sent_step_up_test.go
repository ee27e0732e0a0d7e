package web_test

import (
	"testing"
	"time"

	"twinlock-example/web"
)

var bySentCodes = web.Policy{SentCodes: "sign_in", Fallback: "sent_code"}

// mailed is somebody whose second factor is codes by mail, and who signed in by one.
func (w *world) mailedPerson(name string) *person {
	w.Helper()
	p := w.person(name)
	p.signInByMail()
	return p
}

func (p *person) signInByMail() {
	p.Helper()
	challenge := p.post("jwt/create", p.credentials()).body["totp_challenge_token"].(string)
	done := p.answer(challenge, object{"sent_code": p.mailedCode()})
	done.has(p.T, 200, "access", "refresh")
	p.access = done.body["access"].(string)
}

// asked has a code sent: challenge and code.
func (p *person) asked() (challenge, code string) {
	p.Helper()
	sent := p.as("POST", "totp/step_up/send", object{"purpose": "general"})
	sent.has(p.T, 200, "code_sent", "step_up_challenge_token", "purpose", "expires_at")
	return sent.body["step_up_challenge_token"].(string), p.mailedCode()
}

func (p *person) stepByMail(challenge, code string) reply {
	p.Helper()
	return p.as("POST", "totp/step_up",
		object{"purpose": "general", "sent_code": code, "step_up_challenge_token": challenge})
}

// API-09: a step-up by a sent code moves the time of the second factor, and goes on with the caller's session.
func TestASentCodeStepsUp(t *testing.T) {
	w := newWorld(t, withPolicy(bySentCodes))
	alice := w.mailedPerson("alice")
	w.pass(2 * time.Minute)
	if w.site.Engine.RequireStepUp(alice.access, "general", time.Minute) == nil {
		t.Error("fresh without a code")
	}
	challenge, code := alice.asked()
	done := alice.stepByMail(challenge, code)
	done.has(t, 200, "access", "purpose", "expires_at")
	alice.stepByMail(challenge, code).is(t, 400, problem("Invalid or expired challenge token.", "challenge_spent"))
	alice.access = done.body["access"].(string)
	w.must(w.site.Engine.RequireStepUp(alice.access, "general", time.Minute))
	if listed := (&tokens{alice, alice.access, ""}).list(); len(listed) != 1 ||
		listed[0].(map[string]any)["current"] != true {
		t.Error(listed)
	}
	alice.as("POST", "jwt/logout", nil)
	alice.as("GET", "totp/status", nil).is(t, 401, notValid) // it dies with the session that it is of
}

// CHL-07: the challenge is its session's and its person's, and no sign-in's.
func TestAStepUpsChallengeIsItsSessionsAlone(t *testing.T) {
	w := newWorld(t, withPolicy(bySentCodes))
	alice, bob := w.mailedPerson("alice"), w.mailedPerson("bob")
	challenge, code := alice.asked()
	invalid := problem("Invalid or expired challenge token.", "challenge_invalid")
	bob.stepByMail(challenge, code).is(t, 400, invalid)
	alice.answer(challenge, object{"sent_code": code}).is(t, 400, invalid)
	login := w.post("jwt/create", alice.credentials()).body["totp_challenge_token"].(string)
	alice.stepByMail(login, w.mailedCode()).is(t, 400, invalid)
	w.pass(24 * time.Hour) // so many codes were sent
	alice.signInByMail()
	other := *alice
	other.signInByMail()
	challenge, code = alice.asked()
	other.stepByMail(challenge, code).is(t, 400, invalid)
	alice.stepByMail(challenge, code).has(t, 200, "access", "purpose", "expires_at")
}

func TestAStepUpByASentCodeThatCannotBe(t *testing.T) {
	w := newWorld(t, withPolicy(bySentCodes))
	alice := w.mailedPerson("alice")
	notEnrolled := problem("Two-factor authentication is not enabled.", "not_enrolled")
	for _, purpose := range []string{"add_device", "set_method"} { // they take a device's code
		alice.as("POST", "totp/step_up/send", object{"purpose": purpose}).is(t, 400, notEnrolled)
	}
	noPurpose := object{"purpose": []string{"There is no such purpose."}}
	alice.as("POST", "totp/step_up/send", object{"purpose": "payout"}).is(t, 400, noPurpose)
	alice.as("POST", "totp/step_up", object{"purpose": "general", "sent_code": "1"}).
		is(t, 400, object{"step_up_challenge_token": required})
	alice.stepByMail("x", "1").is(t, 400, problem("Invalid or expired challenge token.", "challenge_invalid"))
	bob := w.enrolledByMail("bob")
	bob.as("POST", "totp/step_up/send", object{"purpose": "general"}).
		is(t, 400, problem("This kind of code is not accepted here.", "method_not_allowed"))
	carol := newWorld(t).person("carol")
	carol.signIn()
	carol.as("POST", "totp/step_up/send", object{"purpose": "general"}).is(t, 400, notEnrolled)
}

// enrolledByMail has an authenticator where codes by mail are asked for before.
func (w *world) enrolledByMail(name string) *person {
	w.Helper()
	p := w.person(name)
	challenge := p.post("jwt/create", p.credentials()).body["totp_challenge_token"].(string)
	done := p.answer(challenge, object{"sent_code": p.mailedCode()})
	p.access = done.body["access"].(string)
	p.secret = p.as("POST", "totp/create", nil).body["secret"].(string)
	p.access = p.as("POST", "totp/confirm", object{"input_code": p.code()}).body["access"].(string)
	return p
}
