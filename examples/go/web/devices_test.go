package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"twinlock"
)

var deviceUnknown = problem("There is no such device.", "device_unknown")

// stepped is the person with an access token of a step-up, by a backup code.
func (p *person) stepped(purpose string) *person {
	p.Helper()
	reply := p.as("POST", "totp/step_up", object{"purpose": purpose, "backup_code": p.backupCodes[0]})
	reply.has(p.T, 200, "access", "purpose", "expires_at")
	p.backupCodes = p.backupCodes[1:]
	stepped := *p
	stepped.access = reply.body["access"].(string)
	return &stepped
}

// add adds a device by a code of the first one, and goes on with the new tokens.
func (p *person) add(body object) (id, secret string) {
	p.Helper()
	body["otp_code"] = p.code()
	setup := p.as("POST", "totp/devices", body)
	setup.has(p.T, 201, "device_id", "svg", "secret", "otpauth_uri")
	id, secret = setup.body["device_id"].(string), setup.body["secret"].(string)
	code, err := twinlock.TOTP{}.Generate(secret, p.now())
	if body["kind"] == "hotp" {
		code, err = twinlock.HOTP{}.Generate(secret, 0)
	}
	p.must(err)
	done := p.as("POST", "totp/confirm", object{"input_code": code})
	done.has(p.T, 200, "device_id", "backup_codes_left", "access", "refresh")
	if done.body["device_id"] != id {
		p.Error(done.text)
	}
	p.access = done.body["access"].(string)
	p.pass(30 * time.Second)
	return id, secret
}

func (p *person) devices() []any {
	p.Helper()
	reply := p.as("GET", "totp/devices", nil)
	reply.has(p.T, 200, "devices")
	return reply.body["devices"].([]any)
}

func TestDevicesAreAddedRenamedAndRemoved(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	id, secret := alice.add(object{"name": "Spare key"})
	path := "totp/devices/" + id
	device := alice.as("GET", path, nil)
	device.has(t, 200, "id", "name", "kind", "created_at", "last_used_at")
	if device.body["name"] != "Spare key" || len(alice.devices()) != 2 {
		t.Error(device.text)
	}
	renamed := alice.as("PATCH", path, object{"name": "Drawer"})
	if renamed.has(t, 200, "id", "name", "kind", "created_at", "last_used_at"); renamed.body["name"] != "Drawer" {
		t.Error(renamed.text)
	}
	code, err := twinlock.TOTP{}.Generate(secret, alice.now())
	alice.must(err)
	alice.answer(alice.challenge(), object{"otp_code": code}).has(t, 200, "access", "refresh")
	removed := alice.as("DELETE", path, object{"otp_code": alice.code()})
	removed.has(t, 200, append([]string{"enabled"}, challengeMembers[1:]...)...)
	alice.as("GET", "totp/devices", nil).is(t, 401, notValid) // all tokens died
	alice.pass(30 * time.Second)
	again := alice.answer(removed.body["totp_challenge_token"].(string), object{"otp_code": alice.code()})
	again.has(t, 200, "access", "refresh")
	alice.access = again.body["access"].(string)
	alice.as("GET", path, nil).is(t, 404, deviceUnknown)
	last := "totp/devices/" + alice.devices()[0].(map[string]any)["id"].(string)
	alice.as("DELETE", last, object{"backup_code": alice.backupCodes[0]}).is(t, 200, object{"enabled": false})
	alice.signIn()
}

// ENR-05: a device is added and removed by a code or a step-up for just that, never by a session alone.
func TestDevicesAreChangedByACodeOrAStepUpForThat(t *testing.T) {
	w := newWorld(t)
	nobody := w.person("nobody")
	nobody.signIn()
	notEnrolled := problem("Two-factor authentication is not enabled.", "not_enrolled")
	nobody.as("POST", "totp/devices", nil).is(t, 400, notEnrolled)
	nobody.as("DELETE", "totp/devices/x", object{"otp_code": "123456"}).is(t, 404, deviceUnknown)
	alice := w.enrolled("alice")
	id, _ := alice.add(object{})
	for _, row := range []struct{ method, path, purpose string }{
		{"POST", "totp/devices", "add_device"}, {"DELETE", "totp/devices/" + id, "remove_device"},
	} {
		asked := problem("A fresh second factor is needed for this.", "second_factor_required")
		asked["purpose"], asked["max_age"], asked["methods"] = row.purpose, 600, otpAndBackup
		alice.as(row.method, row.path, nil).is(t, 403, asked)
		alice.stepped("general").as(row.method, row.path, nil).is(t, 403, asked)
		alice.as(row.method, row.path, object{"otp_code": alice.wrong()}).is(t, 400, invalidCode)
		if done := alice.stepped(row.purpose).as(row.method, row.path, nil); done.status > 201 {
			t.Error(done.text)
		}
	}
}

