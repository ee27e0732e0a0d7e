package main

import (
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// session signs in with a backup code: the refresh token.
func (p *process) session(who *person) string {
	p.Helper()
	body := object{"totp_challenge_token": p.challenge(who), "backup_code": who.backupCodes[0]}
	who.backupCodes = who.backupCodes[1:]
	done := p.wants(200, "POST", "/api/jwt/totp/verify/", "", body)
	who.access = done["access"].(string)
	return done["refresh"].(string)
}

func (p *process) refresh(token string) (int, object) {
	return p.post("jwt/refresh", object{"refresh": token})
}

// successors are the tokens that so many refreshes of one token at once get of two servers, and the statuses of those
// that got none.
func successors(servers []*process, token string, many int) (all map[string]int, refused map[int]int) {
	all, refused = map[string]int{}, map[int]int{}
	var lock sync.Mutex
	race(many, func(number int) (int, object) {
		status, answer := servers[number%2].refresh(token)
		lock.Lock()
		defer lock.Unlock()
		if next, ok := answer["refresh"].(string); ok && status == 200 {
			all[next]++
		} else {
			refused[status]++
		}
		return status, answer
	})
	return all, refused
}

// JWT-10, JWT-12: of many refreshes of one token on two servers one rotates it, and the others get what that one got.
func TestOfManyRefreshesOfOneTokenOneSuccessorComes(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		keys := filepath.Join(t.TempDir(), "keys")
		servers := []*process{start(t, database, keys), start(t, database, keys)}
		token := servers[0].session(servers[0].enroll())
		for round := range 5 {
			all, refused := successors(servers, token, 40)
			delete(refused, 429) // so many rivals may keep one from its turn
			if len(all) != 1 || len(refused) > 0 {
				t.Fatalf("round %d: %d successors, and %v", round, len(all), refused)
			}
			for token = range all { // the only one
				break
			}
		}
		if status, answer := servers[1].refresh(token); status != 200 {
			t.Error(status, answer)
		}
	})
}

// JWT-11: a copy that comes after its successor was used ends the session on every server, and nothing that races with it
// brings the session back.
func TestACopyEndsTheSessionWhateverRacesWithIt(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		keys := filepath.Join(t.TempDir(), "keys")
		servers := []*process{start(t, database, keys), start(t, database, keys)}
		who := servers[0].enroll()
		stolen := servers[0].session(who)
		_, second := servers[0].refresh(stolen)
		_, third := servers[1].refresh(second["refresh"].(string))
		var lock sync.Mutex
		alive := []string{third["refresh"].(string)}
		race(40, func(number int) (int, object) {
			token := stolen
			if number%2 == 0 {
				token = third["refresh"].(string)
			}
			status, answer := servers[number/2%2].refresh(token)
			lock.Lock()
			defer lock.Unlock()
			if next, ok := answer["refresh"].(string); ok {
				if alive = append(alive, next); number%2 == 1 {
					t.Error("the copy brought tokens")
				}
			}
			return status, answer
		})
		for number, token := range alive {
			if status, answer := servers[number%2].refresh(token); status != 401 {
				t.Error(status, answer)
			}
		}
		servers[1].wants(401, "GET", "/api/totp/status/", third["access"].(string), nil)
	})
}

// A logout wins over every refresh that began before it and ended after it.
func TestALogoutOutrunsTheRefreshesThatRaceWithIt(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		keys := filepath.Join(t.TempDir(), "keys")
		servers := []*process{start(t, database, keys), start(t, database, keys)}
		who := servers[0].enroll()
		for range 3 {
			token := servers[0].session(who)
			var lock sync.Mutex
			given := []string{token}
			counted := race(20, func(number int) (int, object) {
				if number == 10 {
					return servers[1].post("jwt/logout", object{"refresh": token})
				}
				status, answer := servers[number%2].refresh(token)
				lock.Lock()
				defer lock.Unlock()
				if next, ok := answer["refresh"].(string); ok {
					given = append(given, next)
				}
				return status, answer
			})
			if counted[204] != 1 {
				t.Error(counted)
			}
			for _, each := range given {
				if status, answer := servers[0].refresh(each); status != 401 {
					t.Fatal(status, answer)
				}
			}
		}
	})
}

// STO-02: a session whose tokens were answered is there after the server was killed, and one that was ended stays so.
func TestSessionsOutliveTheServersDeath(t *testing.T) {
	everywhere(t, func(t *testing.T, database string) {
		keys := filepath.Join(t.TempDir(), "keys")
		server := start(t, database, keys)
		who := server.enroll()
		ended, living := server.session(who), server.session(who)
		_, next := server.refresh(living)
		server.wants(204, "POST", "/api/jwt/logout/", "", object{"refresh": ended})
		_ = server.stop(syscall.SIGKILL)
		again := start(t, database, keys)
		if status, answer := again.refresh(ended); status != 401 {
			t.Error(status, answer)
		}
		if status, answer := again.refresh(next["refresh"].(string)); status != 200 {
			t.Error(status, answer)
		}
		if listed := again.wants(200, "GET", "/api/jwt/sessions/", who.access, nil)["sessions"].([]any); len(listed) != 2 {
			t.Error(listed) // that of the enrollment, and the one that lives
		}
	})
}

// The server's own flags make a policy: a code is mailed, and whoever has to have a second factor sets one up.
func TestTheFlagsMakeThePolicy(t *testing.T) {
	folder := t.TempDir()
	server := start(t, filepath.Join(folder, "site"), filepath.Join(folder, "keys"), "--required", "all", "--grace", "1h",
		"--sent-codes", "sign_in", "--fallback", "sent_code", "--mail-dir", filepath.Join(folder, "mail"),
		"--trusted-devices", "3", "--opt-out", "allowed")
	credentials := object{"username": "alice", "password": password, "email": "alice@example.com"}
	server.wants(201, "POST", "/api/example/sign_up/", "", credentials)
	login := server.wants(200, "POST", "/api/jwt/create/", "", credentials)
	if login["code_sent"] != true || login["trust_available"] != true {
		t.Error(login)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if mails, _ := filepath.Glob(filepath.Join(folder, "mail", "*.eml")); len(mails) == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no mail", fmt.Sprint(server.log))
		}
	}
	strict := start(t, filepath.Join(folder, "site"), filepath.Join(folder, "keys"), "--required", "all")
	if login = strict.wants(200, "POST", "/api/jwt/create/", "", credentials); login["enrollment_required"] != true {
		t.Error(login)
	}
}
