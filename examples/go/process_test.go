package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// STO-01, STO-03: of many posts of one code to two servers on one database, one is a way in.
func TestOfManyPostsOfOneCodeToTwoServersOneIsAWayIn(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		keys := filepath.Join(t.TempDir(), "keys")
		servers := []*process{start(t, database, keys), start(t, database, keys)}
		for _, many := range []int{20, 100} {
			who := servers[0].enroll()
			early()
			challenges := []string{servers[0].challenge(who), servers[1].challenge(who)}
			counted := race(many, func(number int) (int, object) {
				body := object{"totp_challenge_token": challenges[number/2%2], "otp_code": who.code(t, 0)}
				if many == 100 {
					body = object{"totp_challenge_token": challenges[number/2%2], "backup_code": who.backupCodes[0]}
				}
				return servers[number%2].post("jwt/totp/verify", body)
			})
			if counted[200] != 1 || counted[400]+counted[429] != many-1 {
				t.Errorf("%d at once: %v", many, counted)
			}
		}
	})
}

// race makes so many calls at once and counts their statuses.
func race(many int, call func(number int) (int, object)) map[int]int {
	counted := map[int]int{}
	var lock sync.Mutex
	var ready, group sync.WaitGroup
	ready.Add(many)
	for number := range many {
		group.Go(func() {
			ready.Done()
			ready.Wait()
			status, _ := call(number)
			lock.Lock()
			counted[status]++
			lock.Unlock()
		})
	}
	group.Wait()
	return counted
}

// STO-02: what was answered is there after the server was killed in the middle of its work.
func TestWhatWasAnsweredOutlivesTheServersDeath(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		keys := filepath.Join(t.TempDir(), "keys")
		server := start(t, database, keys)
		who := server.enroll()
		challenge := server.challenge(who)
		var lock sync.Mutex
		answered := map[int]int{}
		killed := time.AfterFunc(30*time.Millisecond, func() { _ = server.command.Process.Kill() })
		defer killed.Stop()
		race(len(who.backupCodes), func(number int) (int, object) {
			time.Sleep(time.Duration(number) * 8 * time.Millisecond)
			status, answer := server.call("POST", "/api/totp/disable/", who.access,
				object{"otp_code": fmt.Sprintf("%06d", number)})
			lock.Lock()
			defer lock.Unlock()
			answered[number] = status
			return status, answer
		})
		_ = server.command.Wait()
		again := start(t, database, keys)
		failures := 0
		for _, status := range answered {
			if status == 400 {
				failures++
			}
		}
		checkCounted(t, again, who, failures)
		if status, answer := again.post("jwt/totp/verify",
			object{"totp_challenge_token": challenge, "backup_code": who.backupCodes[0]}); status != 200 && status != 429 {
			t.Error(status, answer)
		}
	})
}

// checkCounted wants the account to be locked where so many wrong codes were told to be wrong.
func checkCounted(t *testing.T, server *process, who *person, failures int) {
	t.Helper()
	status := server.wants(200, "GET", "/api/totp/status/", who.access, nil)
	if locked := status["locked_until"] != nil; failures >= 5 && !locked {
		t.Errorf("%d wrong codes were answered, and nothing is locked", failures)
	}
}

// A spent code stays spent: the server dies at once after the answer.
func TestASpentCodeStaysSpentWhenTheServerDies(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		early()
		keys := filepath.Join(t.TempDir(), "keys")
		server := start(t, database, keys)
		who := server.enroll()
		body := object{"totp_challenge_token": server.challenge(who), "otp_code": who.code(t, 0)}
		server.wants(200, "POST", "/api/jwt/totp/verify/", "", body)
		_ = server.stop(syscall.SIGKILL)
		again := start(t, database, keys)
		answer := again.wants(400, "POST", "/api/jwt/totp/verify/", "", body)
		if answer["code"] != "challenge_spent" {
			t.Error(answer)
		}
		body["totp_challenge_token"] = again.challenge(who)
		if answer = again.wants(400, "POST", "/api/jwt/totp/verify/", "", body); answer["code"] != "replayed" {
			t.Error(answer)
		}
	})
}

