package web_test

import (
	"strings"
	"testing"
	"time"

	"twinlock"
)

var (
	noSecret = "User does not have an associated TOTP secret."
	notValid = object{"detail": "Given token not valid for any token type", "code": "token_not_valid", "messages": []object{
		{"token_class": "AccessToken", "token_type": "access", "message": "Token is invalid"}}}
)

var purposeOf = map[string]string{
	"totp/disable": "disable", "totp/rotate_backup_codes": "regenerate_backup_codes",
}

// ENR-01: a secret that a client sends is ignored.
func TestEnrollmentShowsQRCodeSecretAndURI(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	alice.signIn()
	setup := alice.as("POST", "totp/create", object{"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"})
	setup.has(t, 201, "svg", "secret", "otpauth_uri")
	uri, secret := setup.body["otpauth_uri"].(string), setup.body["secret"].(string)
	picture, err := twinlock.QRCode(uri)
	w.must(err)
	if setup.body["svg"] != picture || !strings.HasPrefix(uri, "otpauth://totp/Acme:alice?secret="+secret) {
		t.Error(setup.text)
	}
	if strings.HasPrefix(secret, "JBSWY3DP") {
		t.Error("the client chose the secret")
	}
	w.send("POST", "/api/totp/create/", "application/json", alice.access, "null").
		has(t, 201, "svg", "secret", "otpauth_uri") // as much as no body
	alice.as("POST", "totp/create", object{"name": "a:b"}).is(t, 400, object{"name": []string{
		"The name must be 1 to 128 characters without control characters, a colon or a space in front."}})
	if alice.as("POST", "totp/create", object{"name": "Phone"}).body["secret"] == secret {
		t.Error("the second enrollment shows the first one's secret")
	}
}

func TestConfirmationBringsBackupCodesAndLivingTokens(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	before := alice.signIn()
	alice.as("POST", "totp/confirm", object{"input_code": "123456"}).is(t, 400, problem(noSecret, "no_pending_enrollment"))
	alice.secret = alice.as("POST", "totp/create", nil).body["secret"].(string)
	alice.as("POST", "totp/confirm", object{"input_code": alice.wrong()}).
		is(t, 400, problem("Invalid TOTP code.", "wrong_code"))
	done := alice.as("POST", "totp/confirm", object{"input_code": " " + alice.code()[:3] + " " + alice.code()[3:]})
	done.has(t, 200, "device_id", "backup_codes", "access", "refresh")
	if len(done.body["backup_codes"].([]any)) != 10 {
		t.Error(done.text)
	}
	w.post("jwt/verify", object{"token": done.body["access"]}).is(t, 200, object{})
	w.post("jwt/verify", object{"token": before["access"]}).is(t, 401, invalidToken) // ENR-10
	w.post("jwt/refresh", object{"refresh": before["refresh"]}).is(t, 401, invalidToken)
}

func TestEnrollmentIsRefusedWhereThereIsOne(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	alice.as("POST", "totp/create", nil).is(t, 400,
		problem("TOTP is already enabled. Disable the old one before creating a new one.", "already_enrolled"))
	alice.as("POST", "totp/confirm", object{"input_code": alice.code()}).is(t, 400,
		problem("Backup codes already exist for this user.", "already_enrolled"))
}

// ENR-05: turning off and new backup codes take a code, not only a session.
func TestTurningOffAndNewBackupCodesTakeACode(t *testing.T) {
	w := newWorld(t)
	nobody := w.person("nobody")
	nobody.signIn()
	alice := w.enrolled("alice")
	fresh := problem("A fresh second factor is needed for this.", "second_factor_required")
	fresh["max_age"] = 600
	for path, methods := range map[string][]string{"totp/disable": {"otp", "backup"}, "totp/rotate_backup_codes": {"otp"}} {
		fresh["purpose"] = purposeOf[path]
		for _, body := range []any{nil, object{}} {
			nobody.as("POST", path, body).is(t, 400, problem(noSecret, "not_enrolled"))
			fresh["methods"] = methods
			alice.as("POST", path, body).is(t, 403, fresh)
		}
		nobody.as("POST", path, object{"otp_code": "123456"}).is(t, 400, problem(noSecret, "not_enrolled"))
		alice.as("POST", path, object{"otp_code": alice.wrong()}).is(t, 400, invalidCode)
	}
	backup := alice.backupCodes[0]
	if reply := alice.as("POST", "totp/rotate_backup_codes", object{"backup_code": backup}); reply.status != 400 ||
		reply.body["code"] != "method_not_allowed" {
		t.Error(reply.text)
	}
	rotated := alice.as("POST", "totp/rotate_backup_codes", object{"otp_code": alice.code()})
	rotated.has(t, 200, "backup_codes")
	alice.answer(alice.challenge(), object{"backup_code": backup}).is(t, 400, invalidCode)
	off := alice.as("POST", "totp/disable", object{"backup_code": rotated.body["backup_codes"].([]any)[0]})
	if off.status != 204 || off.text != "" {
		t.Error(off.status, off.text)
	}
	alice.signIn()
}

