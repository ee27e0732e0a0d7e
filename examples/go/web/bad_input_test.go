package web_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var fieldsOf = map[string][]string{
	"totp/create": {"name"}, "totp/confirm": {"input_code", "device"}, "totp/disable": {"otp_code", "backup_code"},
	"totp/rotate_backup_codes": {"otp_code", "backup_code"}, "totp/recovery": {"email"},
	"totp/step_up": {"purpose", "otp_code", "backup_code", "sent_code", "step_up_challenge_token"}, "totp/step_up/send": {"purpose"},
	"totp/recovery_confirm": {"uid", "token", "password", "backup_code"},
	"totp/devices":          {"name", "kind", "algorithm", "digits", "period", "otp_code", "backup_code"},
	"totp/devices/x/resync": {"first_code", "second_code"}, "totp/method": {"method", "otp_code", "backup_code"},
	"jwt/create":      {"username", "password", "device"},
	"jwt/totp/verify": {"totp_challenge_token", "otp_code", "backup_code", "sent_code", "device", "trust_device", "device_name"},
	"jwt/totp/send":   {"totp_challenge_token"}, "jwt/refresh": {"refresh"}, "jwt/refresh_sliding": {"token"},
	"jwt/verify": {"token"}, "jwt/logout": {"refresh"}, "example/sign_up": {"username", "email", "password"},
}

var oddValues = []string{
	`null`, `true`, `0`, `-1`, `123456.0`, `1e308`, `1e999`, strings.Repeat("1", 30_000), `""`, `"   "`, `["123456"]`,
	`{"a":"b"}`, `"123\u0000456"`, `"\ud800"`, `"\udc00\ud800"`, `"１２３４５６"`, `"٠١٢٣٤٥"`, `"²²²²²²"`, `"+12345"`, `"1_2_3_"`,
	`"123456\n"`, `"éééééééééééé"`, `"🔑🔑🔑🔑🔑🔑"`, `"\u2028\u2028"`, `"\u202e654321"`, `"eyJhbGciOiJub25lIn0.e30."`, `"...."`,
	`"%00%ff"`, `"` + strings.Repeat("9", 30_000) + `"`, `"'; DROP TABLE account; --"`, `"MQ"`,
}

// API-03: no value of any field makes an endpoint answer with a server error.
func TestNoValueOfAnyFieldIsAServerError(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	right := map[string]string{"totp_challenge_token": alice.challenge(), "username": "alice", "uid": "MQ"}
	for path, fields := range fieldsOf {
		for _, value := range oddValues {
			for _, field := range append([]string{"all"}, fields...) {
				alice.clear(path, bodyWith(fields, field, value, right))
			}
		}
	}
	w.must(alice.auth().Unlock(t.Context(), alice.id))
	alice.answer(alice.challenge(), object{"otp_code": alice.code()}).has(t, 200, "access", "refresh")
}

// bodyWith is a body with one odd value, or with nothing else.
func bodyWith(fields []string, odd, value string, right map[string]string) string {
	members := make([]string, len(fields))
	for i, field := range fields {
		own := value
		if field != odd && odd != "all" {
			text, _ := json.Marshal("x" + right[field])
			own = string(text)
		}
		members[i] = `"` + field + `":` + own
	}
	return "{" + strings.Join(members, ",") + "}"
}

// clear posts a body and wants a clear answer.
func (p *person) clear(path, body string) {
	p.Helper()
	reply := p.send("POST", "/api/"+path+"/", "application/json", p.access, body)
	fine := reply.status == 200 && path == "totp/recovery" || reply.status == 201 && path != "totp/confirm"
	if !fine && (reply.status < 400 || reply.status >= 500 || len(reply.body) == 0) {
		p.Errorf("%s %.200s: %d %s", path, body, reply.status, reply.text)
	}
}

// API-03: the same for whole bodies.
func TestNoBodyIsAServerError(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	bodies := []string{
		"null", "1", "1.5", `"x"`, "[]", "[[]]", "true", "1e999", "NaN", "Infinity", "", " ", "{", "{}{}", "{} x", "\x00", "\xff\xfe",
		"\xef\xbb\xbf{}", `{"a":1,}`, strings.Repeat("[", 30_000), strings.Repeat(`{"a":`, 10_000), `{"token":"` + "\xc3\x28" + `"}`,
	}
	for path := range fieldsOf {
		for _, body := range bodies {
			if path != "jwt/logout" || body != "" && body != "{}" { // that is a logout
				alice.clear(path, body)
			}
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	w := newWorld(t)
	body := `{"token":"` + strings.Repeat("x", 64*1024) + `"}`
	tooLarge := problem("The request body is larger than 65536 bytes.", "body_too_large")
	w.send("POST", "/api/jwt/verify/", "application/json", "", body).is(t, 413, tooLarge)
	request := w.send("POST", "/api/jwt/verify/", "application/json", "", body[:60_000]+`"}`)
	request.is(t, 400, object{"token": []string{"Ensure this field has no more than 8192 characters."}})
	chunked := w.chunked("/api/jwt/verify/", body)
	chunked.is(t, 413, tooLarge)
}

func TestFieldErrorsHaveTheContractsShape(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	alice.signIn()
	for value, said := range map[string]string{
		`""`: "This field may not be blank.", `"   "`: "This field may not be blank.", `null`: "This field may not be null.",
		`"1111111111111"`: "Ensure this field has no more than 12 characters.", `true`: "Not a valid string.",
		`1.5`: "Not a valid string.", `["123456"]`: "Not a valid string.", `"1\u0000"`: "Null characters are not allowed.",
	} {
		reply := w.send("POST", "/api/totp/confirm/", "application/json", alice.access, `{"input_code":`+value+`}`)
		reply.is(t, 400, object{"input_code": []string{said}})
	}
	alice.as("POST", "totp/confirm", nil).is(t, 400, object{"input_code": required})
	w.send("POST", "/api/totp/confirm/", "", alice.access, "").is(t, 400, object{"input_code": required})
	w.send("POST", "/api/jwt/verify/", "application/json", "", "null").
		is(t, 400, object{"non_field_errors": []string{"No data provided"}})
}

func TestACodeMayBeANumber(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	for strings.HasPrefix(alice.code(), "0") {
		w.pass(30 * time.Second)
	}
	alice.answer(alice.challenge(), object{"otp_code": json.Number(alice.code())}).has(t, 200, "access", "refresh")
}