// THR-05: without its database the server says so, and is well when it is back.
func TestTheDatabaseGoesAwayAndComesBack(t *testing.T) {
	database := postgresDatabase(t)
	server := start(t, database, filepath.Join(t.TempDir(), "keys"))
	who := server.enroll()
	challenge := server.challenge(who)
	postgres.Kill()
	body := object{"totp_challenge_token": challenge, "backup_code": who.backupCodes[0]}
	server.wants(503, "GET", "/healthz", "", nil)
	server.wants(503, "POST", "/api/jwt/totp/verify/", "", body)
	server.wants(503, "POST", "/api/jwt/create/", "", object{"username": who.name, "password": password})
	server.wants(503, "GET", "/api/totp/status/", who.access, nil)
	must(t, postgres.Restart())
	server.wants(200, "GET", "/healthz", "", nil)
	server.wants(200, "POST", "/api/jwt/totp/verify/", "", body)
}

func TestALockedDatabaseIsAClearAnswer(t *testing.T) {
	place := filepath.Join(t.TempDir(), "site.sqlite3")
	server := start(t, place, filepath.Join(t.TempDir(), "keys"))
	who := server.enroll()
	body := object{"totp_challenge_token": server.challenge(who), "backup_code": who.backupCodes[0]}
	db, err := sql.Open("sqlite3", "file:"+place+"?_txlock=immediate")
	must(t, err)
	defer func() { _ = db.Close() }()
	holding, err := db.Begin()
	must(t, err)
	server.wants(503, "POST", "/api/jwt/totp/verify/", "", body)
	server.wants(200, "GET", "/healthz", "", nil) // it can be read
	must(t, holding.Rollback())
	server.wants(200, "POST", "/api/jwt/totp/verify/", "", body)
}

func TestTheServerStopsGracefully(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, syscall.SIGINT} {
		server := start(t, filepath.Join(t.TempDir(), "site.sqlite3"), filepath.Join(t.TempDir(), "keys"))
		answered := make(chan int)
		go func() { // hashing takes a while: the request is in hand when the signal comes
			status, _ := server.post("example/sign_up", object{"username": "alice", "password": password})
			answered <- status
		}()
		time.Sleep(10 * time.Millisecond)
		if err := server.stop(signal); err != nil {
			t.Error(err, server.log)
		}
		if status := <-answered; status != 201 {
			t.Error(status)
		}
	}
}

func TestKeysAreMadeOnceForTheirOwnerAlone(t *testing.T) {
	folder := t.TempDir()
	keys := filepath.Join(folder, "var", "keys")
	var group sync.WaitGroup
	for number := range 3 {
		group.Go(func() { start(t, filepath.Join(folder, fmt.Sprint(number)), keys) })
	}
	group.Wait()
	about, err := os.Stat(keys)
	must(t, err)
	files, err := os.ReadDir(filepath.Dir(keys))
	must(t, err)
	if about.Mode().Perm() != 0o600 || len(files) != 1 {
		t.Error(about.Mode(), files)
	}
	database, err := os.Stat(filepath.Join(folder, "0"))
	must(t, err)
	if database.Mode().Perm() != 0o600 {
		t.Error(database.Mode())
	}
}

// What the program says where it cannot start.
func TestStartUpErrorsAreClear(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = busy.Close() }()
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, "bad"), []byte("no keys\n"), 0o600))
	for said, arguments := range map[string][]string{
		"cannot listen":               {"--listen", busy.Addr().String()},
		"is no rate":                  {"--rate", "often"},
		"is no level":                 {"--log-level", "loud"},
		"is no flag":                  {"start"},
		"not defined: -nonsense":      {"--nonsense"},
		"proxies is 0 or more":        {"--proxies", "-1"},
		"neither nobody nor all":      {"--required", "some"},
		"is no time":                  {"--grace", "soon"},
		"is no number":                {"--trusted-devices", "-1"},
		"nothing delivers them":       {"--sent-codes", "sign_in"},
		"or the policy do not fit":    {"--fallback", "nothing"},
		"the keys, the issuer":        {"--keys-file", filepath.Join(folder, "bad")},
		"the database cannot be used": {"--database", "postgres://user:hidden@127.0.0.1:1/none"},
		"Usage:":                      {"--help"},
	} {
		everything := append([]string{"--database", filepath.Join(folder, "site"), "--keys-file",
			filepath.Join(folder, "keys"), "--listen", "127.0.0.1:0"}, arguments...)
		command := exec.Command(os.Args[0], everything...)
		command.Env = append(os.Environ(), serverVariable+"=1")
		var output bytes.Buffer
		command.Stdout, command.Stderr = &output, &output
		err := command.Run()
		if !strings.Contains(output.String(), said) || (err == nil) != (said == "Usage:") {
			t.Errorf("%v: %v\n%s", arguments, err, &output)
		}
		if strings.Contains(output.String(), "hidden") || strings.Contains(output.String(), "no keys") {
			t.Errorf("a secret was told:\n%s", &output)
		}
	}
}
