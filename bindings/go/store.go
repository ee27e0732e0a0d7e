package twinlock

import (
	"bytes"
	"context"
	"sync"
)

// Store keeps the sealed records. Its methods are called from many goroutines at once. What it fails with
// comes out as the Err of a [*Fault] with [ErrStoreFailed], and nothing is granted then.
type Store interface {
	// Load reads the record of a subject and its version: nil and 0 where there is none. It reads
	// where Save writes, not from a replica that lags behind.
	Load(ctx context.Context, subject string) (record []byte, version int64, err error)

	// Save writes the record only where the version is still the expected one (0: only where there is none),
	// which then becomes expected + 1, and says whether it did. It is durable when it returns: in
	// a transaction of its own, not in one that may be rolled back after the answer.
	Save(ctx context.Context, subject string, record []byte, expected int64) (bool, error)
}

// MemoryStore is a [Store] for tests and for trying things out. What it holds ends with the program. The zero
// value is empty and ready.
type MemoryStore struct {
	lock sync.Mutex
	rows map[string]memoryRow
}

type memoryRow struct {
	record  []byte
	version int64
}

// Load reads a record.
func (s *MemoryStore) Load(_ context.Context, subject string) (record []byte, version int64, err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	row := s.rows[subject]
	return bytes.Clone(row.record), row.version, nil
}

// Save writes a record if its version is the expected one.
func (s *MemoryStore) Save(_ context.Context, subject string, record []byte, expected int64) (bool, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.rows[subject].version != expected {
		return false, nil
	}
	if s.rows == nil {
		s.rows = make(map[string]memoryRow)
	}
	s.rows[subject] = memoryRow{record: bytes.Clone(record), version: expected + 1}
	return true, nil
}
