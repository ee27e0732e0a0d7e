package web

import (
	"context"
	"errors"
	"net/http"

	"twinlock"
	"twinlock-example/accounts"
)

// The claim with which tokens end when the password changes.
const credentialClaim = "cred"

var verifyTexts = texts{twinlock.ErrNotEnrolled: "TOTP is not enabled for this user."}

// beginSignIn takes name and password: tokens, or a challenge where a second factor is set.
func beginSignIn(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "username", longest: nameMax},
		field{name: "password", longest: passwordMax, verbatim: true})
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
	login, err := c.factor(account).BeginSignIn(c.ctx, account.ID, twinlock.FirstFactor{Binding: account.Binding()})
	if err != nil {
		return answer{}, err
	}
	if login.Proof == nil {
		c.event("sign_in_challenged", "")
		return answer{http.StatusOK, members{"is_totp_enabled": true, "totp_challenge_token": login.Challenge}}, nil
	}
	tokens, err := c.mint(account, login.Proof)
	if err != nil {
		return answer{}, err
	}
	c.event("sign_in_without_second_factor", "")
	body := members{"is_totp_enabled": false, "access": tokens.Access, "refresh": tokens.Refresh}
	return answer{http.StatusOK, body}, nil
}

// finishSignIn takes a challenge and one code: tokens.
func finishSignIn(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "totp_challenge_token", longest: challengeMax}, otpField, backupField)
	if err == nil {
		err = exactlyOne(fields)
	}
	if err != nil {
		return answer{}, err
	}
	challenge := fields["totp_challenge_token"].value
	subject, err := c.Engine.ChallengeSubject(challenge)
	if err != nil {
		return answer{}, err
	}
	c.about(subject)
	account, err := c.Database.Find(c.ctx, subject)
	if err != nil {
		return answer{}, err
	}
	if account == nil || !account.Active {
		return answer{}, &twinlock.Refusal{Code: twinlock.ErrChallengeInvalid}
	}
	presented := twinlock.Presented{Challenge: challenge, Binding: account.Binding()}
	proof, err := c.factor(account).FinishSignIn(c.ctx, presented, *answerIn(fields))
	if err != nil {
		return answer{}, err
	}
	method := proof.Method
	tokens, err := c.mint(account, proof)
	if err != nil {
		return answer{}, err
	}
	c.event("sign_in_succeeded_"+method, "")
	return answer{http.StatusOK, members{"access": tokens.Access, "refresh": tokens.Refresh}}, nil
}

// refresh takes a refresh token: a new access token, while the account's state still allows it.
func refresh(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "refresh", longest: tokenMax})
	if err != nil {
		return answer{}, err
	}
	token := fields["refresh"].value
	account, _, err := c.claimed(token, twinlock.RefreshToken)
	if err != nil {
		return answer{}, inBody(err)
	}
	tokens, err := c.factor(account).Refresh(c.ctx, token)
	if err != nil {
		return answer{}, inBody(err)
	}
	return answer{http.StatusOK, members{"access": tokens.Access}}, nil
}

// verify takes an access or a refresh token: whether it counts. A challenge is neither.
func verify(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "token", longest: tokenMax})
	if err != nil {
		return answer{}, err
	}
	token := fields["token"].value
	account, claims, err := c.claimed(token, twinlock.AccessToken)
	if errors.Is(err, twinlock.ErrTokenInvalid) {
		account, claims, err = c.claimed(token, twinlock.RefreshToken)
	}
	if err == nil {
		err = c.sameEpoch(account, claims)
	}
	if err != nil {
		return answer{}, inBody(err)
	}
	return answer{http.StatusOK, members{}}, nil
}

// inBody is the contract's answer to a token in a body that does not count.
func inBody(err error) error {
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) {
		return tokenNotValid(err)
	}
	return err
}

// factor is the second factor of an account that was just read.
func (s *Site) factor(account *accounts.Found) twinlock.SecondFactor {
	return twinlock.SecondFactor{Engine: s.Engine, Store: &seen{Store: s.Database.Records, found: account}}
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

func (c *call) mint(account *accounts.Found, proof *twinlock.Proof) (*twinlock.Tokens, error) {
	return c.Engine.Mint(proof, map[string]any{credentialClaim: account.Credential()})
}
