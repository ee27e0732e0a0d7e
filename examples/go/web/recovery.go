package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/mail"
)

const (
	linkGroup   = "recovery-link"
	linkPartMax = 512
)

var (
	errLinkInvalid     = fieldErrors{"message": {"The recovery link is invalid or has expired."}}
	errRecoveryRefused = fieldErrors{"message": {"The provided credentials is invalid."}}
	recoverySent       = "If an account with that email exists and has TOTP enabled, a recovery email has been sent."
)

// askForRecovery takes an address; the answer is the same, and as fast, whoever it belongs to.
func askForRecovery(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "email", longest: nameMax})
	if err != nil {
		return answer{}, err
	}
	email := fields["email"].value
	if !isAddress(email) {
		return answer{}, fieldErrors{"email": {"Enter a valid email address."}}
	}
	site := c.Site
	if c.later(func(ctx context.Context) error { return site.mailLinks(ctx, email) }) {
		c.event("recovery_asked", "")
	} else {
		c.event("recovery_dropped", "")
	}
	return ok(members{"details": recoverySent}), nil
}

// confirmRecovery turns the second factor off for whoever has the link, the password and a backup code.
func confirmRecovery(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "uid", longest: linkPartMax}, field{name: "token", longest: linkPartMax},
		field{name: "password", longest: passwordMax, verbatim: true}, backupField)
	if err != nil {
		return answer{}, err
	}
	token := fields["token"].value
	if err := c.countKey(linkGroup, token); err != nil { // many addresses are not many guesses at the password
		return answer{}, err
	}
	account, err := c.ofLink(fields["uid"].value, token)
	if err != nil {
		return answer{}, err
	}
	c.about(account.ID)
	known, err := c.Database.CheckPassword(c.ctx, account.Name, fields["password"].value)
	if err != nil {
		return answer{}, err
	}
	if known == nil || known.ID != account.ID {
		return answer{}, errRecoveryRefused
	}
	backup := fields[backupField.name]
	if !backup.given {
		return answer{}, codeNeeded("backup")
	}
	if err := c.factor(account).Disable(c.ctx, account.ID, twinlock.Backup(backup.value)); err != nil {
		return answer{}, err
	}
	c.event("recovery_succeeded", "")
	return nothing, nil
}

// ofLink finds the account that a living link is of.
func (c *call) ofLink(uid, token string) (*accounts.Found, error) {
	subject, err := base64.RawURLEncoding.DecodeString(uid)
	if err != nil {
		return nil, errLinkInvalid
	}
	account, err := c.Database.Find(c.ctx, strings.ToValidUTF8(string(subject), ""))
	if err != nil {
		return nil, err
	}
	if account == nil || !account.Active {
		return nil, errLinkInvalid
	}
	state, err := c.Site.linkState(c.ctx, account)
	if err != nil {
		return nil, err
	}
	alive, err := c.Database.LinkIsAlive(c.ctx, account.ID, token, state, c.Clock())
	if err == nil && !alive {
		err = errLinkInvalid
	}
	return account, err
}

// linkState is what a link dies with: a new password, a new address, any change of the second factor, so its use.
func (s *Site) linkState(ctx context.Context, account *accounts.Found) (accounts.LinkState, error) {
	status, err := s.factor(account).Status(ctx, account.ID)
	if err != nil {
		return accounts.LinkState{}, err
	}
	return accounts.LinkState{Enabled: status.Enabled, Epoch: status.Epoch, Binding: account.Binding(),
		Email: account.Email}, nil
}

func (s *Site) mailLinks(ctx context.Context, email string) error {
	found, err := s.Database.OfAddress(ctx, email)
	for _, account := range found {
		err = errors.Join(err, s.mailLink(ctx, account))
	}
	return err
}

func (s *Site) mailLink(ctx context.Context, account *accounts.Found) error {
	state, err := s.linkState(ctx, account)
	if err != nil || !state.Enabled || !account.Active {
		return err
	}
	if s.Mail == nil {
		return errNoMail
	}
	token := rand.Text() + rand.Text()
	kept, err := s.Database.KeepLink(ctx, account.ID, token, state, s.Clock())
	if err != nil || !kept {
		return err
	}
	uid := base64.RawURLEncoding.EncodeToString([]byte(account.ID))
	link := strings.NewReplacer("{uid}", uid, "{token}", token).Replace(s.RecoveryURL)
	s.Log.Info("a recovery link is mailed", "subject", account.ID)
	return s.send(ctx, mail.Message{
		To: account.Email, Subject: "Turn two-factor authentication off",
		Text: "You asked to turn two-factor authentication off because you lost your authenticator.\n\n" + link +
			"\n\nThe link is good for " + accounts.LinkLife.Round(time.Minute).String() + " and for one use, with your " +
			"password and a backup code.\nIf it was not you, do nothing: whoever asked cannot go on without them.\n",
	})
}
