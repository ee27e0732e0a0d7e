package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/mail"
)

// sendCode takes a challenge: a code for it is on its way, in place of an earlier one.
func sendCode(c *call) (answer, error) {
	fields, err := parsed(c.Request, challengeField)
	if err != nil {
		return answer{}, err
	}
	account, presented, err := c.challenged(fields[challengeField.name].value)
	if err != nil {
		return answer{}, err
	}
	sent, err := c.factor(account).SendCode(c.ctx, presented)
	if err != nil {
		return answer{}, err
	}
	c.mailCode(account, sent.Code, sent.ExpiresAt, signInMail)
	return ok(members{"code_sent": true, "expires_at": moment(sent.ExpiresAt)}), nil
}

// codeMail is what a mail with a code says beside it.
type codeMail struct{ subject, about, otherwise string }

var signInMail = codeMail{"Your sign-in code", "is your code to sign in", "somebody knows your password: change it"}

// mailCode delivers a code when its hash is stored. The person can ask for another one if it is lost.
func (c *call) mailCode(account *accounts.Found, code string, expiresAt time.Time, said codeMail) {
	site := c.Site
	deliver := func(ctx context.Context) error {
		if account.Email == "" {
			return errors.New("the account has no mail address")
		}
		left := expiresAt.Sub(site.Clock())
		if left <= 0 {
			return errors.New("the code has expired")
		}
		return site.send(ctx, mail.Message{To: account.Email, Subject: said.subject, Text: fmt.Sprintf(
			"%s\n\n%s. It is good for %d minutes and for one use.\nIf it was not you, %s.\n",
			code, said.about, int(math.Ceil(left.Minutes())), said.otherwise)})
	}
	if c.later(deliver) {
		c.event("code_sent", "")
		return
	}
	c.event("code_dropped", "")
	c.Log.Error("mail was not delivered", "error", "too many wait", "subject", account.ID)
}

// challenged is the account that a challenge is of, and the challenge as it is judged.
func (c *call) challenged(challenge string) (*accounts.Found, twinlock.Presented, error) {
	none := twinlock.Presented{}
	subject, err := c.Engine.ChallengeSubject(challenge)
	if err != nil {
		return nil, none, err
	}
	c.about(subject)
	account, err := c.Database.Find(c.ctx, subject)
	if err != nil {
		return nil, none, err
	}
	if account == nil || !account.Active {
		return nil, none, &twinlock.Refusal{Code: twinlock.ErrChallengeInvalid}
	}
	return account, twinlock.Presented{Challenge: challenge, Binding: account.Binding()}, nil
}

// challengeOf is what an answer says that asks for a second factor.
func (c *call) challengeOf(login *twinlock.SignIn) members {
	gives := "sign_in"
	if login.ForEnrollment {
		gives = "enrollment"
	}
	return members{
		"totp_challenge_token": login.Challenge,
		"methods":              login.Methods,
		"expires_at":           moment(login.ExpiresAt),
		"code_sent":            login.Outcome == twinlock.SignInSend,
		"gives":                gives,
		"trust_available":      !login.ForEnrollment && c.Policy.TrustedDevices > 0,
	}
}
