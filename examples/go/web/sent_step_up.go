package web

import (
	"slices"
	"strings"

	"twinlock"
)

// A step-up by a code that is sent, for people whose second factor is nothing else. The engine's challenge carries it,
// bound to the purpose, the session and the password, so that it is no sign-in's and no other step-up's. Only the engine's
// own step-up, which takes a device's codes, writes the claim "purpose": what comes of this one changes no factor.

const (
	// What a step-up by a sent code was for, and whose session goes on in it.
	stepUpClaim  = "step_up"
	steppedClaim = "step_up_of"

	general = "general"
)

var (
	stepUpChallengeField = field{name: "step_up_challenge_token", longest: challengeMax, optional: true}
	// What amr says of a second factor; all else in it is the first.
	secondFactors = []string{"otp", "backup", "sent", "mfa"}

	stepUpMail = codeMail{"Your confirmation code",
		"is your code to confirm what you are doing", "somebody is signed in to your account: change your password"}
)

// sendStepUpCode takes a purpose: a code for it is on its way to somebody who has no device, and answers the challenge.
func sendStepUpCode(c *call) (answer, error) {
	fields, err := parsed(c.Request, purposeField)
	if err != nil {
		return answer{}, err
	}
	purpose, err := purposeIn(fields)
	if err != nil {
		return answer{}, err
	}
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	if found.Enabled {
		return answer{}, &twinlock.Refusal{Code: twinlock.ErrMethodNotAllowed}
	}
	notEnrolled := &twinlock.Refusal{Code: twinlock.ErrNotEnrolled}
	if purpose != general || !c.Policy.isSentAlone(found) {
		return answer{}, notEnrolled
	}
	first := twinlock.FirstFactor{Methods: c.firstFactor(), Binding: c.stepUpBinding(purpose)}
	begun, err := c.factor(c.account).BeginSignIn(c.ctx, c.account.ID, first)
	if err != nil {
		return answer{}, err
	}
	if begun.SentCode == "" {
		return answer{}, notEnrolled
	}
	c.mailCode(c.account, begun.SentCode, begun.ExpiresAt, stepUpMail)
	return ok(members{"code_sent": true, "step_up_challenge_token": begun.Challenge, "purpose": purpose,
		"expires_at": moment(begun.ExpiresAt)}), nil
}

// stepUpBySentCode answers the challenge that a code was sent for. The sign-in's proof says when and how.
func (c *call) stepUpBySentCode(purpose string, fields texted) (*twinlock.Tokens, error) {
	challenge := fields[stepUpChallengeField.name]
	if !challenge.given {
		return nil, fieldErrors{stepUpChallengeField.name: {isRequired}}
	}
	subject, err := c.Engine.ChallengeSubject(challenge.value)
	if err != nil {
		return nil, err
	}
	if subject != c.account.ID {
		return nil, &twinlock.Refusal{Code: twinlock.ErrChallengeInvalid}
	}
	presented := twinlock.Presented{Challenge: challenge.value, Binding: c.stepUpBinding(purpose)}
	proof, err := c.factor(c.account).FinishSignIn(c.ctx, presented, *answerIn(fields))
	if err != nil {
		return nil, err
	}
	claims := claimsOf(c.account)
	claims[stepUpClaim], claims[steppedClaim] = purpose, sessionIn(c.claims)
	return c.Engine.MintAccess(proof, claims)
}

func (c *call) stepUpBinding(purpose string) string {
	return strings.Join([]string{"step_up", purpose, sessionIn(c.claims), c.account.Binding()}, "/")
}

// firstFactor is how the caller's session began.
func (c *call) firstFactor() (methods []string) {
	shown, _ := c.claims["amr"].([]any)
	for _, method := range shown {
		if name, _ := method.(string); name != "" && !slices.Contains(secondFactors, name) {
			methods = append(methods, name)
		}
	}
	return methods
}

// isSentAlone says whether somebody of that state is asked for sent codes, having nothing else.
func (p Policy) isSentAlone(found *twinlock.Status) bool {
	if found.Enabled || p.SentCodes != "sign_in" {
		return false
	}
	optedOut := found.Preference == "off" && p.OptOut == "allowed"
	return found.Preference == "sent" || p.Fallback == "sent_code" && !optedOut
}
