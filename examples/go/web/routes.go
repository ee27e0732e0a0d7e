package web

import (
	"slices"
	"strings"
)

// resource is what is served at one path.
type resource struct {
	// Which resources share a bucket of requests; not limited where it is empty.
	group string
	opens opening
	// The contract's sentences here.
	texts texts
	// By method.
	on map[string]endpoint
}

// opening is what a caller has to show.
type opening int

const (
	toAll opening = iota
	// An access token.
	toSignedIn
	// An access token, or that of a sign-in that opens enrollment alone.
	toEnrolling
)

// Where a load balancer asks whether the server can serve.
const healthPath = "/healthz"

// endpoint serves one method.
type endpoint = func(c *call) (answer, error)

func post(serve endpoint) map[string]endpoint { return map[string]endpoint{"POST": serve} }
func get(serve endpoint) map[string]endpoint  { return map[string]endpoint{"GET": serve} }

func (s *Site) resources() map[string]resource {
	return map[string]resource{
		healthPath:              {on: get(health)},
		"/api/":                 {opens: toSignedIn, on: get(root)},
		"/api/example/sign_up/": {group: "sign-up", on: post(signUp)},

		"/api/jwt/create/":          {group: "jwt-create", on: post(beginSignIn)},
		"/api/jwt/totp/verify/":     {group: "jwt-totp-verify", on: post(finishSignIn), texts: verifyTexts},
		"/api/jwt/totp/send/":       {group: "jwt-totp-send", on: post(sendCode)},
		"/api/jwt/refresh/":         {on: post(refresh)},
		"/api/jwt/refresh_sliding/": {on: post(refreshSliding)},
		"/api/jwt/verify/":          {on: post(verify)},
		"/api/jwt/jwks/":            {on: get(publicKeys)},
		"/api/jwt/logout/":          {on: post(logout)},
		"/api/jwt/logout_all/":      {group: "jwt-logout-all", opens: toSignedIn, on: post(logoutAll)},
		"/api/jwt/sessions/":        {group: "jwt-sessions", opens: toSignedIn, on: get(listSessions)},
		"/api/jwt/sessions/{session}/": {group: "jwt-sessions", opens: toSignedIn,
			on: map[string]endpoint{"DELETE": endSession}},

		"/api/totp/create/":              {group: "totp", opens: toEnrolling, on: post(enroll), texts: createTexts},
		"/api/totp/confirm/":             {group: "totp", opens: toEnrolling, on: post(confirm), texts: confirmTexts},
		"/api/totp/disable/":             {group: "totp", opens: toSignedIn, on: post(disable), texts: manageTexts},
		"/api/totp/rotate_backup_codes/": {group: "totp", opens: toSignedIn, on: post(rotate), texts: manageTexts},
		"/api/totp/step_up/":             {group: "totp-step-up", opens: toSignedIn, on: post(stepUp)},
		"/api/totp/step_up/send/":        {group: "totp-step-up-send", opens: toSignedIn, on: post(sendStepUpCode)},
		"/api/totp/status/":              {group: "totp-status", opens: toSignedIn, on: get(status)},
		"/api/totp/recovery/":            {group: "recovery", on: post(askForRecovery)},
		"/api/totp/recovery_confirm/":    {group: "recovery-confirm", on: post(confirmRecovery)},
		"/api/totp/method/":              {group: "devices", opens: toSignedIn, on: post(setMethod)},
		"/api/totp/devices/": {group: "devices", opens: toSignedIn,
			on: map[string]endpoint{"GET": listDevices, "POST": addDevice}},
		"/api/totp/devices/{device}/": {group: "devices", opens: toSignedIn,
			on: map[string]endpoint{"GET": getDevice, "PATCH": renameDevice, "DELETE": removeDevice}},
		"/api/totp/devices/{device}/resync/": {group: "devices", opens: toSignedIn, on: post(resyncDevice)},
		"/api/totp/trusted_devices/": {group: "trusted-devices", opens: toSignedIn,
			on: map[string]endpoint{"GET": listTrusted, "DELETE": forgetAllTrusted}},
		"/api/totp/trusted_devices/{device}/": {group: "trusted-devices", opens: toSignedIn,
			on: map[string]endpoint{"DELETE": forgetTrusted}},
	}
}

// serving finds what serves a method, or says which methods there are.
func (r resource) serving(method string) (endpoint, error) {
	asked := method
	if method == "HEAD" {
		asked = "GET"
	}
	if found := r.on[asked]; found != nil {
		return found, nil
	}
	if r.on == nil {
		return nil, errNotFound
	}
	allowed := []string{}
	for each := range r.on {
		allowed = append(allowed, each)
	}
	slices.Sort(allowed)
	return nil, wrongMethod(method, strings.Join(allowed, ", "))
}

// root is the address of the interface itself.
func root(*call) (answer, error) { return ok(members{}), nil }
