package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"twinlock-example/web"
)

var (
	otpAndBackup   = []string{"otp", "backup"}
	enrollMembers  = []string{"enrollment_required", "enrollment_token", "expires_at"}
	sentCode       = regexp.MustCompile(`(?m)^\d{7}\r?$`)
	factorRequired = problem("Your account must have a second factor.", "enrollment_required")
)

func withPolicy(policy web.Policy) func(site *web.Site) {
	return func(site *web.Site) { site.Policy = policy }
}

// mailedCode is the code in the next mail.
func (w *world) mailedCode() string {
	w.Helper()
	select {
	case message := <-w.mailed:
		if code := sentCode.FindString(message.Text); code != "" {
			return strings.TrimSpace(code)
		}
		w.Fatal(message.Text)
	case <-time.After(5 * time.Second):
		w.Fatal("no mail")
	}
	return ""
}

func TestASentCodeIsAWayIn(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{SentCodes: "sign_in", Fallback: "sent_code"}))
	alice := w.person("alice")
	login := w.post("jwt/create", alice.credentials())
	login.has(t, 200, challengeMembers...)
	if login.body["code_sent"] != true || login.body["gives"] != "sign_in" {
		t.Error(login.text)
	}
	first := w.mailedCode()
	challenge := login.body["totp_challenge_token"].(string)
	again := w.post("jwt/totp/send", object{"totp_challenge_token": challenge})
	again.has(t, 200, "code_sent", "expires_at")
	second := w.mailedCode()
	alice.answer(challenge, object{"sent_code": first}).is(t, 400, invalidCode)
	alice.answer(challenge, object{"sent_code": second, "otp_code": "1"}).is(t, 400, object{"non_field_errors": []string{
		"Provide only one of otp_code, backup_code and sent_code."}})
	alice.answer(challenge, object{"sent_code": second}).has(t, 200, "access", "refresh")
	if strings.Contains(w.logged(), second) {
		t.Error("the code is in the log")
	}
	w.post("jwt/totp/send", object{}).is(t, 400, object{"totp_challenge_token": required})
	w.post("jwt/totp/send", object{"totp_challenge_token": "x"}).
		is(t, 400, problem("Invalid or expired challenge token.", "challenge_invalid"))
}

func TestSoManyCodesAreSentForOneChallenge(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{SentCodes: "sign_in", Fallback: "sent_code"}))
	challenge := w.post("jwt/create", w.person("alice").credentials()).body["totp_challenge_token"]
	for range 2 {
		w.post("jwt/totp/send", object{"totp_challenge_token": challenge}).has(t, 200, "code_sent", "expires_at")
	}
	reply := w.post("jwt/totp/send", object{"totp_challenge_token": challenge})
	if reply.status != 429 || reply.body["code"] != "too_many_codes" || reply.header.Get("Retry-After") == "" {
		t.Error(reply.text, reply.header)
	}
}

func TestThePreferredMethodIsStoredByACode(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{SentCodes: "sign_in", OptOut: "allowed"}))
	alice := w.enrolled("alice")
	alice.as("POST", "totp/method", object{"method": "sent"}).
		has(t, 403, "detail", "code", "purpose", "max_age", "methods")
	reply := alice.as("POST", "totp/method", object{"method": "sent", "otp_code": alice.code()})
	if reply.status != 200 || reply.body["method"] != "sent" || reply.body["sent_codes"] != "sign_in" {
		t.Error(reply.text)
	}
	login := w.post("jwt/create", alice.credentials())
	if login.has(t, 200, challengeMembers...); login.body["code_sent"] != true {
		t.Error(login.text)
	}
	alice.as("POST", "totp/method", object{"method": "sms"}).
		is(t, 400, object{"method": []string{"Must be one of: otp, sent, off."}})
	alice.stepped("set_method").as("POST", "totp/method", object{"method": "otp"}).status200(t)
	bob := w.person("bob")
	bob.signIn()
	bob.as("POST", "totp/method", object{"method": "off"}).status200(t)
	bob.as("POST", "totp/method", object{"method": "otp"}).
		is(t, 400, problem("Two-factor authentication is not enabled.", "not_enrolled"))
}

func (r reply) status200(t *testing.T) {
	t.Helper()
	if r.status != 200 {
		t.Error(r.status, r.text)
	}
}

