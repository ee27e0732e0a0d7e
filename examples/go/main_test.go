package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock/sqlstore/postgrestest"
)

const (
	password = "correct horse battery staple"
	// With this in its environment the test program is the server.
	serverVariable = "TWINLOCK_TEST_SERVER"
)

func TestMain(m *testing.M) {
	if os.Getenv(serverVariable) != "" {
		os.Exit(run(os.Args[1:]))
	}
	code := m.Run()
	if postgres != nil {
		postgres.Stop()
	}
	os.Exit(code)
}

var postgres *postgrestest.Server

// everywhere runs a test on each database.
func everywhere(t *testing.T, test func(t *testing.T, database string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "site.sqlite3")) })
	t.Run("PostgreSQL", func(t *testing.T) { test(t, postgresDatabase(t)) })
}

// postgresDatabase is a database that is empty and nobody else's, on a PostgreSQL of the tests' own.
func postgresDatabase(t *testing.T) string {
	t.Helper()
	var err error
	if postgres == nil {
		postgres, err = postgrestest.Start()
	}
	if errors.Is(err, postgrestest.ErrNotThere) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	must(t, err)
	database, err := accounts.Open(t.Context(), postgres.URL(), accounts.UsualCosts)
	must(t, err)
	defer func() { _ = database.DB.Close() }()
	name := "site_" + strings.ToLower(rand.Text())
	_, err = database.DB.Exec("CREATE DATABASE " + name)
	must(t, err)
	return strings.Replace(postgres.URL(), "/postgres?", "/"+name+"?", 1)
}

// process is one running server.
type process struct {
	*testing.T
	command *exec.Cmd
	url     string
	log     *bytes.Buffer
}

func start(t *testing.T, database, keys string, more ...string) *process {
	t.Helper()
	arguments := append([]string{"--listen", "127.0.0.1:0", "--database", database, "--keys-file", keys,
		"--rate", "1000000/second"}, more...)
	p := &process{T: t, command: exec.Command(os.Args[0], arguments...), log: new(bytes.Buffer)}
	p.command.Env = append(os.Environ(), serverVariable+"=1")
	p.command.Stderr = p.log
	output, err := p.command.StdoutPipe()
	must(t, err)
	must(t, p.command.Start())
	t.Cleanup(func() { _ = p.command.Process.Kill(); _ = p.command.Wait() })
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		_ = p.command.Wait()
		t.Fatalf("the server did not start: %s", p.log)
	}
	p.url = strings.TrimSpace(strings.TrimPrefix(line, "Listening on "))
	return p
}

// stop asks the server to stop, and gives what it ended with.
func (p *process) stop(how os.Signal) error {
	must(p.T, p.command.Process.Signal(how))
	return p.command.Wait()
}

type object map[string]any

// call sends a request; status 0 where the server did not answer.
func (p *process) call(method, path, token string, body object) (status int, answer object) {
	var text bytes.Buffer
	if body != nil {
		_ = json.NewEncoder(&text).Encode(body)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, p.url+path, &text)
	must(p.T, err)
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = response.Body.Close() }()
	said, _ := io.ReadAll(response.Body)
	_ = json.Unmarshal(said, &answer)
	return response.StatusCode, answer
}

func (p *process) post(path string, body object) (int, object) {
	return p.call("POST", "/api/"+path+"/", "", body)
}

// wants calls and fails where the status is another one.
func (p *process) wants(status int, method, path, token string, body object) object {
	p.Helper()
	got, answer := p.call(method, path, token, body)
	if got != status {
		p.Fatalf("%s %s: %d %v instead of %d\n%s", method, path, got, answer, status, p.log)
	}
	return answer
}

// person is somebody with an authenticator.
type person struct {
	name, secret, access string
	backupCodes          []any
}

func (p *process) enroll() *person {
	p.Helper()
	who := &person{name: "u" + rand.Text()}
	credentials := object{"username": who.name, "password": password}
	p.wants(201, "POST", "/api/example/sign_up/", "", credentials)
	access := p.wants(200, "POST", "/api/jwt/create/", "", credentials)["access"].(string)
	who.secret = p.wants(201, "POST", "/api/totp/create/", access, nil)["secret"].(string)
	earlier := object{"input_code": who.code(p.T, -1)}
	done := p.wants(200, "POST", "/api/totp/confirm/", access, earlier)
	who.access, who.backupCodes = done["access"].(string), done["backup_codes"].([]any)
	return who
}

// code is one of so many steps after the present one.
func (w *person) code(t *testing.T, steps int) string {
	t.Helper()
	code, err := twinlock.TOTP{}.Generate(w.secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	must(t, err)
	return code
}

func (p *process) challenge(who *person) string {
	p.Helper()
	login := p.wants(200, "POST", "/api/jwt/create/", "", object{"username": who.name, "password": password})
	challenge, ok := login["totp_challenge_token"].(string)
	if !ok {
		p.Fatal("no challenge: ", login["is_totp_enabled"])
	}
	return challenge
}

// early waits until there is time enough before the codes change.
func early() {
	const enough = 8
	if left := 30 - time.Now().Unix()%30; left < enough {
		time.Sleep(time.Duration(left) * time.Second)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(fmt.Sprint(err))
	}
}
