package web

import (
	"errors"
	"net/http"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/sessions"
)

// How long others may keep the public keys, and so how long a new one must be published before it signs.
const publicKeysFor = "public, max-age=300"

var (
	refreshField = field{name: "refresh", longest: tokenMax}
	tokenField   = field{name: "token", longest: tokenMax}
)

// refresh takes a refresh token: the next pair. Of several calls with one token one rotates it; the others get the same
// successor while the grace lasts, and afterwards the session ends.
func refresh(c *call) (answer, error) {
	fields, err := parsed(c.Request, refreshField)
	if err != nil {
		return answer{}, err
	}
	token := fields[refreshField.name].value
	shown, err := c.claimed(token, twinlock.RefreshToken)
	if err == nil {
		err = c.checkRequirement(shown.account, shown.claims)
	}
	if err != nil {
		return answer{}, inBody(err)
	}
	c.about(shown.account.ID)
	tokens, err := c.rotating(shown.account, false).Rotate(c.ctx, token)
	if errors.Is(err, twinlock.ErrTokenReused) {
		c.event("session_reused", "") // its owner and a thief cannot be told apart
		c.Log.Warn("a refresh token came back that was exchanged before", "subject", shown.account.ID)
	}
	if err != nil {
		return answer{}, inBody(err)
	}
	c.event("refreshed", "")
	return ok(members{"access": tokens.Access, "refresh": tokens.Refresh}), nil
}

// refreshSliding takes a sliding token. Nobody is given one here, so none is of a session that goes on.
func refreshSliding(c *call) (answer, error) {
	fields, err := parsed(c.Request, tokenField)
	if err != nil {
		return answer{}, err
	}
	if _, err = c.claimed(fields[tokenField.name].value, twinlock.SlidingToken); err == nil {
		err = &twinlock.Refusal{Code: twinlock.ErrSessionEnded}
	}
	return answer{}, inBody(err)
}

// verify takes an access or a refresh token: whether it counts. A challenge is neither.
func verify(c *call) (answer, error) {
	fields, err := parsed(c.Request, tokenField)
	if err != nil {
		return answer{}, err
	}
	token := fields[tokenField.name].value
	shown, err := c.claimed(token, twinlock.AccessToken)
	if err == nil {
		err = c.checkCounts(shown)
	} else if errors.Is(err, twinlock.ErrTokenInvalid) {
		err = c.checkRefreshable(token)
	}
	if err != nil {
		return answer{}, inBody(err)
	}
	return ok(members{}), nil
}

// checkRefreshable finds what refresh would refuse a token with. It stores nothing.
func (c *call) checkRefreshable(token string) error {
	shown, err := c.claimed(token, twinlock.RefreshToken)
	if err == nil {
		err = c.checkRequirement(shown.account, shown.claims)
	}
	if err == nil {
		_, err = c.rotating(shown.account, true).Rotate(c.ctx, token)
	}
	return err
}

// rotating is the second factor of an account with its sessions, to change them or only to look.
func (c *call) rotating(account *accounts.Found, look bool) twinlock.SecondFactor {
	factor := c.factor(account)
	factor.Sessions = &sessions.Store{Sessions: c.Database.Sessions, Origin: c.origin(account, "")}
	if look {
		factor.Sessions = sessions.Look{Store: factor.Sessions}
	}
	return factor
}

// inBody is the contract's answer to a token in a body that does not count; a lost race is told as what it is.
func inBody(err error) error {
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) && !errors.Is(err, twinlock.ErrContended) {
		return tokenNotValid(err)
	}
	return err
}

// publicKeys tells the keys with which other services verify access tokens; none where a shared secret signs.
func publicKeys(c *call) (answer, error) {
	keys, err := c.Engine.JWKS()
	return answer{status: http.StatusOK, body: keys, cache: publicKeysFor}, err
}
