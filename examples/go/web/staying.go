package web

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"twinlock"
)

// How a caller stays signed in whose own answer moved the epoch, with which every token dies. The engine's call gives no
// proof then. So the way that the answer took is gone a second time, on a copy of the record that it was judged on: there
// the epoch is moved, and the same answer, which the stored record has spent, answers a challenge of the new epoch. The
// proof counts only after the change itself was stored, so that one answer gives one change and one session.

// judged is a store that remembers what a call decided on.
type judged struct {
	twinlock.Store
	before []byte
}

func (j *judged) Load(ctx context.Context, subject string) (record []byte, version int64, err error) {
	j.before, version, err = j.Store.Load(ctx, subject)
	return j.before, version, err
}

// proofOf is what the answer is worth in the epoch that it moved to; nil where it was no code, or the clock went on to
// another epoch meanwhile.
func (c *call) proofOf(before []byte, code twinlock.Answer) (*twinlock.Proof, error) {
	id := c.account.ID
	found, err := c.fresh().Status(c.ctx, id)
	if err != nil {
		return nil, err
	}
	again := twinlock.SecondFactor{Engine: c.Engine, Store: new(twinlock.MemoryStore)}
	if _, err := again.Store.Save(c.ctx, id, before, 0); err != nil {
		return nil, err
	}
	if err := again.BumpEpoch(c.ctx, id); err != nil {
		return nil, err
	}
	at, _ := c.authTime()
	login, err := again.BeginSignIn(c.ctx, id, twinlock.FirstFactor{Methods: c.firstFactor(), At: at})
	if err != nil || login.Challenge == "" {
		return nil, err
	}
	proof, err := again.FinishSignIn(c.ctx, twinlock.Presented{Challenge: login.Challenge}, code)
	if err == nil && proof.Epoch != found.Epoch {
		return nil, proof.Close()
	}
	return proof, err
}

// goOn is how the caller goes on after a change that ended all tokens: with new ones, or with a challenge where the answer
// was a step-up, which proves nothing in the new epoch. The change is made, whatever becomes of the caller.
func (c *call) goOn(before []byte, code twinlock.Answer, fields texted) (members, error) {
	proof, err := c.proofOf(before, code)
	if err == nil && proof != nil {
		tokens, err := c.beginSession(c.account, proof, fields[deviceField.name].value)
		if err != nil {
			return nil, err
		}
		return members{"access": tokens.Access, "refresh": tokens.Refresh}, nil
	}
	first := twinlock.FirstFactor{Methods: c.firstFactor(), Binding: c.account.Binding()}
	login, err := c.fresh().BeginSignIn(c.ctx, c.account.ID, first)
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) {
		return members{}, nil
	}
	if err != nil {
		return nil, err
	}
	if login.SentCode != "" {
		c.mailCode(c.account, login.SentCode, login.ExpiresAt, signInMail)
	}
	return c.challengeOf(login), nil
}

// authTime is when the caller's sign-in was.
func (c *call) authTime() (at time.Time, known bool) {
	number, _ := c.claims["auth_time"].(json.Number)
	seconds, err := number.Int64()
	return time.Unix(seconds, 0), err == nil
}
