package web_test

import (
	"strings"
	"testing"
	"time"
)

// ENR-05, API-09: a step-up does the one sensitive action that it was made for, while it is fresh.
func TestAStepUpDoesTheOneActionThatItWasMadeFor(t *testing.T) {
	for path, purpose := range purposeOf {
		alice := newWorld(t).enrolled("alice")
		stepped := alice.as("POST", "totp/step_up", object{"purpose": purpose, "otp_code": alice.code()})
		stepped.has(t, 200, "access", "purpose", "expires_at")
		if until := alice.now().Add(5 * time.Minute).UTC().Format(time.RFC3339); stepped.body["expires_at"] != until {
			t.Error(stepped.text)
		}
		session := alice.access
		alice.access = stepped.body["access"].(string)
		for other := range purposeOf {
			if other != path {
				alice.as("POST", other, nil).has(t, 403, "detail", "code", "purpose", "max_age", "methods")
			}
		}
		if done := alice.as("POST", path, nil); done.status != 200 && done.status != 204 {
			t.Error(path, done.status, done.text)
		}
		alice.access = session
	}
}

func TestASignInOfThisMinuteOrAnotherPurposeIsNoStepUp(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	fresh := alice.answer(alice.challenge(), object{"otp_code": alice.code()})
	alice.access = fresh.body["access"].(string)
	alice.as("POST", "totp/disable", nil).has(t, 403, "detail", "code", "purpose", "max_age", "methods")
	alice.pass(30 * time.Second)
	general := alice.as("POST", "totp/step_up", object{"purpose": "general", "otp_code": alice.code()})
	alice.access = general.body["access"].(string)
	alice.as("POST", "totp/disable", nil).has(t, 403, "detail", "code", "purpose", "max_age", "methods")
}

// Whoever found one backup code must not get ten.
func TestAStepUpByABackupCodeMakesNoNewOnes(t *testing.T) {
	alice := newWorld(t).enrolled("alice")
	body := object{"purpose": "regenerate_backup_codes", "backup_code": alice.backupCodes[0]}
	alice.access = alice.as("POST", "totp/step_up", body).body["access"].(string)
	alice.as("POST", "totp/rotate_backup_codes", nil).has(t, 403, "detail", "code", "purpose", "max_age", "methods")
}

func TestAStepUpThatCannotBe(t *testing.T) {
	w := newWorld(t)
	alice := w.enrolled("alice")
	noPurpose := object{"purpose": []string{"There is no such purpose."}}
	for _, row := range []struct{ sent, said object }{
		{object{"otp_code": "123456"}, object{"purpose": required}},
		{object{"purpose": "payout", "otp_code": "123456"}, noPurpose},
		{object{"purpose": []string{"disable"}, "otp_code": "1"}, object{"purpose": []string{"Not a valid string."}}},
		{object{"purpose": strings.Repeat("x", 65), "otp_code": "1"},
			object{"purpose": []string{"Ensure this field has no more than 64 characters."}}},
		{object{"purpose": "disable"},
			object{"non_field_errors": []string{"Either otp_code or backup_code is required."}}},
		{object{"purpose": "disable", "otp_code": "1", "backup_code": "2"},
			object{"non_field_errors": []string{"Provide only one of otp_code or backup_code, not both."}}},
	} {
		alice.as("POST", "totp/step_up", row.sent).is(t, 400, row.said)
	}
	alice.as("POST", "totp/step_up", object{"purpose": "disable", "otp_code": alice.wrong()}).is(t, 400, invalidCode)
	bob := w.person("bob")
	bob.signIn()
	if reply := bob.as("POST", "totp/step_up", object{"purpose": "disable", "otp_code": "1"}); reply.status != 400 ||
		reply.body["code"] != "not_enrolled" {
		t.Error(reply.text)
	}
}

// ENR-06: the first enrollment takes a recent sign-in.
func TestTheFirstEnrollmentTakesARecentSignIn(t *testing.T) {
	w := newWorld(t)
	alice := w.person("alice")
	tokens := alice.signIn()
	w.pass(10*time.Minute + time.Second)
	alice.access = w.post("jwt/refresh", object{"refresh": tokens["refresh"]}).body["access"].(string)
	alice.as("POST", "totp/create", nil).is(t, 403,
		object{"detail": "Sign in again to do this.", "code": "reauthentication_required", "max_age": 600})
	alice.signIn()
	if again := alice.as("POST", "totp/create", nil); again.status != 201 {
		t.Error(again.text)
	}
}
