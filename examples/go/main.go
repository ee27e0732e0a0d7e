// The reference server in Go: people sign up, enroll an authenticator and sign in, over the native JSON contract.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"twinlock"
	"twinlock-example/accounts"
	"twinlock-example/web"
)

// How long requests in hand have when the server is told to stop.
const farewell = 10 * time.Second

// The heap is a few megabytes; the collector lets it grow by so many percent of what is in use. GOGC says otherwise.
const spareHeap = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(spareHeap)
	}
	os.Exit(run(os.Args[1:]))
}

// run is the program; its result is the exit code.
func run(arguments []string) int {
	settings, err := parse(arguments)
	if errors.Is(err, errHelped) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: %v\nTry --help.\n", err)
		return 2
	}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	context.AfterFunc(stop, cancel) // a second signal does not wait for anybody
	if err := serve(stop, settings); err != nil {
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		return 1
	}
	return 0
}

func serve(stop context.Context, settings *settings) error {
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.level}))
	keys, err := settings.keys(log)
	if err != nil {
		return err
	}
	engine, err := settings.engine(keys, settings.policy)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	strict, err := settings.engine(keys, settings.policy.Strict())
	if err != nil {
		return err
	}
	defer func() { _ = strict.Close() }()
	database, err := open(stop, settings.database)
	if err != nil {
		return err
	}
	defer func() { _ = database.DB.Close() }()
	warn(stop, log, database)

	site := &web.Site{
		Engine: engine, Strict: strict, Policy: settings.policy, Database: database, Rate: settings.rate,
		Proxies: settings.proxies, Log: log, Mail: settings.mail(), RecoveryURL: settings.recoveryURL,
	}
	server := &http.Server{
		Handler:           site.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 * 1024,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go site.DeliverMail(stop)
	go site.PruneSessions(stop)
	return listen(stop, server, settings.listen, log.With("database", database.Name))
}

// listen serves until it is told to stop, and lets the requests in hand end.
func listen(stop context.Context, server *http.Server, address string, log *slog.Logger) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot listen (--listen names another address): %w", err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	fmt.Printf("Listening on http://%s\n", listener.Addr())
	log.Info("started", "address", listener.Addr().String(), "version", twinlock.Version())
	select {
	case err := <-failed:
		return err
	case <-stop.Done():
	}
	log.Info("stopping")
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	return server.Shutdown(ctx)
}

func open(stop context.Context, place string) (*accounts.Database, error) {
	ctx, cancel := context.WithTimeout(stop, farewell)
	defer cancel()
	database, err := accounts.Open(ctx, place, accounts.UsualCosts)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be used: %w", err)
	}
	return database, nil
}

// warn names what makes a database unfit to remember spent codes.
func warn(stop context.Context, log *slog.Logger, database *accounts.Database) {
	worries, err := database.Records.Check(stop)
	if err != nil {
		log.Warn("the database's settings cannot be read", "error", err.Error())
	}
	for _, worry := range worries {
		log.Warn("the database is not set up well", "why", worry)
	}
}
