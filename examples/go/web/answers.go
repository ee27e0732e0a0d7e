package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"twinlock"
)

// answer is what an endpoint says when all is well; a nil body is none.
type answer struct {
	status int
	body   any
	// How long others may keep it; not at all where it is empty.
	cache string
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

var nothing = answer{status: http.StatusNoContent}

// members are those of a JSON object.
type members map[string]any

// fieldErrors are the complaints about a request's fields: a 400.
type fieldErrors map[string][]string

func (fieldErrors) Error() string { return "the fields do not fit" }

// problem is an answer that is no success: a sentence for people, a name for programs.
type problem struct {
	status       int
	detail, code string
	header       http.Header
	more         members
}

func (p *problem) Error() string { return p.code }

var (
	errBodyTooLarge = &problem{status: 413, code: "body_too_large",
		detail: fmt.Sprintf("The request body is larger than %d bytes.", bodyLimit)}
	errMalformed          = &problem{status: 400, code: "parse_error", detail: "Malformed request."}
	errNotJSON            = &problem{status: 400, code: "parse_error", detail: "JSON parse error."}
	errNotFound           = &problem{status: 404, code: "not_found", detail: "Not found."}
	errInvalidCredentials = &problem{status: 401, code: "invalid_credentials", detail: "Invalid credentials."}
	errNotAcceptable      = &problem{status: 406, code: "not_acceptable",
		detail: "Could not satisfy the request Accept header."}
	errDefect  = &problem{status: 500, code: "internal_error", detail: "Something went wrong here."}
	challenged = http.Header{"Www-Authenticate": {`Bearer realm="api"`}}
)

// What the contract says in place of the library's own sentence, wherever it is not an endpoint's own.
var usualTexts = texts{
	twinlock.ErrWrongCode:        "Invalid 2FA code.",
	twinlock.ErrReplayed:         "Invalid 2FA code.",
	twinlock.ErrChallengeInvalid: "Invalid or expired challenge token.",
	twinlock.ErrChallengeSpent:   "Invalid or expired challenge token.",
}

var refusalStatus = map[twinlock.Code]int{
	twinlock.ErrLocked:         http.StatusTooManyRequests,
	twinlock.ErrFactorDisabled: http.StatusTooManyRequests,
	twinlock.ErrContended:      http.StatusTooManyRequests,
	twinlock.ErrTooManyCodes:   http.StatusTooManyRequests,
	twinlock.ErrDeviceUnknown:  http.StatusNotFound,
	twinlock.ErrTokenInvalid:   http.StatusUnauthorized,
	twinlock.ErrTokenExpired:   http.StatusUnauthorized,

	twinlock.ErrSecondFactorRequired: http.StatusForbidden,
	twinlock.ErrEnrollmentRequired:   http.StatusForbidden,
}

// texts are sentences of the contract by the refusal that they tell.
type texts map[twinlock.Code]string

func unsupported(contentType string) *problem {
	return &problem{status: 415, code: "unsupported_media_type",
		detail: fmt.Sprintf("Unsupported media type %q in request.", contentType)}
}

func wrongMethod(sent, allowed string) *problem {
	return &problem{status: 405, code: "http_method_not_allowed",
		detail: fmt.Sprintf("Method %q not allowed.", sent), header: http.Header{"Allow": {allowed}}}
}

func throttled(wait time.Duration) *problem {
	seconds := int(math.Ceil(wait.Seconds()))
	unit := "seconds"
	if seconds == 1 {
		unit = "second"
	}
	said := fmt.Sprintf("Request was throttled. Expected available in %d %s.", seconds, unit)
	return (&problem{status: 429, code: "throttled", detail: said}).after(seconds)
}

// tokenNotValid says that a token in a body does not count.
func tokenNotValid(why error) *problem {
	return &problem{status: 401, code: "token_not_valid", detail: whyNoToken(why), header: challenged}
}

func whyNoToken(why error) string {
	switch {
	case errors.Is(why, twinlock.ErrTokenExpired):
		return "Token is expired"
	case errors.Is(why, twinlock.ErrSessionEnded):
		return twinlock.ErrSessionEnded.Message()
	case errors.Is(why, twinlock.ErrTokenReused):
		return twinlock.ErrTokenReused.Message()
	}
	return "Token is invalid"
}

// codeNeeded says that a request is allowed with a fresh second factor, and by which kinds of codes.
func codeNeeded(methods ...string) *problem {
	code := twinlock.ErrSecondFactorRequired
	return &problem{status: http.StatusForbidden, code: code.Name(), detail: code.Message(),
		more: members{"methods": methods}}
}

// stepUpNeeded says it of a sensitive action: for which purpose a client steps up, and how old that may be.
func stepUpNeeded(purpose string, methods []string) *problem {
	told := codeNeeded(methods...)
	told.more["purpose"], told.more["max_age"] = purpose, seconds(stepUpAge)
	return told
}

// signInNeeded says that the sign-in is too long ago.
func signInNeeded() *problem {
	return &problem{status: http.StatusForbidden, code: "reauthentication_required",
		detail: "Sign in again to do this.", more: members{"max_age": seconds(signInAge)}}
}

// problemOf is the answer to whatever an endpoint failed with.
func problemOf(err error, endpoint texts, now time.Time) *problem {
	var known *problem
	var refusal *twinlock.Refusal
	var fault *twinlock.Fault
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refusal):
		return refused(refusal, endpoint, now)
	case errors.As(err, &fault):
		return unavailable(fault.Code)
	default: // the database's, or that it took too long
		return unavailable(twinlock.ErrStoreFailed)
	}
}

func refused(refusal *twinlock.Refusal, endpoint texts, now time.Time) *problem {
	code := refusal.Code
	told := &problem{status: http.StatusBadRequest, code: code.Name(), detail: code.Message(), more: members{}}
	if status, other := refusalStatus[code]; other {
		told.status = status
	}
	if said, own := endpoint[code]; own {
		told.detail = said
	} else if said, usual := usualTexts[code]; usual {
		told.detail = said
	}
	if refusal.RetryAfter > 0 {
		told.after(int(refusal.RetryAfter.Seconds()))
		if code == twinlock.ErrLocked {
			told.more["locked_until"] = moment(now.Add(refusal.RetryAfter))
		}
	}
	return told
}

// unavailable says that a key, a record or the database cannot be used: an operator's task, never the user's fault.
func unavailable(fault twinlock.Code) *problem {
	told := &problem{status: http.StatusServiceUnavailable, code: fault.Name(),
		detail: "The second factor cannot be checked at the moment; try again later."}
	switch fault {
	case twinlock.ErrPanic:
		told.status = http.StatusInternalServerError
	case twinlock.ErrStoreFailed:
		const pause = 5
		told.after(pause)
	}
	return told
}

// after says when it makes sense to try again.
func (p *problem) after(seconds int) *problem {
	if p.more == nil {
		p.more = members{}
	}
	p.more["retry_after"] = seconds
	p.header = http.Header{"Retry-After": {strconv.Itoa(seconds)}}
	return p
}

func (p *problem) body() members {
	body := members{"detail": p.detail, "code": p.code}
	for name, value := range p.more {
		body[name] = value
	}
	return body
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// moment is a time as the contract writes it, and null where there is none.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
