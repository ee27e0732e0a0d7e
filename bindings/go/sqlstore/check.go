package sqlstore

import "context"

// Check says what makes a database unfit to remember spent codes, a sentence each; empty if nothing does. Ask it when
// the program starts, and write what it says into the log.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	if s.dialect == SQLite {
		return s.checkSQLite(ctx)
	}
	return s.checkPostgreSQL(ctx)
}

func (s *Store) checkPostgreSQL(ctx context.Context) (worries []string, err error) {
	var fsync, fullPageWrites, synchronousCommit string
	var replica bool
	err = s.db.QueryRowContext(ctx, "SELECT current_setting('fsync'), current_setting('full_page_writes'), "+
		"current_setting('synchronous_commit'), pg_is_in_recovery()").
		Scan(&fsync, &fullPageWrites, &synchronousCommit, &replica)
	worry := func(sentence string, holds bool) {
		if holds {
			worries = append(worries, sentence)
		}
	}
	worry("fsync is off: a crash can bring spent codes back or destroy the table", fsync == "off")
	worry("full_page_writes is off: a crash can destroy the table", fullPageWrites == "off")
	worry("synchronous_commit is off: a crash can bring spent codes back", synchronousCommit == "off")
	worry("this is a replica: records must be read from and written to the primary", replica)
	return worries, err
}

func (s *Store) checkSQLite(ctx context.Context) (worries []string, err error) {
	const full = 2
	var synchronous int
	var journal string
	if err := s.db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return nil, err
	}
	if err := s.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return nil, err
	}
	if synchronous < full {
		worries = append(worries, "synchronous is below FULL: a power failure can bring spent codes back")
	}
	if journal == "off" || journal == "memory" {
		worries = append(worries, "the journal is not on the disk: a crash can destroy the table")
	}
	return worries, nil
}
