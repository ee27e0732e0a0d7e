package web

import (
	"net/http"
	"strings"

	"twinlock"
	"twinlock-example/accounts"
)

const (
	// The cookie in which a trusted browser keeps its token. It takes the place of the second factor after a right
	// password, so a request that another site forged with it gains nothing.
	trustCookie  = "twinlock_trust"
	trustMax     = 2048
	trustNameMax = 60
)

// finishTrusting trusts the device before the session begins. The sign-in stands whatever comes of that.
func (c *call) finishTrusting(
	account *accounts.Found, presented twinlock.Presented, code twinlock.Answer, fields texted,
) (members, error) {
	proof, err := c.factor(account).FinishSignIn(c.ctx, presented, code)
	if err != nil {
		return nil, err
	}
	method := proof.Method
	device := fields[deviceField.name].value
	trust, untrusted := c.fresh().TrustDevice(c.ctx, proof, trustName(fields[deviceNameField.name].value, device))
	tokens, err := c.beginSession(account, proof, device)
	if err != nil {
		return nil, err
	}
	c.event("sign_in_succeeded_"+method, "")
	body := members{"access": tokens.Access, "refresh": tokens.Refresh, "trusted_device": false}
	if untrusted == nil {
		c.giveTrust(account, trust, body)
		c.event("device_trusted", "")
	} else {
		c.event("device_not_trusted", "")
	}
	return body, nil
}

// trustName is the first of the texts of which something is left.
func trustName(texts ...string) string {
	for _, text := range texts {
		kept := nameable(text)
		kept = strings.TrimSpace(strings.ToValidUTF8(kept[:min(len(kept), trustNameMax)], ""))
		if kept != "" {
			return kept
		}
	}
	return "Trusted device"
}

// giveTrust hands the token out: bound to the present password, in a cookie that no script can read.
func (c *call) giveTrust(account *accounts.Found, trust *twinlock.Trust, body members) {
	body["trusted_device"], body["trust_expires_at"] = true, moment(trust.ExpiresAt)
	c.setTrust(trust.Token+"."+account.MAC("trust", trust.Token), max(1, seconds(trust.ExpiresAt.Sub(c.Clock()))))
}

// forgetTrust takes away a cookie that does not count any more.
func (c *call) forgetTrust() {
	if _, err := c.Cookie(trustCookie); err == nil {
		c.setTrust("", -1)
	}
}

func (c *call) setTrust(value string, maxAge int) {
	c.cookies = append(c.cookies, &http.Cookie{Name: trustCookie, Value: value, Path: "/", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// shownTrust is the token that a request shows; empty unless it was given under the account's present password.
func (c *call) shownTrust(account *accounts.Found) string {
	cookie, err := c.Cookie(trustCookie)
	if err != nil || len(cookie.Value) > trustMax {
		return ""
	}
	dot := max(0, strings.LastIndexByte(cookie.Value, '.'))
	token, mac := cookie.Value[:dot], strings.TrimPrefix(cookie.Value[dot:], ".")
	if !account.HasMAC("trust", token, mac) {
		return ""
	}
	return token
}

// listTrusted tells the devices that need no second factor for a while.
func listTrusted(c *call) (answer, error) {
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	devices := make([]members, len(found.TrustedDevices))
	for i, device := range found.TrustedDevices {
		devices[i] = members{"id": device.ID, "name": device.Name, "created_at": moment(device.CreatedAt.Time),
			"last_used_at": moment(device.LastUsedAt.Time), "expires_at": moment(device.ExpiresAt.Time)}
	}
	return ok(members{"trusted_devices": devices}), nil
}

// forgetAllTrusted ends the trust in all of them.
func forgetAllTrusted(c *call) (answer, error) {
	if c.account.Version > 0 {
		if err := c.factor(c.account).RevokeTrustedDevices(c.ctx, c.account.ID); err != nil {
			return answer{}, err
		}
	}
	c.forgetTrust()
	c.event("trust_revoked", "")
	return nothing, nil
}

// forgetTrusted ends the trust in one.
func forgetTrusted(c *call) (answer, error) {
	if err := c.factor(c.account).RevokeTrustedDevice(c.ctx, c.account.ID, c.PathValue("device")); err != nil {
		return answer{}, err
	}
	c.event("trust_revoked", "")
	return nothing, nil
}
