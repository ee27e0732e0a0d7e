package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/limits"
	"twinlock-example/mail"
	"twinlock-example/web"
)

const (
	password = "correct horse battery staple"
	keys     = "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
)

// Passwords are quick to check here: what they cost is not what these tests are about.
var costs = accounts.Costs{MemoryKiB: 8, Passes: 1, Lanes: 1}

// What an answer has that asks for a second factor.
var challengeMembers = []string{"is_totp_enabled", "totp_challenge_token", "methods", "expires_at", "code_sent", "gives",
	"trust_available"}

// object is a JSON object.
type object map[string]any

// world is a running site with a clock that the test moves.
type world struct {
	*testing.T
	site    *web.Site
	url     string
	seconds atomic.Int64
	lock    sync.Mutex
	log     bytes.Buffer
	mailed  chan mail.Message
}

func newWorld(t *testing.T, changes ...func(site *web.Site)) *world {
	t.Helper()
	w := &world{T: t, mailed: make(chan mail.Message, 10)}
	w.seconds.Store(1_800_000_000)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	database, err := accounts.Open(ctx, filepath.Join(t.TempDir(), "site.sqlite3"), costs)
	w.must(err)
	t.Cleanup(func() { _ = database.DB.Close() })
	w.site = &web.Site{
		Database: database, Rate: limits.Rate{Requests: 1_000_000, Window: time.Hour}, Clock: w.now,
		Log: slog.New(slog.NewJSONHandler(w, nil)), RecoveryURL: "https://acme.example/{uid}/{token}",
		Mail: func(_ context.Context, message mail.Message) error { w.mailed <- message; return nil },
	}
	for _, change := range changes {
		change(w.site)
	}
	w.site.Engine, w.site.Strict = w.engine(w.site.Policy), w.engine(w.site.Policy.Strict())
	server := httptest.NewServer(w.site.Handler())
	t.Cleanup(server.Close)
	w.url = server.URL
	go w.site.DeliverMail(ctx)
	return w
}

func (w *world) engine(policy web.Policy) *twinlock.Engine {
	w.Helper()
	engine, err := twinlock.New(policy.Config(twinlock.Config{Issuer: "Acme", Keys: keys, Clock: w.now}))
	w.must(err)
	w.Cleanup(func() { _ = engine.Close() })
	return engine
}

// Write takes the log.
func (w *world) Write(line []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.log.Write(line)
}

func (w *world) logged() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.log.String()
}

func (w *world) now() time.Time       { return time.Unix(w.seconds.Load(), 0) }
func (w *world) pass(d time.Duration) { w.seconds.Add(int64(d / time.Second)) }
func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// reply is an answer of the site.
type reply struct {
	status int
	header http.Header
	text   string
	body   object
}

func (w *world) send(method, path, contentType, token, body string, headers ...string) reply {
	w.Helper()
	request, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	w.must(err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	w.must(err)
	return w.parsed(response, text)
}

func (w *world) parsed(response *http.Response, text []byte) reply {
	w.Helper()
	got := reply{status: response.StatusCode, header: response.Header, text: string(text)}
	request := response.Request
	if found := complaint(request.Method, request.URL.EscapedPath(), got.status, text); found != "" {
		w.Errorf("%s %s: %d %s: %s", request.Method, request.URL, got.status, text, found)
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &got.body); err != nil {
			w.Fatalf("%s: %d %s: %v", response.Request.URL, got.status, text, err)
		}
	}
	return got
}

func (w *world) post(path string, body any, headers ...string) reply {
	w.Helper()
	text, err := json.Marshal(body)
	w.must(err)
	return w.send("POST", "/api/"+path+"/", "application/json", "", string(text), headers...)
}

// is checks status and exact body.
func (r reply) is(t *testing.T, status int, body object) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var wanted object
	_ = json.Unmarshal(text, &wanted)
	if r.status != status || !reflect.DeepEqual(r.body, wanted) {
		t.Fatalf("%d %s instead of %d %s", r.status, r.text, status, text)
	}
}

// has checks the status and which members there are.
func (r reply) has(t *testing.T, status int, names ...string) {
	t.Helper()
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	found := map[string]bool{}
	for name := range r.body {
		found[name] = true
	}
	if r.status != status || !maps.Equal(wanted, found) {
		t.Fatalf("%d %s instead of %d with %v", r.status, r.text, status, names)
	}
}

func problem(detail, code string) object { return object{"detail": detail, "code": code} }

// person is somebody who has an account.
type person struct {
	*world
	name, id, access, secret string
	backupCodes              []any
}

func (w *world) person(name string) *person {
	w.Helper()
	id, err := w.site.Database.SignUp(context.Background(), name, name+"@example.com", password)
	w.must(err)
	return &person{world: w, name: name, id: id}
}

func (p *person) credentials() object { return object{"username": p.name, "password": password} }

// signIn signs in with the password alone.
func (p *person) signIn() object {
	p.Helper()
	login := p.post("jwt/create", p.credentials())
	login.has(p.T, 200, "is_totp_enabled", "access", "refresh")
	p.access = login.body["access"].(string)
	return login.body
}

// enrolled has an authenticator whose next code is not used up.
func (w *world) enrolled(name string) *person {
	w.Helper()
	p := w.person(name)
	p.signIn()
	p.secret = p.as("POST", "totp/create", nil).body["secret"].(string)
	done := p.as("POST", "totp/confirm", object{"input_code": p.code()})
	done.has(w.T, 200, "device_id", "backup_codes", "access", "refresh")
	p.backupCodes, p.access = done.body["backup_codes"].([]any), done.body["access"].(string)
	w.pass(30 * time.Second)
	return p
}

// as sends a request with the person's access token.
func (p *person) as(method, path string, body any) reply {
	p.Helper()
	text := ""
	if body != nil {
		encoded, err := json.Marshal(body)
		p.must(err)
		text = string(encoded)
	}
	return p.send(method, "/api/"+path+"/", "application/json", p.access, text)
}

func (p *person) code() string {
	p.Helper()
	code, err := twinlock.TOTP{}.Generate(p.secret, p.now())
	p.must(err)
	return code
}

// wrong is a code of ten steps ago, which may happen to be right once in a million times.
func (p *person) wrong() string {
	p.Helper()
	code, err := twinlock.TOTP{}.Generate(p.secret, p.now().Add(-5*time.Minute))
	p.must(err)
	return code
}

func (p *person) challenge() string {
	p.Helper()
	login := p.post("jwt/create", p.credentials())
	login.has(p.T, 200, challengeMembers...)
	return login.body["totp_challenge_token"].(string)
}

func (p *person) answer(challenge string, answer object) reply {
	p.Helper()
	body := object{"totp_challenge_token": challenge}
	maps.Copy(body, answer)
	return p.post("jwt/totp/verify", body)
}
