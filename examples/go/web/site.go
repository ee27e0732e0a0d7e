// Package web is the HTTP interface: the native JSON contract, in which every client of Twinlock's other servers
// can speak to this one.
package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/limits"
	"twinlock-example/mail"
)

// Site is what the endpoints work with. Engine, Database and Rate are required.
type Site struct {
	Engine   *twinlock.Engine
	Database *accounts.Database
	// What Engine was made with.
	Policy Policy
	// An engine of Policy.Strict, where there are people who have to have a second factor.
	Strict *twinlock.Engine
	// Requests per address, or per account where somebody is signed in, and per kind of endpoint.
	Rate limits.Rate
	// How many proxies of ours add to X-Forwarded-For in front of the server.
	Proxies int
	// Where recovery links lead to, with {uid} and {token} in it.
	RecoveryURL string
	// What delivers mail; where it is nil, nobody gets any.
	Mail func(ctx context.Context, message mail.Message) error
	Log  *slog.Logger
	// What tells the time; time.Now where it is nil.
	Clock func() time.Time

	limiters map[string]*limits.Limiter
	jobs     chan job
}

// A request has so long for everything that it asks of the database.
const patience = 10 * time.Second

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
	// What the answer sets.
	cookies []*http.Cookie
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
	s.jobs = make(chan job, jobsInHand)
	mux := http.NewServeMux()
	for path, resource := range s.resources() {
		if s.limiters[resource.group] == nil {
			s.limiters[resource.group] = limits.New(s.Rate)
		}
		pattern := path
		if strings.HasSuffix(path, "/") {
			pattern += "{$}" // and nothing below it
		}
		mux.Handle(pattern, s.handle(path, resource))
	}
	mux.Handle("/", s.handle("(none)", resource{}))
	return mux
}

// handle makes a resource a handler: it answers whatever happens, and logs one line.
func (s *Site) handle(path string, resource resource) http.Handler {
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
		done, err := c.run(resource)
		status = c.respond(w, resource, done, err)
	})
}

// run takes a request through the checks in the contract's order.
func (c *call) run(resource resource) (answer, error) {
	if c.ContentLength > bodyLimit {
		return answer{}, errBodyTooLarge
	}
	if !c.takesJSON() {
		return answer{}, errNotAcceptable
	}
	if err := c.open(resource.opens); err != nil {
		return answer{}, err
	}
	if err := c.count(resource.group); err != nil {
		return answer{}, err
	}
	serve, err := resource.serving(c.Method)
	if err != nil {
		return answer{}, err
	}
	return serve(c)
}

// takesJSON says whether the client takes the only thing that is served.
func (c *call) takesJSON() bool {
	accept := strings.Join(c.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return true
	}
	for kind := range strings.SplitSeq(accept, ",") {
		kind, _, _ = strings.Cut(kind, ";")
		if slices.Contains([]string{"*/*", "application/*", jsonType}, strings.ToLower(strings.TrimSpace(kind))) {
			return true
		}
	}
	return false
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

func (c *call) respond(w http.ResponseWriter, resource resource, done answer, err error) int {
	var wrong fieldErrors
	if errors.As(err, &wrong) {
		c.events = append(c.events, slog.String("refused", "fields"))
		done = answer{status: http.StatusBadRequest, body: wrong}
	} else if err != nil {
		told := problemOf(err, resource.texts, c.Clock())
		c.failed(told, err)
		for name, values := range told.header {
			w.Header()[name] = values
		}
		done = answer{status: told.status, body: told.body()}
	}
	for _, cookie := range c.cookies {
		http.SetCookie(w, cookie)
	}
	return write(w, done)
}

// write sends an answer that no cache keeps and no browser takes for anything else.
func write(w http.ResponseWriter, done answer) int {
	header := w.Header()
	header.Set("Cache-Control", cmp.Or(done.cache, "no-store"))
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
	header.Set("Content-Type", jsonType)
	w.WriteHeader(done.status)
	_, _ = w.Write(text)
	return done.status
}

// health says whether requests can be served; nobody is counted here.
func health(c *call) (answer, error) {
	const soon = 2 * time.Second
	ctx, cancel := context.WithTimeout(c.ctx, soon)
	defer cancel()
	if err := c.Database.Ping(ctx); err != nil {
		return answer{}, err
	}
	return ok(members{"status": "ok"}), nil
}
