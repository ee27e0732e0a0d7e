// Package postgrestest starts a PostgreSQL of their own for tests: in a temporary folder, on a free loopback port,
// gone afterwards, however the tests end. It runs on Linux, and registers the driver "pgx".
package postgrestest

import "errors"

// ErrNotThere says that PostgreSQL's programs were not found, or cannot be started on this system.
var ErrNotThere = errors.New("there is no PostgreSQL whose programs the tests could start")
