package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"twinlock"
	"twinlock-example/limits"
	"twinlock-example/mail"
	"twinlock-example/web"
)

const jwtName = "twinlock-example"

var errHelped = errors.New("help was asked for")

const usage = `The reference server in Go: sign-up, sign-in and the second factor over JSON.

Usage: server [flags]

Every flag has a variable of the environment; the flag wins. TWINLOCK_KEYS holds the key ring; where it is not
set, the file of --keys-file is read, and made on the first start, readable by its owner alone. Back it up: without
it nobody's second factor opens. Use TLS in front of the server.

`

// settings are what the program was told.
type settings struct {
	listen, database, issuer, keysFile      string
	mailDir, mailRelay, sender, recoveryURL string
	rate                                    limits.Rate
	proxies                                 int
	level                                   slog.Level
	policy                                  web.Policy
}

// parse reads flags and environment.
func parse(arguments []string) (*settings, error) {
	s := new(settings)
	flags := flag.NewFlagSet("server", flag.ContinueOnError)
	flags.SetOutput(new(strings.Builder))
	var rate, level, required, grace, trusted string
	text := func(into *string, name, variable, usual, about string) {
		about = fmt.Sprintf("%s [%s]", about, variable)
		flags.StringVar(into, name, cmp.Or(os.Getenv(variable), usual), about)
	}
	text(&s.listen, "listen", "LISTEN", "127.0.0.1:8080", "`address` to listen on")
	text(&s.database, "database", "DATABASE_URL", "var/server.sqlite3",
		"SQLite `file`, or postgresql://user:password@host:port/name")
	text(&s.keysFile, "keys-file", "TWINLOCK_KEYS_FILE", "var/twinlock_keys", "`file` with the key ring")
	text(&s.issuer, "issuer", "ISSUER", "Twinlock Example", "`name` of the service in authenticator apps")
	text(&rate, "rate", "RATE", "10/minute", "`requests` per address, account and kind of endpoint")
	text(&s.mailDir, "mail-dir", "MAIL_DIR", "", "`folder` to write mail into, to try things out")
	text(&s.mailRelay, "mail-relay", "MAIL_RELAY", "", "`host:port` of the SMTP relay for mail")
	text(&s.sender, "mail-from", "MAIL_FROM", "noreply@localhost", "`address` that mail comes from")
	text(&s.recoveryURL, "recovery-url", "RECOVERY_URL", "http://localhost:8080/totp-recovery/{uid}/{token}",
		"`URL` of the page that recovery links lead to")
	text(&required, "required", "REQUIRED", "nobody", "`who` must have a second factor: nobody or all")
	text(&grace, "grace", "GRACE", "0s", "`time` that they may do without, from the day on which that was first seen")
	text(&s.policy.SentCodes, "sent-codes", "SENT_CODES", "off",
		"what a code sent by mail is `good for`: off, enroll or sign_in")
	text(&s.policy.Fallback, "fallback", "FALLBACK", "sign_in",
		"`what` somebody without a second factor gets: sign_in, sent_code or enroll")
	text(&s.policy.OptOut, "opt-out", "OPT_OUT", "refused",
		"whether somebody without a device `may` choose to have no second factor: refused or allowed")
	text(&trusted, "trusted-devices", "TRUSTED_DEVICES", "0",
		"`number` of devices of a person that may be trusted for 30 days, 10 at most")
	text(&level, "log-level", "LOG_LEVEL", "info", "`level` of the log: debug, info, warn or error")
	flags.IntVar(&s.proxies, "proxies", 0, "`number` of trusted proxies that add to X-Forwarded-For")
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		return nil, errHelped
	} else if err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	if err := s.checkPolicy(required, grace, trusted); err != nil {
		return nil, err
	}
	return s, s.check(rate, level)
}

func (s *settings) checkPolicy(required, grace, trusted string) (err error) {
	if s.policy.Required = required == "all"; !s.policy.Required && required != "nobody" {
		return fmt.Errorf("--required: %q is neither nobody nor all", required)
	}
	if s.policy.Grace, err = time.ParseDuration(grace); err != nil || s.policy.Grace < 0 {
		return fmt.Errorf("--grace: %q is no time: write it like 168h", grace)
	}
	if s.policy.TrustedDevices, err = strconv.ParseInt(trusted, 10, 64); err != nil || s.policy.TrustedDevices < 0 {
		return fmt.Errorf("--trusted-devices: %q is no number", trusted)
	}
	if s.policy.SentCodes != "off" && s.mail() == nil {
		return errors.New("--sent-codes: nothing delivers them (--mail-relay or --mail-dir)")
	}
	return nil
}

// engine is one of the settings, for a policy.
func (s *settings) engine(keys twinlock.KeyRing, policy web.Policy) (*twinlock.Engine, error) {
	engine, err := twinlock.New(policy.Config(twinlock.Config{
		Issuer: s.issuer, Keys: keys, JWT: twinlock.JWT{Issuer: jwtName, Audience: jwtName},
	}))
	if err != nil {
		return nil, fmt.Errorf("the keys, the issuer or the policy do not fit: %w", err)
	}
	return engine, nil
}

func (s *settings) check(rate, level string) (err error) {
	if s.rate, err = limits.ParseRate(rate); err != nil {
		return fmt.Errorf("--rate: %w", err)
	}
	if err := s.level.UnmarshalText([]byte(level)); err != nil {
		return fmt.Errorf("--log-level: %q is no level", level)
	}
	if s.proxies < 0 {
		return errors.New("--proxies: a number of proxies is 0 or more")
	}
	return nil
}

// mail is what delivers mail; nil where nothing does.
func (s *settings) mail() func(ctx context.Context, message mail.Message) error {
	switch {
	case s.mailRelay != "":
		return mail.Over(s.mailRelay, s.sender)
	case s.mailDir != "":
		return mail.Into(s.mailDir, s.sender)
	default:
		return nil
	}
}

// keys are those of the environment, or those of the file, which is made where it is not there.
func (s *settings) keys(log *slog.Logger) (twinlock.KeyRing, error) {
	if keys := os.Getenv("TWINLOCK_KEYS"); keys != "" {
		return twinlock.KeyRing(keys), nil
	}
	if _, err := os.Stat(s.keysFile); errors.Is(err, os.ErrNotExist) {
		made, err := makeKeys(s.keysFile)
		if err != nil {
			return "", fmt.Errorf("the key file cannot be made: %w", err)
		}
		if made {
			log.Info("new keys were made; back them up", "file", s.keysFile)
		}
	}
	text, err := os.ReadFile(s.keysFile)
	if err != nil {
		return "", fmt.Errorf("the keys cannot be read: %w", err)
	}
	if about, err := os.Stat(s.keysFile); err == nil && about.Mode().Perm()&0o077 != 0 {
		log.Warn("others may read the key file: chmod 600", "file", s.keysFile)
	}
	return twinlock.KeyRing(strings.TrimSpace(string(text))), nil
}

// makeKeys makes the key file, and says whether it did. Several servers may begin at once: the file appears complete, and
// the first one wins.
func makeKeys(path string) (bool, error) {
	keys, err := twinlock.GenerateKeyRing()
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // mode 600
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	_, err = draft.WriteString(string(keys) + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return false, err
	}
	err = os.Link(draft.Name(), path)
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	return err == nil, err
}
