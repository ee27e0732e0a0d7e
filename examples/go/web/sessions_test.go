package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"twinlock-example/web"
)

var (
	sessionEnded = problem("The session has ended; sign in again.", "token_not_valid")
	tokenReused  = problem("The refresh token was used before; its session has ended.", "token_not_valid")
	notFound     = problem("Not found.", "not_found")
)

// tokens are those of one session.
type tokens struct {
	*person
	access, refresh string
}

// enter signs in with a backup code, so that the clock can stand.
func (p *person) enter(headers ...string) *tokens {
	p.Helper()
	body := object{"totp_challenge_token": p.challenge(), "backup_code": p.backupCodes[0]}
	p.backupCodes = p.backupCodes[1:]
	reply := p.post("jwt/totp/verify", body, headers...)
	reply.has(p.T, 200, "access", "refresh")
	return &tokens{p, reply.body["access"].(string), reply.body["refresh"].(string)}
}

func (s *tokens) rotate() reply { return s.post("jwt/refresh", object{"refresh": s.refresh}) }

// next goes on with the next pair.
func (s *tokens) next() *tokens {
	s.Helper()
	reply := s.rotate()
	reply.has(s.T, 200, "access", "refresh")
	return &tokens{s.person, reply.body["access"].(string), reply.body["refresh"].(string)}
}

func (s *tokens) list() []any {
	s.Helper()
	reply := s.send("GET", "/api/jwt/sessions/", "", s.access, "")
	reply.has(s.T, 200, "sessions")
	return reply.body["sessions"].([]any)
}

// JWT-10, JWT-11: each refresh token is exchanged once. Within the grace there is one successor; a copy that comes later
// ends the session, for its thief and its owner alike.
func TestARefreshTokenIsExchangedOnce(t *testing.T) {
	first := newWorld(t).enrolled("alice").enter()
	second := first.next()
	first.pass(9 * time.Second)
	if again := first.next(); again.refresh != second.refresh {
		t.Error("two successors")
	}
	first.post("jwt/verify", object{"token": first.refresh}).is(t, 200, object{})
	first.pass(time.Second)
	first.post("jwt/verify", object{"token": first.refresh}).is(t, 401, tokenReused)
	third := second.next() // whoever only looks ends nothing
	first.rotate().is(t, 401, tokenReused)
	third.rotate().is(t, 401, sessionEnded)
	third.post("jwt/verify", object{"token": third.access}).is(t, 401, sessionEnded)
	third.send("GET", "/api/totp/status/", "", third.access, "").is(t, 401, notValid)
	if !strings.Contains(first.logged(), "exchanged before") {
		t.Error("no operator would know")
	}
}

// What an operator finds of a session that a copy ended is its owner's address.
func TestAThiefsAddressIsNotTheSessions(t *testing.T) {
	w := newWorld(t, func(site *web.Site) { site.Proxies = 1 })
	first := w.enrolled("alice").enter("X-Forwarded-For", "192.0.2.1")
	w.post("jwt/refresh", object{"refresh": first.refresh}, "X-Forwarded-For", "192.0.2.2")
	w.pass(time.Minute)
	w.post("jwt/refresh", object{"refresh": first.refresh}, "X-Forwarded-For", "192.0.2.66").is(t, 401, tokenReused)
	var address string
	w.must(w.site.Database.DB.QueryRow("SELECT address FROM refresh_session WHERE revoked_at IS NOT NULL").Scan(&address))
	if address != "192.0.2.2" {
		t.Error(address)
	}
}

// A session ends when it is idle for a day, and after 30 days whatever happens.
func TestASessionEndsByItsTime(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	idle, busy := alice.enter(), alice.enter()
	expired := problem("Token is expired", "token_not_valid")
	for range 30 {
		alice.pass(24*time.Hour - time.Second)
		busy = busy.next()
	}
	idle.rotate().is(t, 401, expired)
	alice.pass(time.Minute)
	busy.rotate().is(t, 401, expired)
}

