package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"twinlock"
	"twinlock-example/accounts"
)

// open lets in whoever shows what a resource opens to.
func (c *call) open(opens opening) error {
	if opens == toAll {
		return nil
	}
	if opens == toEnrolling {
		if entered, err := c.enrolling(); entered || err != nil {
			return err
		}
	}
	return c.authenticate()
}

// authenticate finds out whose the access token is. It counts only while the account is there and active, neither the
// password nor the second factor changed since it was minted, and its session was not revoked.
func (c *call) authenticate() error {
	token, err := c.bearer()
	if err != nil {
		return err
	}
	if token == "" {
		return notAuthenticated("not_authenticated", "Authentication credentials were not provided.")
	}
	found, err := c.claimed(token, twinlock.AccessToken)
	if err == nil {
		err = c.checkCounts(found)
	}
	var refusal *twinlock.Refusal
	if errors.As(err, &refusal) {
		return notCounted(err)
	}
	if err != nil {
		return err
	}
	c.about(found.account.ID)
	c.account, c.token, c.claims = found.account, token, found.claims
	return nil
}

// claimed is what a genuine token says, and whose it is.
type claimed struct {
	account *accounts.Found
	claims  twinlock.Claims
	// Whether its session was revoked.
	ended bool
}

// claimed verifies a token and finds the account that it is of.
func (c *call) claimed(token string, kind twinlock.TokenKind) (*claimed, error) {
	claims, err := c.Engine.Verify(token, kind)
	if err != nil {
		return nil, err
	}
	account, ended, err := c.Database.FindSignedIn(c.ctx, claims.Subject(), sessionIn(claims))
	switch {
	case err != nil:
		return nil, err
	case account == nil:
		return nil, errUserGone
	case !account.Active:
		return nil, errUserInactive
	case !account.HasCredential(claims[credentialClaim]):
		return nil, &twinlock.Refusal{Code: twinlock.ErrTokenInvalid}
	}
	return &claimed{account, claims, ended}, nil
}

// checkCounts says whether the second factor is still the one that a token was minted after, and its session goes on.
func (c *call) checkCounts(found *claimed) error {
	status, err := c.factor(found.account).Status(c.ctx, found.account.ID)
	if err != nil {
		return err
	}
	number, _ := found.claims["epoch"].(json.Number)
	if number.String() != strconv.FormatInt(status.Epoch, 10) {
		return &twinlock.Refusal{Code: twinlock.ErrTokenInvalid}
	}
	if found.ended {
		return &twinlock.Refusal{Code: twinlock.ErrSessionEnded}
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
	if errors.Is(err, twinlock.ErrSessionEnded) {
		err = twinlock.ErrTokenInvalid // its holder is told no more
	}
	message := members{"token_class": "AccessToken", "token_type": "access", "message": whyNoToken(err)}
	told.more = members{"messages": []members{message}}
	return told
}

func notAuthenticated(code, detail string) *problem {
	return &problem{status: http.StatusUnauthorized, code: code, detail: detail, header: challenged}
}

// bearer is the access token of a request; empty where the header is missing or not a bearer's.
func (c *call) bearer() (string, error) {
	parts := strings.Fields(c.Header.Get("Authorization"))
	if len(parts) == 0 || !strings.EqualFold(parts[0], "bearer") {
		return "", nil
	}
	if len(parts) != 2 {
		return "", notAuthenticated("bad_authorization_header",
			"Authorization header must contain two space-delimited values")
	}
	return parts[1], nil
}
