package web_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"twinlock-example/limits"
	"twinlock-example/web"
)

// chunked posts a body whose length is not told before.
func (w *world) chunked(path, body string) reply {
	w.Helper()
	request, err := http.NewRequest("POST", w.url+path, io.MultiReader(strings.NewReader(body)))
	w.must(err)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	w.must(err)
	return w.parsed(response, text)
}

func TestSigningUp(t *testing.T) {
	w := newWorld(t)
	new := object{"username": "alice", "password": password, "email": "alice@example.com"}
	w.post("example/sign_up", new).is(t, 201, object{"username": "alice"})
	w.post("example/sign_up", new).is(t, 400, object{"username": []string{"A user with that username already exists."}})
	w.post("jwt/create", new).has(t, 200, "is_totp_enabled", "access", "refresh")
	w.post("example/sign_up", object{"username": "a b", "password": "password", "email": "x"}).is(t, 400, object{
		"username": []string{"Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters."},
		"email":    []string{"Enter a valid email address."}, "password": []string{"This password is too common."}})
	short := []string{"This password is too short. It must contain at least 8 characters."}
	w.post("example/sign_up", object{"username": "bob", "password": "x y"}).is(t, 400, object{"password": short})
	w.post("example/sign_up", object{"username": "bob", "email": "", "password": " " + password + " "}).
		is(t, 201, object{"username": "bob"})
	w.post("jwt/create", object{"username": "bob", "password": password}).is(t, 401, invalidCredentials)
}

func TestRequestsAreLimitedPerAddressAndKindOfEndpoint(t *testing.T) {
	w := newWorld(t, func(site *web.Site) {
		site.Rate, site.Proxies = limits.Rate{Requests: 3, Window: time.Minute}, 1
	})
	from := func(address, path string) reply {
		return w.post(path, object{}, "X-Forwarded-For", "9.9.9.9, "+address)
	}
	for range 3 {
		from("192.0.2.1", "jwt/create").has(t, 400, "username", "password")
	}
	late := from("192.0.2.1", "jwt/create")
	late.is(t, 429, object{"detail": "Request was throttled. Expected available in 60 seconds.", "code": "throttled",
		"retry_after": 60})
	if late.header.Get("Retry-After") != "60" {
		t.Error(late.header)
	}
	from("192.0.2.2", "jwt/create").has(t, 400, "username", "password")
	from("192.0.2.1", "jwt/totp/verify").has(t, 400, "totp_challenge_token")
	for range 3 {
		from("2001:db8::1", "jwt/create").has(t, 400, "username", "password")
	}
	if other := from("2001:db8::2", "jwt/create"); other.status != 429 {
		t.Error("another address of the same network is another client")
	}
	w.pass(time.Minute)
	from("192.0.2.1", "jwt/create").has(t, 400, "username", "password")
}

func TestForwardedAddressesAreNotBelievedUnlessThereAreProxies(t *testing.T) {
	w := newWorld(t, func(site *web.Site) { site.Rate = limits.Rate{Requests: 1, Window: time.Minute} })
	w.post("jwt/create", object{}, "X-Forwarded-For", "192.0.2.1").has(t, 400, "username", "password")
	if again := w.post("jwt/create", object{}, "X-Forwarded-For", "192.0.2.2"); again.status != 429 {
		t.Error(again.text)
	}
}

func TestSomebodySignedInIsLimitedWhereverTheyAre(t *testing.T) {
	w := newWorld(t, func(site *web.Site) { site.Rate = limits.Rate{Requests: 2, Window: time.Minute} })
	alice, bob := w.person("alice"), w.person("bob")
	alice.signIn()
	bob.signIn()
	for range 2 {
		alice.as("POST", "totp/confirm", object{}).has(t, 400, "input_code")
	}
	if again := alice.as("POST", "totp/confirm", object{}); again.status != 429 {
		t.Error(again.text)
	}
	bob.as("POST", "totp/confirm", object{}).has(t, 400, "input_code")
}

// THR-05: what cannot be stored is not granted.
func TestWithoutItsDatabaseTheSiteSaysSo(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	challenge := alice.challenge()
	w.must(w.site.Database.DB.Close())
	away := object{"detail": "The second factor cannot be checked at the moment; try again later.", "code": "store_failed",
		"retry_after": 5}
	for _, reply := range []reply{
		w.send("GET", "/healthz", "", "", ""), w.post("jwt/create", alice.credentials()),
		alice.answer(challenge, object{"otp_code": alice.code()}), alice.as("GET", "totp/status", nil),
		w.post("example/sign_up", object{"username": "bob", "password": password}),
	} {
		reply.is(t, 503, away)
		if reply.header.Get("Retry-After") != "5" {
			t.Error(reply.header)
		}
	}
	if !strings.Contains(w.logged(), `"level":"ERROR"`) {
		t.Error("no operator would know")
	}
}

