//go:build !linux

package postgrestest

// Server cannot be had here.
type Server struct{}

// Start says that there is none.
func Start() (*Server, error) { return nil, ErrNotThere }

// URL is nothing.
func (*Server) URL() string { return "" }

// Kill does nothing.
func (*Server) Kill() {}

// Restart says that there is none.
func (*Server) Restart() error { return ErrNotThere }

// Stop does nothing.
func (*Server) Stop() {}
