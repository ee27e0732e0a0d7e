// Package web is the HTTP interface: the native JSON contract, in which every client of Twinlock's other servers
// can speak to this one.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/limits"
	"twinlock-example/mail"
)

// Site is what the endpoints work with. All but Log and Clock is required.
type Site struct {
	Engine   *twinlock.Engine
	Database *accounts.Database
	// Requests per address, or per account where somebody is signed in, and per kind of endpoint.
	Rate limits.Rate
	// How many proxies of ours add to X-Forwarded-For in front of the server.
	Proxies int
	// Where recovery links lead to, with {uid} and {token} in it, and what delivers them; where it is nil, nobody
	// gets one.
	RecoveryURL string
	Mail        func(ctx context.Context, message mail.Message) error
	Log         *slog.Logger
	// What tells the time; time.Now where it is nil.
	Clock func() time.Time

	limiters   map[string]*limits.Limiter
	recoveries chan string
}

// Where a load balancer asks whether the server can serve.
const healthPath = "/healthz"

// A request has so long for everything that it asks of the database.
const patience = 10 * time.Second

// endpoint is one method of one path.
type endpoint struct {
	method string
	// Which endpoints share a bucket of requests; not limited where it is empty.
	group string
	// Whether an access token has to be shown.
	signedIn bool
	// The contract's sentences at this endpoint.
	texts texts
	serve func(c *call) (answer, error)
}

// call is one request on its way through an endpoint.
type call struct {
	*Site
	*http.Request
	ctx context.Context
	// Who is signed in, with which access token; nil where nobody is.
	account *accounts.Found
	token   string
	claims  twinlock.Claims
	events  []slog.Attr
}

// Handler makes the interface of a site.
func (s *Site) Handler() http.Handler {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Clock == nil {
		s.Clock = time.Now
	}
	s.limiters = map[string]*limits.Limiter{linkGroup: limits.New(s.Rate)}
	s.recoveries = make(chan string, recoveriesInHand)
	mux := http.NewServeMux()
	for path, endpoint := range s.endpoints() {
		if s.limiters[endpoint.group] == nil {
			s.limiters[endpoint.group] = limits.New(s.Rate)
		}
		mux.Handle(path+"{$}", s.handle(path, endpoint))
	}
	mux.Handle(healthPath, s.handle(healthPath, endpoint{method: "GET", serve: health}))
	mux.Handle("/", s.handle("(none)", endpoint{serve: func(*call) (answer, error) { return answer{}, errNotFound }}))
	return mux
}

func (s *Site) endpoints() map[string]endpoint {
	return map[string]endpoint{
		"/api/":                          {method: "GET", signedIn: true, serve: root},
		"/api/example/sign_up/":          {method: "POST", group: "sign-up", serve: signUp},
		"/api/jwt/create/":               {method: "POST", group: "jwt-create", serve: beginSignIn},
		"/api/jwt/totp/verify/":          {method: "POST", group: "jwt-totp-verify", serve: finishSignIn, texts: verifyTexts},
		"/api/jwt/refresh/":              {method: "POST", serve: refresh},
		"/api/jwt/verify/":               {method: "POST", serve: verify},
		"/api/totp/create/":              {method: "POST", group: "totp", signedIn: true, serve: enroll, texts: createTexts},
		"/api/totp/confirm/":             {method: "POST", group: "totp", signedIn: true, serve: confirm, texts: confirmTexts},
		"/api/totp/disable/":             {method: "POST", group: "totp", signedIn: true, serve: disable, texts: manageTexts},
		"/api/totp/rotate_backup_codes/": {method: "POST", group: "totp", signedIn: true, serve: rotate, texts: manageTexts},
		"/api/totp/step_up/":             {method: "POST", group: "totp-step-up", signedIn: true, serve: stepUp},
		"/api/totp/status/":              {method: "GET", group: "totp-status", signedIn: true, serve: status},
		"/api/totp/recovery/":            {method: "POST", group: "recovery", serve: askForRecovery},
		"/api/totp/recovery_confirm/":    {method: "POST", group: "recovery-confirm", serve: confirmRecovery},
	}
}

// handle makes an endpoint a handler: it answers whatever happens, and logs one line.
func (s *Site) handle(path string, endpoint endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		c := &call{Site: s, Request: r, ctx: ctx}
		status := 0
		defer func() {
			if found := recover(); found != nil {
				status = s.defect(w, path, found)
			}
			c.log(path, status, time.Since(began))
		}()
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
		done, err := c.run(endpoint)
		status = c.respond(w, endpoint, done, err)
	})
}

// run takes a request through the checks in the contract's order.
func (c *call) run(endpoint endpoint) (answer, error) {
	if c.ContentLength > bodyLimit {
		return answer{}, errBodyTooLarge
	}
	if endpoint.signedIn {
		if err := c.authenticate(); err != nil {
			return answer{}, err
		}
	}
	if err := c.count(endpoint.group); err != nil {
		return answer{}, err
	}
	if endpoint.method != "" && c.Method != endpoint.method && !(c.Method == "HEAD" && endpoint.method == "GET") {
		return answer{}, wrongMethod(c.Method, endpoint.method)
	}
	return endpoint.serve(c)
}

// count counts the request at its account, or at its address where nobody is signed in.
func (c *call) count(group string) error {
	if group == "" {
		return nil
	}
	key := "address " + limits.Address(c.Request, c.Proxies)
	if c.account != nil {
		key = "account " + c.account.ID
	}
	return c.countKey(group, key)
}

func (c *call) countKey(group, key string) error {
	if wait, allowed := c.limiters[group].Allow(key, c.Clock()); !allowed {
		return throttled(wait)
	}
	return nil
}

func (c *call) respond(w http.ResponseWriter, endpoint endpoint, done answer, err error) int {
	var wrong fieldErrors
	if errors.As(err, &wrong) {
		c.events = append(c.events, slog.String("refused", "fields"))
		done = answer{http.StatusBadRequest, wrong}
	} else if err != nil {
		told := problemOf(err, endpoint.texts, c.Clock())
		c.failed(told, err)
		for name, values := range told.header {
			w.Header()[name] = values
		}
		done = answer{told.status, told.body()}
	}
	return write(w, done)
}

// write sends an answer that no cache keeps and no browser takes for anything else.
func write(w http.ResponseWriter, done answer) int {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Referrer-Policy", "no-referrer")
	if done.body == nil {
		w.WriteHeader(done.status)
		return done.status
	}
	text, err := json.Marshal(done.body)
	if err != nil {
		panic(err)
	}
	header.Set("Content-Type", "application/json")
	w.WriteHeader(done.status)
	_, _ = w.Write(text)
	return done.status
}

// root is the address of the interface itself.
func root(*call) (answer, error) { return answer{http.StatusOK, members{}}, nil }

// health says whether requests can be served; nobody is counted here.
func health(c *call) (answer, error) {
	const soon = 2 * time.Second
	ctx, cancel := context.WithTimeout(c.ctx, soon)
	defer cancel()
	if err := c.Database.Ping(ctx); err != nil {
		return answer{}, err
	}
	return answer{http.StatusOK, members{"status": "ok"}}, nil
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