func TestALostKeyIsTheOperatorsTaskAndNoWrongCode(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	_, err := w.site.Database.DB.Exec("UPDATE twinlock_record SET record = x'00'")
	w.must(err)
	reply := w.post("jwt/create", alice.credentials())
	reply.has(t, 503, "detail", "code")
	if reply.body["code"] == "wrong_code" {
		t.Error(reply.text)
	}
}

func TestAnswersAreNotKeptAndTheLogHoldsNoSecret(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	challenge, code := alice.challenge(), alice.code()
	reply := alice.answer(challenge, object{"otp_code": code})
	for name, value := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Content-Type": "application/json", "Referrer-Policy": "no-referrer"} {
		if reply.header.Get(name) != value {
			t.Errorf("%s: %q", name, reply.header.Get(name))
		}
	}
	w.send("GET", "/api/totp/status/?token="+challenge, "", alice.access, "")
	w.send("GET", "/"+challenge, "", alice.access, "", "X-Request-ID", "from-the-proxy")
	w.send("BREW", "/api/jwt/create/", "", "", "")
	alice.answer(challenge, object{"otp_code": code})
	logged := w.logged()
	secrets := []string{challenge, code, password, alice.secret, alice.access, reply.body["access"].(string),
		alice.backupCodes[0].(string), "alice@example.com", "BREW"}
	for _, secret := range secrets {
		if strings.Contains(logged, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	for _, line := range []string{`"event":"sign_in_succeeded_otp"`, `"refused":"challenge_spent"`, alice.id,
		`"path":"/api/jwt/totp/verify/"`, `"request_id":"from-the-proxy"`} {
		if !strings.Contains(logged, line) {
			t.Errorf("%s is not in the log:\n%s", line, logged)
		}
	}
}

func TestRecoveryTakesLinkPasswordAndBackupCode(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	w.person("nobody") // without a second factor: no mail
	sent := object{"details": "If an account with that email exists and has TOTP enabled, a recovery email has been sent."}
	for _, email := range []string{"nobody@example.com", "stranger@example.com", "ALICE@example.com"} {
		w.post("totp/recovery", object{"email": email}).is(t, 200, sent)
	}
	message := <-w.mailed
	link := regexp.MustCompile(`https://acme\.example/(\S+)/(\S+)`).FindStringSubmatch(message.Text)
	if message.To != "alice@example.com" || link == nil {
		t.Fatal(message)
	}
	body := object{"uid": link[1], "token": link[2], "password": password}
	dead := object{"message": []string{"The recovery link is invalid or has expired."}}
	for name, value := range map[string]string{"uid": "MQ", "token": "x"} {
		wrong := object{"uid": link[1], "token": link[2], "password": password}
		wrong[name] = value
		w.post("totp/recovery_confirm", wrong).is(t, 400, dead)
	}
	w.post("totp/recovery_confirm", body).is(t, 403, object{"code": "second_factor_required",
		"detail": "A fresh second factor is needed for this.", "methods": []string{"backup"}})
	body["backup_code"] = "AAAA-AAAA-AAAA-AAAA"
	w.post("totp/recovery_confirm", body).is(t, 400, invalidCode)
	body["backup_code"] = alice.backupCodes[0]
	body["password"] = "wrong"
	w.post("totp/recovery_confirm", body).is(t, 400, object{"message": []string{"The provided credentials is invalid."}})
	body["password"] = password
	w.pass(time.Minute)
	if done := w.post("totp/recovery_confirm", body); done.status != 204 {
		t.Fatal(done.text)
	}
	alice.signIn()
	w.post("totp/recovery_confirm", body).is(t, 400, dead)
}

func TestARecoveryLinkEnds(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	w.post("totp/recovery", object{"email": "alice@example.com"})
	link := regexp.MustCompile(`https://acme\.example/(\S+)/(\S+)`).FindStringSubmatch((<-w.mailed).Text)
	body := object{"uid": link[1], "token": link[2], "password": password, "backup_code": alice.backupCodes[0]}
	w.pass(time.Hour)
	w.post("totp/recovery_confirm", body).is(t, 400,
		object{"message": []string{"The recovery link is invalid or has expired."}})
}