// ENR-12: an id of somebody else's is nobody's.
func TestADeviceOfSomebodyElseIsUnknown(t *testing.T) {
	w := newWorld(t)
	alice, bob := w.enrolled("alice"), w.enrolled("bob")
	id := alice.devices()[0].(map[string]any)["id"].(string)
	for _, path := range []string{"totp/devices/" + id, "totp/devices/%00", "totp/devices/%ff", "totp/devices/" + strings.Repeat("a", 3000)} {
		bob.as("GET", path, nil).is(t, 404, deviceUnknown)
		bob.as("PATCH", path, object{"name": "x"}).is(t, 404, deviceUnknown)
		bob.as("DELETE", path, object{"otp_code": bob.code()}).is(t, 404, deviceUnknown)
		bob.as("POST", path+"/resync", object{"first_code": "1", "second_code": "2"}).is(t, 404, deviceUnknown)
	}
	nobody := w.person("nobody")
	nobody.signIn()
	nobody.as("POST", "totp/devices/"+id+"/resync", object{"first_code": "1", "second_code": "2"}).is(t, 404, deviceUnknown)
}

func TestADeviceTakesThePolicysParametersOrItsOwn(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	body := object{"kind": "totp", "algorithm": "SHA256", "digits": 8, "period": "60", "backup_code": alice.backupCodes[0]}
	uri := alice.as("POST", "totp/devices", body).body["otpauth_uri"].(string)
	for _, part := range []string{"algorithm=SHA256", "digits=8", "period=60"} {
		if !strings.Contains(uri, part) {
			t.Error(uri)
		}
	}
}

// What only the engine can judge is an error of its field all the same.
func TestWrongParametersAreErrorsOfTheirFields(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	digits, period := "A code has 6, 7 or 8 digits.", "The period must be 15 to 120 seconds."
	name := "The name must be 1 to 128 characters without control characters, a colon or a space in front."
	for _, row := range []struct {
		field string
		value any
		said  string
	}{
		{"digits", 5, digits}, {"digits", 0, digits}, {"digits", -6, digits}, {"digits", "99999999999999", digits},
		{"digits", true, "A valid integer is required."}, {"digits", 6.5, "A valid integer is required."},
		{"digits", "", "A valid integer is required."}, {"digits", strings.Repeat("9", 1001), "String value too large."},
		{"digits", nil, "This field may not be null."}, {"period", 1000, period}, {"period", "x", "A valid integer is required."},
		{"kind", "sms", "Must be one of: totp, hotp, steam."}, {"algorithm", "MD5", "Must be one of: SHA1, SHA256, SHA512."},
		{"name", " x", name}, {"name", "a:b", name}, {"name", strings.Repeat("x", 65), "Ensure this field has no more than 64 characters."},
	} {
		body := object{row.field: row.value, "backup_code": alice.backupCodes[0]}
		alice.as("POST", "totp/devices", body).is(t, 400, object{row.field: []string{row.said}})
	}
	id := alice.devices()[0].(map[string]any)["id"].(string)
	alice.as("PATCH", "totp/devices/"+id, object{"name": "a:b"}).is(t, 400, object{"name": []string{name}})
	alice.as("PATCH", "totp/devices/"+id, nil).is(t, 400, object{"name": required})
}

func TestACounterDeviceIsFoundAgainByTwoCodes(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	id, secret := alice.add(object{"kind": "hotp"})
	codes := object{}
	for name, counter := range map[string]uint64{"first_code": 60, "second_code": 61} {
		code, err := twinlock.HOTP{}.Generate(secret, counter)
		alice.must(err)
		codes[name] = code
	}
	path := "totp/devices/" + id + "/resync"
	if done := alice.as("POST", path, codes); done.status != 204 || done.text != "" {
		t.Fatal(done.text)
	}
	alice.as("POST", path, codes).is(t, 400, invalidCode)
	alice.as("POST", path, object{}).is(t, 400, object{"first_code": required, "second_code": required})
	code, err := twinlock.HOTP{}.Generate(secret, 62)
	alice.must(err)
	alice.answer(alice.challenge(), object{"otp_code": code}).has(t, 200, "access", "refresh")
	first := alice.devices()[0].(map[string]any)["id"]
	reply := alice.as("POST", fmt.Sprintf("totp/devices/%v/resync", first), codes)
	if reply.status != 400 || reply.body["code"] != "method_not_allowed" {
		t.Error(reply.text)
	}
}

func TestThereIsRoomForSoManyDevices(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	for range 4 {
		alice.add(object{})
	}
	reply := alice.as("POST", "totp/devices", object{"otp_code": alice.code()})
	reply.is(t, 400, problem("There is no room for another device.", "too_many_devices"))
}
