package web

import (
	"context"
	"errors"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/limits"
	"twinlock-example/sessions"
)

// logout ends one session, by either of its tokens: the access token may have ended before.
func logout(c *call) (answer, error) {
	optional := refreshField
	optional.optional = true
	fields, err := parsed(c.Request, optional)
	if err != nil {
		return answer{}, err
	}
	subject, session := "", ""
	if token := fields[refreshField.name]; token.given {
		subject, session, err = c.sessionOf(token.value)
	} else if err = c.authenticate(); err == nil {
		subject, session = c.account.ID, sessionIn(c.claims)
	}
	if err != nil {
		return answer{}, err
	}
	if _, err := c.Database.Sessions.Revoke(c.ctx, subject, session, c.Clock()); err != nil {
		return answer{}, err
	}
	c.event("logged_out", subject)
	return nothing, nil
}

// sessionOf is whose session, and which, a refresh or sliding token is of. Whoever holds it may end it.
func (c *call) sessionOf(token string) (subject, session string, err error) {
	claims, err := c.Engine.Verify(token, twinlock.RefreshToken)
	if errors.Is(err, twinlock.ErrTokenInvalid) {
		claims, err = c.Engine.Verify(token, twinlock.SlidingToken)
	}
	return claims.Subject(), sessionIn(claims), inBody(err)
}

// logoutAll ends all that the person's sign-ins left: sessions, access tokens, open challenges and trusted devices. The
// epoch moves first, so that everything is dead even where the rows cannot be reached afterwards.
func logoutAll(c *call) (answer, error) {
	if err := c.factor(c.account).BumpEpoch(c.ctx, c.account.ID); err != nil {
		return answer{}, err
	}
	if err := c.Database.Sessions.RevokeAll(c.ctx, c.account.ID, c.Clock()); err != nil {
		return answer{}, err
	}
	c.event("logged_out_everywhere", "")
	return nothing, nil
}

// listSessions tells the living sessions, the last used first; nothing in them opens anything.
func listSessions(c *call) (answer, error) {
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	living, err := c.Database.Sessions.Living(c.ctx, c.account.ID, c.account.Credential(), found.Epoch, c.Clock())
	if err != nil {
		return answer{}, err
	}
	listed := make([]members, len(living))
	for i, session := range living {
		listed[i] = members{
			"id": session.ID, "device": session.Device, "address": orNull(session.Address),
			"created_at": moment(session.CreatedAt), "last_used_at": moment(session.LastUsedAt),
			"expires_at": moment(session.ExpiresAt), "current": session.ID == sessionIn(c.claims),
		}
	}
	return ok(members{"sessions": listed}), nil
}

// endSession ends one of the person's sessions; 404 for one that is over or somebody else's.
func endSession(c *call) (answer, error) {
	id := c.PathValue("session")
	if !isPlain(id) {
		return answer{}, errNotFound // a database would choke on it
	}
	ended, err := c.Database.Sessions.Revoke(c.ctx, c.account.ID, id, c.Clock())
	if err != nil {
		return answer{}, err
	}
	if !ended {
		return answer{}, errNotFound
	}
	c.event("session_revoked", "")
	return nothing, nil
}

// beginSession makes tokens of a proof, and the session that they live in.
func (c *call) beginSession(account *accounts.Found, proof *twinlock.Proof, device string) (*twinlock.Tokens, error) {
	factor := c.factor(account)
	factor.Sessions = &sessions.Store{Sessions: c.Database.Sessions, Origin: c.origin(account, device), Epoch: proof.Epoch}
	return factor.BeginSession(c.ctx, proof, claimsOf(account))
}

// origin is what a session remembers of the request.
func (c *call) origin(account *accounts.Found, device string) sessions.Origin {
	return sessions.Origin{
		Subject: account.ID, Credential: account.Credential(), Now: c.Clock(),
		Device: label(c.UserAgent(), device), Address: limits.Client(c.Request, c.Proxies),
	}
}

// PruneSessions deletes the rows of sessions that ended, now and once an hour, until the context ends.
func (s *Site) PruneSessions(ctx context.Context) {
	const most = 1000
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		more, err := s.Database.Sessions.Prune(ctx, s.Clock(), most)
		if err != nil && !errors.Is(err, context.Canceled) {
			s.Log.Error("ended sessions were not deleted", "error", err.Error())
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-hourly.C:
		}
	}
}

// sessionIn is the session that a token belongs to.
func sessionIn(claims twinlock.Claims) string {
	if stepped, is := claims[steppedClaim].(string); is {
		return stepped
	}
	session, _ := claims["fam"].(string)
	return session
}

func isPlain(text string) bool {
	for _, char := range []byte(text) {
		if char < '!' || char > '~' {
			return false
		}
	}
	return true
}
