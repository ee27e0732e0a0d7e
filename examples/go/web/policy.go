package web

import (
	"maps"
	"slices"
	"time"

	"twinlock"
	"twinlock-example/accounts"
)

// Policy is what a site asks of its users and lets them do. The zero value is that of the engine's defaults: nobody has
// to have a second factor, no codes are sent, no devices are trusted.
type Policy struct {
	// What a sent code is good for: off, enroll or sign_in. Site.Mail delivers them.
	SentCodes string
	// What a person without a second factor gets: sign_in, sent_code or enroll.
	Fallback string
	// Whether a person without a device may choose to have no second factor: refused or allowed.
	OptOut string
	// How many devices of a person sign-in may trust; none where it is 0.
	TrustedDevices int64
	// Whether everybody has to have a second factor, and how long after that was first seen they may do without.
	Required bool
	Grace    time.Duration
}

// Config is a configuration for the engine with this policy in it.
func (p Policy) Config(config twinlock.Config) twinlock.Config {
	config.Words = map[twinlock.WordOption]string{}
	for option, word := range map[twinlock.WordOption]string{
		twinlock.OptSentCodes: p.SentCodes, twinlock.OptFallback: p.Fallback, twinlock.OptOptOut: p.OptOut,
	} {
		if word != "" {
			config.Words[option] = word
		}
	}
	config.Policy = maps.Clone(config.Policy)
	if p.TrustedDevices > 0 {
		if config.Policy == nil {
			config.Policy = map[twinlock.Option]int64{}
		}
		config.Policy[twinlock.OptTrustedDevices] = p.TrustedDevices
	}
	return config
}

// Strict is the policy in which there is no way on without a second factor but to set one up.
func (p Policy) Strict() Policy {
	p.Fallback, p.OptOut = "enroll", "refused"
	return p
}

// dueAt is when an account has to have a second factor, a moment of the past or to come; zero where it never has to.
func (c *call) dueAt(account *accounts.Found) (time.Time, error) {
	if !c.Policy.Required {
		return time.Time{}, nil
	}
	since, err := c.Database.RequiredSince(c.ctx, account.ID, c.Clock())
	return since.Add(c.Policy.Grace), err
}

// begin says that the first factor was passed: what it opens, which is enrollment alone for whoever should have a
// second one.
func (c *call) begin(account *accounts.Found) (*twinlock.SignIn, error) {
	first := twinlock.FirstFactor{Binding: account.Binding(), TrustToken: c.shownTrust(account)}
	login, err := c.factor(account).BeginSignIn(c.ctx, account.ID, first)
	if err != nil || login.Outcome != twinlock.SignInNotRequired {
		return login, err
	}
	due, err := c.dueAt(account)
	if err != nil {
		return nil, err
	}
	if !c.isOver(due) {
		return login, nil
	}
	_ = login.Proof.Close()
	strict := c.factor(account)
	strict.Engine = c.Strict
	return strict.BeginSignIn(c.ctx, account.ID, first)
}

func (c *call) isOver(due time.Time) bool { return !due.IsZero() && !due.After(c.Clock()) }

// checkRequirement ends what goes on without a second factor after its time.
func (c *call) checkRequirement(account *accounts.Found, claims twinlock.Claims) error {
	if methods, _ := claims["amr"].([]any); slices.Contains(methods, any("mfa")) {
		return nil
	}
	due, err := c.dueAt(account)
	if err != nil || !c.isOver(due) {
		return err
	}
	found, err := c.factor(account).Status(c.ctx, account.ID)
	if err != nil || found.Enabled {
		return err
	}
	return &twinlock.Refusal{Code: twinlock.ErrEnrollmentRequired}
}

// keepFactor keeps the last factor of whoever has to have one.
func (c *call) keepFactor() error {
	if c.Policy.Required {
		return &twinlock.Refusal{Code: twinlock.ErrEnrollmentRequired}
	}
	return nil
}