// JWT-15: what was ended is dead at once, its access token, too.
func TestALogoutTakesEitherToken(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	byRefresh, byAccess, other := alice.enter(), alice.enter(), alice.enter()
	if done := alice.post("jwt/logout", object{"refresh": byRefresh.refresh}); done.status != 204 || done.text != "" {
		t.Error(done.status, done.text)
	}
	if done := alice.send("POST", "/api/jwt/logout/", "", byAccess.access, ""); done.status != 204 {
		t.Error(done.text)
	}
	for _, over := range []*tokens{byRefresh, byAccess} {
		over.rotate().is(t, 401, sessionEnded)
		over.send("GET", "/api/totp/status/", "", over.access, "").is(t, 401, notValid)
		if again := alice.post("jwt/logout", object{"refresh": over.refresh}); again.status != 204 {
			t.Error("whoever is out is out: ", again.text)
		}
	}
	other.next()
	alice.post("jwt/logout", object{}).is(t, 401,
		problem("Authentication credentials were not provided.", "not_authenticated"))
	alice.post("jwt/logout", object{"refresh": "no.token.ofours"}).is(t, 401, invalidToken)
	alice.post("jwt/logout", object{"refresh": other.access}).is(t, 401, invalidToken)
}

// What died with the session that made it stays dead: the access token of a step-up, too.
func TestAStepUpEndsWithItsSession(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	alice.access = alice.enter().access
	stepped := alice.as("POST", "totp/step_up", object{"purpose": "general", "backup_code": alice.backupCodes[0]})
	stepped.has(t, 200, "access", "purpose", "expires_at")
	alice.as("POST", "jwt/logout", nil)
	alice.access = stepped.body["access"].(string)
	alice.as("GET", "totp/status", nil).is(t, 401, notValid)
}

func TestALogoutEverywhereEndsAllThatSignInsLeft(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	one, other, challenge := alice.enter(), alice.enter(), alice.challenge()
	if done := alice.send("POST", "/api/jwt/logout_all/", "", one.access, ""); done.status != 204 {
		t.Fatal(done.text)
	}
	for _, over := range []*tokens{one, other} {
		over.rotate().is(t, 401, sessionEnded)
		over.send("GET", "/api/totp/status/", "", over.access, "").is(t, 401, notValid)
	}
	alice.answer(challenge, object{"otp_code": alice.code()}).
		is(t, 400, problem("Invalid or expired challenge token.", "challenge_invalid"))
	if alive := alice.enter(); len(alive.list()) != 1 {
		t.Error(alive.list())
	}
}

func TestTheListOfSessionsSaysWhereSomebodyIsSignedIn(t *testing.T) {
	w := newWorld(t)
	w.site.Proxies = 1
	alice := w.enrolled("alice")
	w.send("POST", "/api/jwt/logout_all/", "", alice.access, "")
	firefox := "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	old := alice.enter("User-Agent", firefox, "X-Forwarded-For", "2001:db8::7")
	began := w.now().UTC().Format(time.RFC3339)
	w.pass(time.Minute)
	own := alice.enter("User-Agent", "okhttp/4.12.0 \u202ex")
	listed := own.list()
	session := listed[1].(map[string]any)
	id := session["id"]
	delete(session, "id")
	if fmt.Sprint(session) != fmt.Sprint(map[string]any{"device": "Firefox on Linux", "address": "2001:db8::7",
		"created_at": began, "last_used_at": began, "expires_at": w.now().Add(24*time.Hour - time.Minute).UTC().
				Format(time.RFC3339), "current": false}) {
		t.Error(session)
	}
	if first := listed[0].(map[string]any); first["current"] != true || first["device"] != "okhttp/4.12.0" {
		t.Error(first)
	}
	w.pass(time.Second)
	old.next() // the last used comes first
	if first := own.list()[0].(map[string]any); first["id"] != id || first["created_at"] != began {
		t.Error(first)
	}
}