// ENR-11: whoever has to have a second factor gets a token that sets one up and opens nothing else.
func TestWhoeverHasToHaveASecondFactorSetsOneUpFirst(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{Required: true}))
	alice := w.person("alice")
	login := w.post("jwt/create", alice.credentials())
	login.has(t, 200, enrollMembers...)
	alice.access = login.body["enrollment_token"].(string)
	for path, method := range map[string]string{"totp/status": "GET", "totp/disable": "POST", "jwt/sessions": "GET"} {
		alice.as(method, path, nil).is(t, 401, notValid)
	}
	setup := alice.as("POST", "totp/create", nil)
	setup.has(t, 201, "svg", "secret", "otpauth_uri")
	alice.secret = setup.body["secret"].(string)
	done := alice.as("POST", "totp/confirm", object{"input_code": alice.code(), "device": "Ann's phone"})
	done.has(t, 200, "device_id", "backup_codes", "access", "refresh")
	alice.as("POST", "totp/create", nil).is(t, 401, notValid) // it is used up
	alice.access, alice.backupCodes = done.body["access"].(string), done.body["backup_codes"].([]any)
	alice.as("POST", "totp/disable", object{"backup_code": alice.backupCodes[0]}).is(t, 403, factorRequired)
	device := alice.devices()[0].(map[string]any)["id"].(string)
	kept := alice.as("DELETE", "totp/devices/"+device, object{"backup_code": alice.backupCodes[0]})
	kept.is(t, 403, problem("An authenticator must be set up before signing in.", "enrollment_required"))
	status := alice.as("GET", "totp/status", nil).body
	if status["required"] != true || status["enrollment_due_at"] != nil {
		t.Error(status)
	}
}

func TestAnEnrollmentTokenDiesWithThePassword(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{Required: true}))
	alice := w.person("alice")
	alice.access = w.post("jwt/create", alice.credentials()).body["enrollment_token"].(string)
	for _, other := range []string{alice.access + "0", strings.Split(alice.access, "~")[0], "~"} {
		stranger := *alice
		stranger.access = other
		stranger.as("POST", "totp/create", nil).is(t, 401, notValid)
	}
	hash, err := w.site.Database.Hash(t.Context(), "another one")
	w.must(err)
	_, err = w.site.Database.DB.Exec("UPDATE account SET password = ?", hash)
	w.must(err)
	alice.as("POST", "totp/create", nil).is(t, 401, notValid)
}

func TestTheGraceEndsWhatGoesOnWithoutASecondFactor(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{Required: true, Grace: 24 * time.Hour}))
	alice := w.person("alice")
	due := w.now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	w.post("jwt/create", alice.credentials())
	w.pass(23 * time.Hour)
	login := w.post("jwt/create", alice.credentials())
	login.has(t, 200, "is_totp_enabled", "access", "refresh", "enrollment_due_at")
	alice.access = login.body["access"].(string)
	if status := alice.as("GET", "totp/status", nil).body; status["enrollment_due_at"] != due || status["required"] != true {
		t.Error(status)
	}
	refresh := object{"refresh": login.body["refresh"]}
	next := w.post("jwt/refresh", refresh)
	next.has(t, 200, "access", "refresh")
	w.pass(time.Hour)
	w.post("jwt/refresh", object{"refresh": next.body["refresh"]}).is(t, 401, invalidToken)
	w.post("jwt/create", alice.credentials()).has(t, 200, enrollMembers...)
}

// A code by mail opens the enrollment, where the policy wants more than a password for that.
func TestASentCodeOpensTheEnrollment(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{SentCodes: "enroll", Fallback: "sent_code"}))
	alice := w.person("alice")
	login := w.post("jwt/create", alice.credentials())
	login.has(t, 200, challengeMembers...)
	if login.body["gives"] != "enrollment" {
		t.Error(login.text)
	}
	body := object{"sent_code": w.mailedCode(), "trust_device": true}
	entered := alice.answer(login.body["totp_challenge_token"].(string), body)
	entered.has(t, 200, enrollMembers...)
	alice.access = entered.body["enrollment_token"].(string)
	alice.as("POST", "totp/create", nil).has(t, 201, "svg", "secret", "otpauth_uri")
}

