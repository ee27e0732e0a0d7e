//! twinlock.h - a second-factor engine: enrollment, sign-in, tokens
//!
//! The engine keeps everything about a user's second factor in one sealed record. You store that record as
//! bytes beside a version number; the library does no I/O and reads no clock. Every call that changes
//! something takes the record as you loaded it, and gives a verdict that counts only once you stored the new one:
//!
//!     1. load      SELECT record, version FROM second_factor WHERE subject = ?
//!     2. call      twinlock_engine_...(engine, subject, record, ..., now, &pending)
//!     3. store     twinlock_pending_record; UPDATE ... WHERE subject = ? AND version = ?
//!                  (or INSERT), committed in a transaction of its own; nothing where the length is 0
//!     4. commit    twinlock_pending_commit(pending, rows changed)
//!                  TWINLOCK_E_COMMIT_LOST: somebody was faster, go to 1
//!     5. read      twinlock_pending_text, _int, _proof; then twinlock_pending_free
//!
//! STATUS. Every call that can fail returns an int32_t: 0 is the only success; above zero is a refusal, an
//! answer to the user (a wrong code, a lock); below zero is a fault of the program or the deployment. Numbers are
//! never reused. Where a call gives a pending verdict, a refusal comes out of its commit, after it was counted.
//!
//! SECOND FACTORS. An answer has a kind, TWINLOCK_ANSWER_*. Where a user is signed in and asked again, the access
//! token of a recent step-up for just that action will do in place of a code; its text is verified in the call.
//!
//! INPUT. Text is a pointer and a length in bytes, UTF-8, not NUL-terminated. NULL with length 0 is the empty
//! input and, where an input is optional, none. Nothing is read after the call returned. Lengths above
//! TWINLOCK_INPUT_MAX are TWINLOCK_E_INPUT_TOO_LARGE. `now` is Unix seconds.
//!
//! OUTPUT. Text and bytes go to your buffer: (out, capacity, &length). Text gets no terminating NUL. Where the
//! buffer is too small, only the needed length is written and the status is TWINLOCK_E_BUFFER_TOO_SMALL; out =
//! NULL with capacity 0 asks for it. No other failure writes anything. Buffers must not overlap inputs.
//!
//! HANDLES. `_new` and results give them, `_free` takes them back and accepts NULL; only the library frees what the
//! library made. A call that consumes a handle takes the address of your variable and sets it to NULL; where it
//! is not NULL afterwards, the handle is still yours. A handle of another kind is TWINLOCK_E_HANDLE_INVALID. Using a
//! handle after its end is undefined, but found out the same way in debug and hardened builds.
//!
//! THREADS. An engine may be used by any number of threads at once. Any other handle belongs to one thread at a
//! time. There is no global state, no last error, no callback, no thread-local; fork is harmless.
//!
//! SECRETS. The library wipes what it frees. Keys, secrets, backup codes and tokens in your buffers are yours to
//! wipe: twinlock_wipe.
//!
//! PANICS. None crosses into C: TWINLOCK_E_PANIC says that one was caught. Nothing was decided then.

#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]
#![allow(clippy::too_many_arguments, reason = "C passes text as two arguments and knows no structs here")]

// In the order of the header: what every call shares,
mod status;

mod buffer;

// what belongs to no handle,
mod library;

// the handles and the calls on them,
mod options;

mod config;

mod engine;

mod device;

mod enroll;

mod answer;

mod sign_in;

mod pending;

mod fields;

mod proof;

mod tokens;

mod sessions;

mod manage;

mod devices;

mod trust;

mod import;

mod describe;

mod vault;

mod otp;

mod qr;

mod otpauth;

// and what C never sees.
mod guard;
mod handle;
mod results;
