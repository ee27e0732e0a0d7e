package web

import (
	"context"
	"errors"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/sessions"
)

// The claim with which tokens end when the password changes.
const credentialClaim = "cred"

var (
	verifyTexts = texts{twinlock.ErrNotEnrolled: "TOTP is not enabled for this user."}

	challengeField = field{name: "totp_challenge_token", longest: challengeMax}
	sentField      = field{name: "sent_code", longest: sentMax, optional: true}
	// What the client calls itself, to be found in the list of sessions.
	deviceField     = field{name: "device", longest: labelMax, optional: true, mayBeBlank: true}
	trustField      = field{name: "trust_device", kind: truth, optional: true}
	deviceNameField = field{name: "device_name", longest: deviceNameMax, optional: true, mayBeBlank: true}
)

// beginSignIn takes name and password: tokens, a challenge where a second factor is due, or a token to enroll with.
func beginSignIn(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "username", longest: nameMax},
		field{name: "password", longest: passwordMax, verbatim: true}, deviceField)
	if err != nil {
		return answer{}, err
	}
	account, err := c.Database.CheckPassword(c.ctx, fields["username"].value, fields["password"].value)
	if err != nil {
		return answer{}, err
	}
	if account == nil {
		return answer{}, errInvalidCredentials
	}
	c.about(account.ID)
	login, err := c.begin(account)
	if err != nil {
		return answer{}, err
	}
	if login.Outcome != twinlock.SignInNotRequired && login.Outcome != twinlock.SignInTrusted {
		c.forgetTrust()
	}
	switch {
	case login.EnrollmentToken != "":
		c.event("sign_in_needs_enrollment", "")
		return enrollmentOnly(account, login.EnrollmentToken, login.ExpiresAt), nil
	case login.Proof != nil:
		return c.signedIn(account, login, fields)
	case login.SentCode != "":
		c.mailCode(account, login.SentCode, login.ExpiresAt, signInMail)
	}
	c.event("sign_in_challenged", "")
	body := c.challengeOf(login)
	body["is_totp_enabled"] = true
	return ok(body), nil
}

// signedIn is the answer where no second factor is asked for.
func (c *call) signedIn(account *accounts.Found, login *twinlock.SignIn, fields texted) (answer, error) {
	tokens, err := c.beginSession(account, login.Proof, fields[deviceField.name].value)
	if err != nil {
		return answer{}, err
	}
	body := members{"is_totp_enabled": false, "access": tokens.Access, "refresh": tokens.Refresh}
	if login.Trust != nil {
		c.giveTrust(account, login.Trust, body)
		c.event("sign_in_on_trusted_device", "")
		return ok(body), nil
	}
	due, err := c.dueAt(account)
	if err != nil {
		return answer{}, err
	}
	if !due.IsZero() {
		body["enrollment_due_at"] = moment(due)
	}
	c.event("sign_in_without_second_factor", "")
	return ok(body), nil
}

// finishSignIn takes a challenge and one code: tokens, or a token to enroll with where the challenge gives that.
func finishSignIn(c *call) (answer, error) {
	fields, err := parsed(c.Request, challengeField, otpField, backupField, sentField, deviceField, trustField,
		deviceNameField)
	if err == nil {
		err = exactlyOne(fields)
	}
	if err != nil {
		return answer{}, err
	}
	account, presented, err := c.challenged(fields[challengeField.name].value)
	if err != nil {
		return answer{}, err
	}
	code := *answerIn(fields)
	finish := c.finish
	if fields[trustField.name].value == yes {
		finish = c.finishTrusting
	}
	body, err := finish(account, presented, code, fields)
	if !errors.Is(err, twinlock.ErrEnrollmentRequired) {
		return ok(body), err
	}
	token, err := c.factor(account).FinishForEnrollment(c.ctx, presented, code)
	if err != nil {
		return answer{}, err
	}
	c.event("enrollment_opened", "")
	return enrollmentOnly(account, token.Token, token.ExpiresAt), nil
}

// finish stores the session in the commit of the record: a second step waits for the disk once.
func (c *call) finish(
	account *accounts.Found, presented twinlock.Presented, code twinlock.Answer, fields texted,
) (members, error) {
	factor := c.factor(account)
	factor.Store = &sessions.SignIn{Store: factor.Store, Sessions: c.Database.Sessions,
		Origin: c.origin(account, fields[deviceField.name].value)}
	proof, tokens, err := factor.FinishSignInToSession(c.ctx, presented, code, claimsOf(account))
	if err != nil {
		return nil, err
	}
	c.event("sign_in_succeeded_"+proof.Method, "")
	return members{"access": tokens.Access, "refresh": tokens.Refresh}, nil
}

// factor is the second factor of an account that was just read. A call that follows a change needs c.fresh.
func (s *Site) factor(account *accounts.Found) twinlock.SecondFactor {
	return twinlock.SecondFactor{Engine: s.Engine, Store: &seen{Store: s.Database.Records, found: account}}
}

// fresh is the second factor that reads anew.
func (s *Site) fresh() twinlock.SecondFactor {
	return twinlock.SecondFactor{Engine: s.Engine, Store: s.Database.Records}
}

// seen is a store whose first load is what was read together with the account. Somebody may have written meanwhile:
// then the save does nothing, and the next round loads anew.
type seen struct {
	twinlock.Store
	found *accounts.Found
}

func (s *seen) Load(ctx context.Context, subject string) ([]byte, int64, error) {
	found := s.found
	if s.found = nil; found != nil && found.ID == subject {
		return found.Record, found.Version, nil
	}
	return s.Store.Load(ctx, subject)
}

func claimsOf(account *accounts.Found) map[string]any {
	return map[string]any{credentialClaim: account.Credential()}
}