func TestASessionIsEndedFromTheList(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.enrolled("alice"), w.enrolled("bob").enter()
	own, other := alice.enter(), alice.enter()
	id := ""
	for _, session := range other.list() {
		if session := session.(map[string]any); session["current"] == true {
			id = session["id"].(string)
		}
	}
	end := func(token, id string) reply { return w.send("DELETE", "/api/jwt/sessions/"+id+"/", "", token, "") }
	end(bob.access, id).is(t, 404, notFound) // somebody else's
	other = other.next()
	if done := end(own.access, id); done.status != 204 || done.text != "" {
		t.Error(done.text)
	}
	other.rotate().is(t, 401, sessionEnded)
	for _, none := range []string{id, "0", "%00", "%ff", strings.Repeat("a", 3000)} {
		end(own.access, none).is(t, 404, notFound)
	}
	own.next()
}

// JWT-13: a session of an older second factor or password is over, and in no list.
func TestSessionsEndWithTheSecondFactorAndThePassword(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	before := alice.enter()
	alice.access = before.access
	if off := alice.as("POST", "totp/disable", object{"backup_code": alice.backupCodes[0]}); off.status != 204 {
		t.Fatal(off.text)
	}
	before.rotate().is(t, 401, invalidToken)
	alice.signIn()
	if listed := (&tokens{alice, alice.access, ""}).list(); len(listed) != 1 {
		t.Error(listed)
	}
	hash, err := w.site.Database.Hash(t.Context(), "another one")
	w.must(err)
	_, err = w.site.Database.DB.Exec("UPDATE account SET password = ?", hash)
	w.must(err)
	login := w.post("jwt/create", object{"username": "alice", "password": "another one"}).body
	if listed := (&tokens{alice, login["access"].(string), ""}).list(); len(listed) != 1 {
		t.Error(listed)
	}
}

// STO-02: code and session are stored together or not at all.
func TestASessionThatCannotBeStoredSpendsNoCode(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	challenge, code := alice.challenge(), alice.code()
	rename := func(from, to string) {
		_, err := w.site.Database.DB.Exec("ALTER TABLE " + from + " RENAME TO " + to)
		w.must(err)
	}
	rename("refresh_session", "away")
	if failed := alice.answer(challenge, object{"otp_code": code}); failed.status != 503 {
		t.Fatal(failed.text)
	}
	rename("away", "refresh_session")
	alice.answer(challenge, object{"otp_code": code}).has(t, 200, "access", "refresh")
}

func TestRowsOfEndedSessionsGo(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	ended := alice.enter()
	alice.post("jwt/logout", object{"refresh": ended.refresh})
	w.pass(23 * time.Hour)
	living := alice.enter()
	w.pass(time.Hour + 16*time.Minute)
	more, err := w.site.Database.Sessions.Prune(t.Context(), w.now(), 1000)
	w.must(err)
	var rows int
	w.must(w.site.Database.DB.QueryRow("SELECT count(*) FROM refresh_session").Scan(&rows))
	if more || rows != 1 {
		t.Error(more, rows)
	}
	living.next()
}

func TestSlidingTokensAreNoSessionsHere(t *testing.T) {
	w := newWorld(t)
	tokens := w.enrolled("alice").enter()
	w.post("jwt/refresh_sliding", object{}).is(t, 400, object{"token": required})
	for _, token := range []string{"no.token.ofours", tokens.access, tokens.refresh} {
		w.post("jwt/refresh_sliding", object{"token": token}).is(t, 401, invalidToken)
	}
}

func TestThePublicKeysMayBeKeptForAWhile(t *testing.T) {
	w := newWorld(t)
	keys := w.send("GET", "/api/jwt/jwks/", "", "", "")
	keys.is(t, 200, object{"keys": []any{}})
	if kept := keys.header.Get("Cache-Control"); kept != "public, max-age=300" {
		t.Error(kept)
	}
}

func TestOnlyJSONIsServed(t *testing.T) {
	w := newWorld(t)
	for accept, served := range map[string]bool{"": true, "*/*": true, "application/json; q=0.5": true, "text/html": false,
		"text/html, application/*;q=0.1": true, "application/xml": false} {
		headers := []string{}
		if accept != "" {
			headers = []string{"Accept", accept}
		}
		reply := w.post("jwt/verify", object{"token": "x"}, headers...)
		if served != (reply.status == 401) || served == (reply.status == 406) {
			t.Errorf("%q: %d %s", accept, reply.status, reply.text)
		}
	}
}
