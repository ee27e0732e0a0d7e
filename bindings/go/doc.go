// Package twinlock is the second factor for Go programs: enrollment of authenticators, sign-in, backup codes,
// tokens. Every rule lives in the native library; this package gives it Go's types, errors and contexts.
//
// [New] makes an [Engine] from a key ring and a policy, once per program. [SecondFactor] puts it over a
// [Store], which keeps one sealed record per user. Each call loads the record, decides, writes it only if nobody
// else did meanwhile, and only then gives its answer: so a code works once and a wrong one always counts,
// on any number of servers.
//
// # What your program must do
//
//   - Check the first factor itself, and begin the second only when it was right.
//   - Keep the records: package sqlstore does it in SQLite and PostgreSQL. A store of your own writes only where
//     the version is still the one that was loaded, in a transaction of its own.
//   - Keep the key ring out of the database, and back it up.
//   - Have the right time.
//
// # Errors
//
// A [*Refusal] is an answer to the user, such as [ErrWrongCode] or [ErrLocked]; a [*Fault] is of the program or the
// deployment, such as [ErrKeyUnknown]. Test for one of them with errors.Is:
//
//	var refusal *twinlock.Refusal
//	switch {
//	case errors.Is(err, twinlock.ErrLocked): // try again later
//	case errors.As(err, &refusal): // 400 with refusal.Code.Name()
//	case err != nil: // 500
//	}
//
// What a user typed may be any bytes of any length: it is judged like any other wrong code, or refused as any
// other wrong token.
//
// # Threads, memory and secrets
//
// An [Engine] and a [SecondFactor] are shared between all goroutines; so may be a [Proof], which still works
// once. Close gives native memory back at once; what is not closed is freed after it became unreachable. C keeps
// no pointer into Go's memory. The library wipes what it frees, and this package wipes the buffers in
// which secrets cross over; the strings that are handed to you are Go's and cannot be wiped. They are left out
// wherever a value is printed or logged.
package twinlock