func TestTheStatusBeforeAndAfter(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	alice.signIn()
	nothing := object{"enabled": false, "pending": false, "pending_until": nil, "devices": []any{}, "backup_codes_left": 0,
		"locked_until": nil, "methods": []any{}, "method": nil, "sent_codes": "off", "trusted_devices": 0,
		"trust_available": false, "required": false, "enrollment_due_at": nil}
	alice.as("GET", "totp/status", nil).is(t, 200, nothing)
	alice.as("POST", "totp/create", nil)
	nothing["pending"], nothing["pending_until"] = true, w.now().Add(15*time.Minute).UTC().Format(time.RFC3339)
	alice.as("GET", "totp/status", nil).is(t, 200, nothing)
	bob := w.enrolled("bob")
	status := bob.as("GET", "totp/status", nil).body
	device := status["devices"].([]any)[0].(map[string]any)
	since := w.now().Add(-30 * time.Second).UTC().Format(time.RFC3339)
	if len(device["id"].(string)) != 24 || device["name"] != "Authenticator" || device["kind"] != "totp" ||
		device["created_at"] != since || device["last_used_at"] != since || len(device) != 5 {
		t.Error(device)
	}
	if status["enabled"] != true || status["backup_codes_left"] != 10.0 || len(status["methods"].([]any)) != 2 {
		t.Error(status)
	}
}

// JWT-13: tokens die with the password, the second factor and the account.
func TestTokensOfSomebodyWhoChanged(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	w.must(alice.auth().BumpEpoch(t.Context(), alice.id))
	alice.as("GET", "totp/status", nil).is(t, 401, notValid)
	bob := w.person("bob")
	bob.signIn()
	_, err := w.site.Database.DB.Exec("UPDATE account SET active = false WHERE name = 'bob'")
	w.must(err)
	bob.as("GET", "totp/status", nil).is(t, 401, problem("User is inactive", "user_inactive"))
	_, err = w.site.Database.DB.Exec("DELETE FROM account WHERE name = 'bob'")
	w.must(err)
	bob.as("GET", "totp/status", nil).is(t, 401, problem("User not found", "user_not_found"))
}

func (p *person) auth() twinlock.SecondFactor {
	return twinlock.SecondFactor{Engine: p.site.Engine, Store: p.site.Database.Records}
}

func TestTheCommonErrorsOfAllEndpoints(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	anonymous := problem("Authentication credentials were not provided.", "not_authenticated")
	for _, path := range []string{
		"totp/create", "totp/confirm", "totp/disable", "totp/rotate_backup_codes", "jwt/create", "jwt/totp/verify",
		"jwt/refresh", "jwt/verify", "totp/step_up", "totp/recovery", "totp/recovery_confirm", "example/sign_up",
		"jwt/totp/send", "jwt/refresh_sliding", "jwt/logout", "totp/method", "totp/devices/x/resync", "totp/step_up/send",
	} {
		full := "/api/" + path + "/"
		own := strings.HasPrefix(path, "totp/") && !strings.Contains(path, "recovery")
		if own {
			reply := w.post(path, object{})
			reply.is(t, 401, anonymous)
			if reply.header.Get("WWW-Authenticate") != `Bearer realm="api"` {
				t.Error(path, reply.header)
			}
		}
		verb := w.send("GET", full, "", alice.access, "")
		verb.is(t, 405, problem(`Method "GET" not allowed.`, "http_method_not_allowed"))
		if verb.header.Get("Allow") != "POST" || verb.header.Get("Cache-Control") != "no-store" {
			t.Error(verb.header)
		}
		w.send("POST", full, "text/plain", alice.access, "x").
			is(t, 415, problem(`Unsupported media type "text/plain" in request.`, "unsupported_media_type"))
		w.send("POST", full, "application/json", alice.access, "[1]").
			is(t, 400, object{"non_field_errors": []string{"Invalid data. Expected a dictionary, but got list."}})
	}
	alice.as("GET", "", nil)
	w.send("GET", "/api/", "", alice.access, "").is(t, 200, object{})
	w.send("GET", "/api/nothing/", "", "", "").is(t, 404, problem("Not found.", "not_found"))
	w.send("GET", "/healthz", "", "", "").is(t, 200, object{"status": "ok"})
	w.send("GET", "/api/totp/status/", "", "", "", "Authorization", "Basic eDp5").is(t, 401, anonymous)
	w.send("GET", "/api/totp/status/", "", "a b", "").is(t, 401,
		problem("Authorization header must contain two space-delimited values", "bad_authorization_header"))
}
