package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"twinlock"
	"twinlock-example/accounts"
)

// authenticate finds out whose the access token is. It counts only while the account is there and active, and
// neither the password nor the second factor changed since it was minted.
func (c *call) authenticate() error {
	token, err := c.bearer()
	if err != nil {
		return err
	}
	if token == "" {
		return notAuthenticated("not_authenticated", "Authentication credentials were not provided.")
	}
	account, claims, err := c.claimed(token, twinlock.AccessToken)
	if err == nil {
		err = c.sameEpoch(account, claims)
	}
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) {
		return notCounted(err)
	}
	if err != nil {
		return err
	}
	c.about(account.ID)
	c.account, c.token, c.claims = account, token, claims
	return nil
}

// claimed verifies a token and finds the account that it is of.
func (c *call) claimed(token string, kind twinlock.TokenKind) (*accounts.Found, twinlock.Claims, error) {
	claims, err := c.Engine.Verify(token, kind)
	if err != nil {
		return nil, nil, err
	}
	account, err := c.Database.Find(c.ctx, claims.Subject())
	switch {
	case err != nil:
		return nil, nil, err
	case account == nil:
		return nil, nil, errUserGone
	case !account.Active:
		return nil, nil, errUserInactive
	case !account.HasCredential(claims[credentialClaim]):
		return nil, nil, &twinlock.Refusal{Code: twinlock.ErrTokenInvalid}
	}
	return account, claims, nil
}

// sameEpoch says whether the second factor is still the one that the token was minted after.
func (c *call) sameEpoch(account *accounts.Found, claims twinlock.Claims) error {
	status, err := c.factor(account).Status(c.ctx, account.ID)
	if err != nil {
		return err
	}
	if number, _ := claims["epoch"].(json.Number); number.String() != strconv.FormatInt(status.Epoch, 10) {
		return &twinlock.Refusal{Code: twinlock.ErrTokenInvalid}
	}
	return nil
}

// gone is a refusal that whoever holds a genuine token may know the reason of.
type gone struct {
	twinlock.Refusal
	problem *problem
}

func (g *gone) Unwrap() []error { return []error{&g.Refusal, g.problem} }

var (
	errUserGone     = goneOf("user_not_found", "User not found")
	errUserInactive = goneOf("user_inactive", "User is inactive")
)

func goneOf(code, detail string) *gone {
	return &gone{twinlock.Refusal{Code: twinlock.ErrTokenInvalid}, notAuthenticated(code, detail)}
}

// notCounted is the contract's answer to an access token that does not count.
func notCounted(err error) *problem {
	var gone *gone
	if errors.As(err, &gone) {
		return gone.problem
	}
	told := notAuthenticated("token_not_valid", "Given token not valid for any token type")
	message := members{"token_class": "AccessToken", "token_type": "access", "message": whyNoToken(err)}
	told.more = members{"messages": []members{message}}
	return told
}

func notAuthenticated(code, detail string) *problem {
	return &problem{status: http.StatusUnauthorized, code: code, detail: detail, header: challenged}
}
