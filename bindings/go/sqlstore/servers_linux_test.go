package sqlstore_test

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

	"twinlock"
)

// postgres is a PostgreSQL of the tests' own: in a temporary folder, on a free loopback port, gone afterwards.
type postgres struct {
	programs, folder, password string
	port                       int
	owner                      *syscall.Credential
	server                     *exec.Cmd
}

var errNoPostgres = errors.New("PostgreSQL's programs were not found")

// startPostgres starts one, and names what stops it.
func startPostgres() (url string, stop func(), err error) {
	p := &postgres{programs: postgresPrograms()}
	if p.programs == "" {
		return "", nil, errNoPostgres
	}
	if p.folder, err = os.MkdirTemp("", "twinlock-postgres-"); err != nil {
		return "", nil, err
	}
	if err = errors.Join(p.prepare(), p.start()); err != nil {
		p.stop()
		return "", nil, err
	}
	return p.url(), p.stop, nil
}

// postgresPrograms is the folder with initdb: on the PATH, or the newest where Debian keeps them.
func postgresPrograms() string {
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

func (p *postgres) url() string {
	return fmt.Sprintf("postgres://twinlock:%s@127.0.0.1:%d/postgres?sslmode=disable", p.password, p.port)
}

// prepare makes the cluster, as somebody who is not root: PostgreSQL refuses to be that.
func (p *postgres) prepare() error {
	secret, err := twinlock.GenerateSecret()
	if err != nil {
		return err
	}
	p.password = secret
	word := filepath.Join(p.folder, "password")
	if err := os.WriteFile(word, []byte(p.password), 0o600); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := p.becomeNobody(p.folder, word); err != nil {
			return err
		}
	}
	initdb := p.command("initdb", "-D", filepath.Join(p.folder, "data"), "-U", "twinlock", "--no-sync",
		"--auth=scram-sha-256", "--pwfile="+word, "--encoding=UTF8", "--locale=C")
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, said)
	}
	return nil
}

func (p *postgres) becomeNobody(paths ...string) error {
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(found.Uid)
		gid, _ := strconv.Atoi(found.Gid)
		p.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		for _, path := range paths {
			if err := os.Chown(path, uid, gid); err != nil {
				return err
			}
		}
		return nil
	}
	return errors.New("PostgreSQL needs an unprivileged user to run as")
}

func (p *postgres) command(program string, arguments ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(p.programs, program), arguments...)
	command.Dir = p.folder
	// It ends with the tests, however they end.
	command.SysProcAttr = &syscall.SysProcAttr{Credential: p.owner, Pdeathsig: syscall.SIGQUIT}
	return command
}

func (p *postgres) start() error {
	if p.password == "" {
		return nil // it was not prepared, which is told already
	}
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.port = probe.Addr().(*net.TCPAddr).Port
	_ = probe.Close()
	// Nothing here has to outlive the machine, so the disk is not waited for.
	p.server = p.command("postgres", "-D", filepath.Join(p.folder, "data"), "-c", "listen_addresses=127.0.0.1",
		"-c", "port="+strconv.Itoa(p.port), "-c", "unix_socket_directories=", "-c", "max_connections=200",
		"-c", "fsync=off")
	var log bytes.Buffer
	p.server.Stdout, p.server.Stderr = &log, &log
	if err := p.server.Start(); err != nil {
		return err
	}
	db, err := sql.Open("pgx", p.url())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = db.PingContext(context.Background()); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL did not start: %w", err)
		}
	}
}

func (p *postgres) stop() {
	if p.server != nil && p.server.Process != nil {
		_ = p.server.Process.Signal(syscall.SIGINT) // "fast": clients are cut off
		_ = p.server.Wait()
	}
	_ = os.RemoveAll(p.folder)
}
