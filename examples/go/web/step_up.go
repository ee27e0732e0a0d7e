package web

import (
	"encoding/json"
	"slices"
	"time"

	"twinlock"
)

const (
	// How long an answered second factor is fresh: the policy's own age.
	stepUpAge = 10 * time.Minute
	// How old a sign-in may be that sets up a first authenticator: a token may be a stolen one.
	signInAge  = 10 * time.Minute
	purposeMax = 64
)

// What one may step up for: the engine's sensitive actions, and a program's own.
var purposes = []string{"disable", "regenerate_backup_codes", "add_device", "remove_device", "set_method", general}

var purposeField = field{name: "purpose", longest: purposeMax}

// stepUp takes a purpose and a code: an access token that shows it. The session and its refresh token stay.
func stepUp(c *call) (answer, error) {
	fields, err := parsed(c.Request, purposeField, otpField, backupField, sentField, stepUpChallengeField)
	if err != nil {
		return answer{}, err
	}
	purpose, err := purposeIn(fields)
	if err == nil {
		err = exactlyOne(fields)
	}
	if err != nil {
		return answer{}, err
	}
	by := c.stepUpByDevice
	if fields[sentField.name].given {
		by = c.stepUpBySentCode
	}
	tokens, err := by(purpose, fields)
	if err != nil {
		return answer{}, err
	}
	c.event("step_up_succeeded", "")
	body := members{"access": tokens.Access, "purpose": purpose, "expires_at": moment(tokens.AccessExpiresAt)}
	return ok(body), nil
}

func (c *call) stepUpByDevice(purpose string, fields texted) (*twinlock.Tokens, error) {
	proof, err := c.factor(c.account).StepUp(c.ctx, c.account.ID, purpose, c.token, *answerIn(fields))
	if err != nil {
		return nil, err
	}
	return c.Engine.MintAccess(proof, claimsOf(c.account))
}

func purposeIn(fields texted) (string, error) {
	purpose := fields[purposeField.name].value
	if !slices.Contains(purposes, purpose) {
		return "", fieldErrors{purposeField.name: {"There is no such purpose."}}
	}
	return purpose, nil
}

// answerFor reads how a request answers for a sensitive action: with a code, or as a step-up for just that action by
// one of these kinds of codes. Where it does neither, it says what to ask the user for.
func (c *call) answerFor(fields texted, purpose string, kinds ...string) (*twinlock.Answer, error) {
	if err := atMostOne(fields); err != nil {
		return nil, err
	}
	if code := answerIn(fields); code != nil {
		return code, nil
	}
	if c.isStepUp(purpose, kinds) {
		answer := twinlock.SteppedUp(c.token)
		return &answer, nil
	}
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return nil, err
	}
	if !found.Enabled {
		return nil, &twinlock.Refusal{Code: twinlock.ErrNotEnrolled}
	}
	unusable := func(kind string) bool { return !slices.Contains(methodsOf(found), kind) }
	return nil, stepUpNeeded(purpose, slices.DeleteFunc(slices.Clone(kinds), unusable))
}

// isStepUp says whether the caller's access token was made for this purpose: that somebody signed in a minute ago is
// not enough to change how the account is protected.
func (c *call) isStepUp(purpose string, kinds []string) bool {
	methods, _ := c.claims["amr"].([]any)
	shown := slices.ContainsFunc(methods, func(method any) bool {
		name, _ := method.(string)
		return slices.Contains(kinds, name)
	})
	return shown && c.claims["purpose"] == purpose && c.Engine.RequireStepUp(c.token, purpose, stepUpAge) == nil
}

// checkRecentSignIn refuses to set up a first authenticator long after the sign-in.
func (c *call) checkRecentSignIn() error {
	if c.claims == nil {
		return nil // an enrollment token's life is shorter than any sign-in's age that counts
	}
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil || found.Enabled {
		return err
	}
	number, _ := c.claims["auth_time"].(json.Number)
	at, err := number.Int64()
	if err != nil || c.Clock().Sub(time.Unix(at, 0)) > signInAge {
		return signInNeeded()
	}
	return nil
}