// trusting signs in and trusts the device: its cookie.
func (p *person) trusting(more object) *http.Cookie {
	p.Helper()
	body := object{"totp_challenge_token": p.challenge(), "backup_code": p.backupCodes[0], "trust_device": true}
	p.backupCodes = p.backupCodes[1:]
	for name, value := range more {
		body[name] = value
	}
	reply := p.post("jwt/totp/verify", body)
	reply.has(p.T, 200, "access", "refresh", "trusted_device", "trust_expires_at")
	p.access = reply.body["access"].(string)
	return reply.cookie(p.T)
}

func (r reply) cookie(t *testing.T) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: r.header}).Cookies()
	if len(cookies) != 1 || cookies[0].Name != "twinlock_trust" || !cookies[0].Secure || !cookies[0].HttpOnly ||
		cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Path != "/" {
		t.Fatal(r.status, r.text, r.header["Set-Cookie"])
	}
	return cookies[0]
}

func (p *person) comeBack(cookie *http.Cookie) reply {
	p.Helper()
	return p.post("jwt/create", p.credentials(), "Cookie", cookie.Name+"="+cookie.Value)
}

// API-08: a trusted device is a record of the server, listed and revocable.
func TestATrustedDeviceNeedsNoSecondFactorForAWhile(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{TrustedDevices: 2}))
	alice, bob := w.enrolled("alice"), w.enrolled("bob")
	cookie := alice.trusting(object{"device_name": "Ann's: la\u202eptop"})
	if cookie.MaxAge != 30*24*3600 {
		t.Error(cookie.MaxAge)
	}
	back := alice.comeBack(cookie)
	back.has(t, 200, "is_totp_enabled", "access", "refresh", "trusted_device", "trust_expires_at")
	alice.access = back.body["access"].(string)
	listed := alice.as("GET", "totp/trusted_devices", nil)
	trusted := listed.body["trusted_devices"].([]any)[0].(map[string]any)
	if trusted["name"] != "Ann's laptop" {
		t.Error(listed.text)
	}
	bob.comeBack(back.cookie(t)).has(t, 200, challengeMembers...) // somebody else's says nothing
	path := "totp/trusted_devices/" + trusted["id"].(string)
	bob.as("DELETE", path, nil).is(t, 404, deviceUnknown)
	if done := alice.as("DELETE", path, nil); done.status != 204 {
		t.Error(done.text)
	}
	alice.as("DELETE", path, nil).is(t, 404, deviceUnknown)
	again := alice.comeBack(back.cookie(t))
	again.has(t, 200, challengeMembers...)
	if gone := again.cookie(t); gone.MaxAge >= 0 || gone.Value != "" || again.body["trust_available"] != true {
		t.Error(gone)
	}
}

func TestTrustDiesWithThePasswordAndByRevocation(t *testing.T) {
	w := newWorld(t, withPolicy(web.Policy{TrustedDevices: 5}))
	alice := w.enrolled("alice")
	cookie := alice.trusting(nil)
	done := w.send("DELETE", "/api/totp/trusted_devices/", "", alice.access, "", "Cookie", cookie.Name+"="+cookie.Value)
	if done.status != 204 || done.cookie(t).MaxAge >= 0 {
		t.Error(done.text)
	}
	alice.comeBack(cookie).has(t, 200, challengeMembers...)
	cookie = alice.trusting(object{"device": "phone"})
	for _, odd := range []string{"", ".", "x", "x.y", strings.Repeat("a", 3000), cookie.Value + "0"} {
		alice.comeBack(&http.Cookie{Name: cookie.Name, Value: odd}).has(t, 200, challengeMembers...)
	}
	hash, err := w.site.Database.Hash(t.Context(), password)
	w.must(err)
	_, err = w.site.Database.DB.Exec("UPDATE account SET password = ?", hash) // the same one, set anew
	w.must(err)
	alice.comeBack(cookie).has(t, 200, challengeMembers...)
}

func TestASignInStandsWhereNothingIsTrusted(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	body := object{"otp_code": alice.code(), "trust_device": "yes"}
	reply := alice.answer(alice.challenge(), body)
	reply.has(t, 200, "access", "refresh", "trusted_device")
	if reply.body["trusted_device"] != false || reply.header.Get("Set-Cookie") != "" {
		t.Error(reply.text)
	}
	alice.answer(alice.challenge(), object{"otp_code": "1", "trust_device": 1}).
		is(t, 400, object{"trust_device": []string{"Must be a valid boolean."}})
	nobody := w.person("nobody")
	nobody.signIn()
	if done := nobody.as("DELETE", "totp/trusted_devices", nil); done.status != 204 {
		t.Error(done.text)
	}
}
