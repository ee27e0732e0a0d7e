package postgrestest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"twinlock"
)

// Server is one PostgreSQL. It keeps folder and port while it is killed and started again.
type Server struct {
	programs, folder, password string
	port                       int
	owner                      *syscall.Credential
	process                    *exec.Cmd
}

// Start starts one. Stop it in the end.
func Start() (*Server, error) {
	s := &Server{programs: programs()}
	if s.programs == "" {
		return nil, ErrNotThere
	}
	var err error
	if s.folder, err = os.MkdirTemp("", "twinlock-postgres-"); err != nil {
		return nil, err
	}
	if err = s.prepare(); err == nil {
		err = s.Restart()
	}
	if err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// programs is the folder with initdb: on the PATH, or the newest where Debian keeps them.
func programs() string {
	if found, err := exec.LookPath("initdb"); err == nil {
		found, _ = filepath.EvalSymlinks(found)
		return filepath.Dir(found)
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(debian) == 0 {
		return ""
	}
	number := func(path string) int { n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))); return n }
	return filepath.Dir(slices.MaxFunc(debian, func(a, b string) int { return number(a) - number(b) }))
}

// URL is where to connect.
func (s *Server) URL() string {
	return fmt.Sprintf("postgres://twinlock:%s@127.0.0.1:%d/postgres?sslmode=disable", s.password, s.port)
}

// prepare makes the cluster, as somebody who is not root: PostgreSQL refuses to be that.
func (s *Server) prepare() error {
	secret, err := twinlock.GenerateSecret()
	if err != nil {
		return err
	}
	s.password = secret
	word := filepath.Join(s.folder, "password")
	if err := os.WriteFile(word, []byte(s.password), 0o600); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := s.becomeNobody(s.folder, word); err != nil {
			return err
		}
	}
	initdb := s.command("initdb", "-D", filepath.Join(s.folder, "data"), "-U", "twinlock", "--no-sync",
		"--auth=scram-sha-256", "--pwfile="+word, "--encoding=UTF8", "--locale=C")
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, said)
	}
	return nil
}

func (s *Server) becomeNobody(paths ...string) error {
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(found.Uid)
		gid, _ := strconv.Atoi(found.Gid)
		s.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		for _, path := range paths {
			if err := os.Chown(path, uid, gid); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("PostgreSQL needs an unprivileged user to run as")
}

func (s *Server) command(program string, arguments ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(s.programs, program), arguments...)
	command.Dir = s.folder
	// It ends with the tests, however they end.
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.owner, Pdeathsig: syscall.SIGQUIT}
	return command
}

// Restart starts it again after [Server.Kill].
func (s *Server) Restart() error {
	if s.port == 0 {
		if err := s.choosePort(); err != nil {
			return err
		}
	}
	// Nothing here has to outlive the machine, so the disk is not waited for.
	s.process = s.command("postgres", "-D", filepath.Join(s.folder, "data"), "-c", "listen_addresses=127.0.0.1",
		"-c", "port="+strconv.Itoa(s.port), "-c", "unix_socket_directories=", "-c", "max_connections=200",
		"-c", "fsync=off")
	var log bytes.Buffer
	s.process.Stdout, s.process.Stderr = &log, &log
	if err := s.process.Start(); err != nil {
		return err
	}
	return s.wait(&log)
}

// wait waits until it answers.
func (s *Server) wait(log *bytes.Buffer) error {
	db, err := sql.Open("pgx", s.URL())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = db.PingContext(context.Background()); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL did not start: %w\n%s", err, log)
		}
	}
}

func (s *Server) choosePort() error {
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.port = probe.Addr().(*net.TCPAddr).Port
	return probe.Close()
}

// Kill breaks every connection at once and stops without a word to the clients.
func (s *Server) Kill() { s.end(syscall.SIGQUIT) }

// Stop ends it and removes all that it wrote.
func (s *Server) Stop() {
	s.end(syscall.SIGINT) // "fast": clients are cut off
	_ = os.RemoveAll(s.folder)
}

func (s *Server) end(how syscall.Signal) {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Signal(how)
		_ = s.process.Wait()
	}
	s.process = nil
}
