package web

import (
	"errors"
	"strings"
	"time"

	"twinlock"
	"twinlock-example/accounts"
)

// What stands between the engine's token and a MAC that moves with the password: a password that is changed because
// somebody else knows it must not leave that one the rest of 15 minutes to set up an authenticator.
const macMark = "~"

const enrollmentPurpose = "enrollment"

// enrollmentOnly says that a sign-in opens enrollment and nothing else.
func enrollmentOnly(account *accounts.Found, token string, expiresAt time.Time) answer {
	return ok(members{
		"enrollment_required": true,
		"enrollment_token":    token + macMark + account.MAC(enrollmentPurpose, token),
		"expires_at":          moment(expiresAt),
	})
}

// enrolling lets in who shows a living enrollment token. Any other text is left to authenticate.
func (c *call) enrolling() (entered bool, err error) {
	shown, err := c.bearer()
	token, mac, bound := strings.Cut(shown, macMark)
	if err != nil || !bound {
		return false, err
	}
	subject, err := c.fresh().CheckEnrollment(c.ctx, token)
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	account, err := c.Database.Find(c.ctx, subject)
	if err != nil || account == nil || !account.Active || !account.HasMAC(enrollmentPurpose, token, mac) {
		return false, err
	}
	c.about(account.ID)
	c.account = account
	return true, nil
}
