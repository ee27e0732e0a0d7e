//go:build !linux

package sqlstore_test

import "errors"

var errNoPostgres = errors.New("the tests start PostgreSQL on Linux only")

func startPostgres() (url string, stop func(), err error) {
	return "", nil, errNoPostgres
}
