/*
 * twinlock.h - a second-factor engine: enrollment, sign-in, tokens
 *
 * The engine keeps everything about a user's second factor in one sealed record. You store that record as
 * bytes beside a version number; the library does no I/O and reads no clock. Every call that changes
 * something takes the record as you loaded it, and gives a verdict that counts only once you stored the new one:
 *
 *     1. load      SELECT record, version FROM second_factor WHERE subject = ?
 *     2. call      twinlock_engine_...(engine, subject, record, ..., now, &pending)
 *     3. store     twinlock_pending_record; UPDATE ... WHERE subject = ? AND version = ?
 *                  (or INSERT), committed in a transaction of its own; nothing where the length is 0
 *     4. commit    twinlock_pending_commit(pending, rows changed)
 *                  TWINLOCK_E_COMMIT_LOST: somebody was faster, go to 1
 *     5. read      twinlock_pending_text, _int, _proof; then twinlock_pending_free
 *
 * STATUS. Every call that can fail returns an int32_t: 0 is the only success; above zero is a refusal, an
 * answer to the user (a wrong code, a lock); below zero is a fault of the program or the deployment. Numbers are
 * never reused. Where a call gives a pending verdict, a refusal comes out of its commit, after it was counted.
 *
 * SECOND FACTORS. An answer has a kind, TWINLOCK_ANSWER_*. Where a user is signed in and asked again, the access
 * token of a recent step-up for just that action will do in place of a code; its text is verified in the call.
 *
 * INPUT. Text is a pointer and a length in bytes, UTF-8, not NUL-terminated. NULL with length 0 is the empty
 * input and, where an input is optional, none. Nothing is read after the call returned. Lengths above
 * TWINLOCK_INPUT_MAX are TWINLOCK_E_INPUT_TOO_LARGE. `now` is Unix seconds.
 *
 * OUTPUT. Text and bytes go to your buffer: (out, capacity, &length). Text gets no terminating NUL. Where the
 * buffer is too small, only the needed length is written and the status is TWINLOCK_E_BUFFER_TOO_SMALL; out =
 * NULL with capacity 0 asks for it. No other failure writes anything. Buffers must not overlap inputs.
 *
 * HANDLES. `_new` and results give them, `_free` takes them back and accepts NULL; only the library frees what the
 * library made. A call that consumes a handle takes the address of your variable and sets it to NULL; where it
 * is not NULL afterwards, the handle is still yours. A handle of another kind is TWINLOCK_E_HANDLE_INVALID. Using a
 * handle after its end is undefined, but found out the same way in debug and hardened builds.
 *
 * THREADS. An engine may be used by any number of threads at once. Any other handle belongs to one thread at a
 * time. There is no global state, no last error, no callback, no thread-local; fork is harmless.
 *
 * SECRETS. The library wipes what it frees. Keys, secrets, backup codes and tokens in your buffers are yours to
 * wipe: twinlock_wipe.
 *
 * PANICS. None crosses into C: TWINLOCK_E_PANIC says that one was caught. Nothing was decided then.
 *
 * Generated. To renew it: TWINLOCK_BLESS=1 cargo test -p twinlock-c --test header
 */

#ifndef TWINLOCK_H
#define TWINLOCK_H

#include <stddef.h>
#include <stdint.h>

// The version of this header, the same as the library's.
#define TWINLOCK_VERSION "0.1.0"
#define TWINLOCK_VERSION_MAJOR 0
#define TWINLOCK_VERSION_MINOR 1
#define TWINLOCK_VERSION_PATCH 0

// On every call whose status must not be ignored.
#if defined(__GNUC__) || defined(__clang__)
#define TWINLOCK_MUST_USE __attribute__((warn_unused_result))
#elif defined(_MSC_VER)
#define TWINLOCK_MUST_USE _Check_return_
#else
#define TWINLOCK_MUST_USE
#endif

// Success.
#define TWINLOCK_OK 0

// The code is wrong.
#define TWINLOCK_R_WRONG_CODE 1

// The code was used before; wait for a new one.
#define TWINLOCK_R_REPLAYED 2

// Too many wrong codes; try again later.
#define TWINLOCK_R_LOCKED 3

// Too many wrong codes; the second factor is blocked until it is unlocked.
#define TWINLOCK_R_FACTOR_DISABLED 4

// Two-factor authentication is not enabled.
#define TWINLOCK_R_NOT_ENROLLED 5

// Two-factor authentication is already enabled.
#define TWINLOCK_R_ALREADY_ENROLLED 6

// No enrollment is waiting to be confirmed.
#define TWINLOCK_R_NO_PENDING_ENROLLMENT 7

// The enrollment has expired; start again.
#define TWINLOCK_R_ENROLLMENT_EXPIRED 8

// The challenge is invalid or has expired.
#define TWINLOCK_R_CHALLENGE_INVALID 9

// The challenge is used up; sign in again.
#define TWINLOCK_R_CHALLENGE_SPENT 10

// The token is invalid.
#define TWINLOCK_R_TOKEN_INVALID 11

// The token has expired.
#define TWINLOCK_R_TOKEN_EXPIRED 12

// Too many requests for this account at once; try again.
#define TWINLOCK_R_CONTENDED 13

// This kind of code is not accepted here.
#define TWINLOCK_R_METHOD_NOT_ALLOWED 14

// A fresh second factor is needed for this.
#define TWINLOCK_R_SECOND_FACTOR_REQUIRED 15

// An authenticator must be set up before signing in.
#define TWINLOCK_R_ENROLLMENT_REQUIRED 16

// Too many codes were sent; use the last one or wait.
#define TWINLOCK_R_TOO_MANY_CODES 17

// There is no such device.
#define TWINLOCK_R_DEVICE_UNKNOWN 18

// There is no room for another device.
#define TWINLOCK_R_TOO_MANY_DEVICES 19

// The refresh token was used before; its session has ended.
#define TWINLOCK_R_TOKEN_REUSED 20

// The session has ended; sign in again.
#define TWINLOCK_R_SESSION_ENDED 21

// An internal error was caught; nothing was decided.
#define TWINLOCK_E_PANIC -1

// A required pointer is NULL.
#define TWINLOCK_E_NULL_POINTER -2

// The text is not UTF-8.
#define TWINLOCK_E_TEXT_NOT_UTF8 -3

// The buffer is too small; the needed length was written.
#define TWINLOCK_E_BUFFER_TOO_SMALL -4

// The record changed meanwhile; load it again and repeat the call.
#define TWINLOCK_E_COMMIT_LOST -5

// The result can be read only after a successful commit.
#define TWINLOCK_E_NOT_COMMITTED -6

// The result has no such field.
#define TWINLOCK_E_FIELD_UNKNOWN -7

// There is no option of that name.
#define TWINLOCK_E_OPTION_UNKNOWN -8

// The option's value is out of its bounds.
#define TWINLOCK_E_OPTION_OUT_OF_RANGE -9

// The key ring is empty.
#define TWINLOCK_E_KEY_MISSING -10

// A key is not of the form tlk1_ and 43 base64url characters.
#define TWINLOCK_E_KEY_MALFORMED -11

// A key has all bytes equal.
#define TWINLOCK_E_KEY_WEAK -12

// The key ring holds the same key twice.
#define TWINLOCK_E_KEY_DUPLICATE -13

// The key that sealed this is not in the key ring.
#define TWINLOCK_E_KEY_UNKNOWN -14

// The key ring holds more than 16 keys.
#define TWINLOCK_E_KEY_RING_TOO_LARGE -15

// The bytes are not a sealed envelope of a known version.
#define TWINLOCK_E_ENVELOPE_MALFORMED -20

// The envelope was altered, or sealed for another purpose or subject.
#define TWINLOCK_E_ENVELOPE_REJECTED -21

// The record's content cannot be read.
#define TWINLOCK_E_RECORD_MALFORMED -22

// The input is larger than the limit.
#define TWINLOCK_E_INPUT_TOO_LARGE -23

// The subject must be 1 to 255 bytes of UTF-8 without control characters.
#define TWINLOCK_E_SUBJECT_INVALID -30

// The time must be Unix seconds from 0 to the end of the year 9999.
#define TWINLOCK_E_TIME_INVALID -31

// The secret is too short or too long.
#define TWINLOCK_E_SECRET_LENGTH -32

// The secret is not base32.
#define TWINLOCK_E_SECRET_MALFORMED -33

// A code has 6, 7 or 8 digits.
#define TWINLOCK_E_DIGITS_INVALID -34

// The period must be 15 to 120 seconds.
#define TWINLOCK_E_PERIOD_INVALID -35

// The algorithm must be SHA1, SHA256 or SHA512.
#define TWINLOCK_E_ALGORITHM_UNKNOWN -36

// The window must be 0, 1 or 2 steps.
#define TWINLOCK_E_WINDOW_INVALID -37

// The counter is too close to its end.
#define TWINLOCK_E_COUNTER_OVERFLOW -38

// The name must be 1 to 128 characters without control characters, a colon or a space in front.
#define TWINLOCK_E_NAME_INVALID -39

// The otpauth URI is malformed.
#define TWINLOCK_E_URI_MALFORMED -40

// The text is too long for a QR code.
#define TWINLOCK_E_QR_TOO_LONG -41

// The JWT key is shorter than its hash, or is public text.
#define TWINLOCK_E_JWT_KEY_WEAK -42

// The JWT algorithm is not known or does not fit the key.
#define TWINLOCK_E_JWT_ALGORITHM_UNKNOWN -43

// A claim has a reserved name or a value that cannot be signed.
#define TWINLOCK_E_CLAIM_INVALID -44

// The first factor needs 1 to 8 short method names and a time that is not in the future.
#define TWINLOCK_E_FIRST_FACTOR_INVALID -45

// The operating system gave no random bytes.
#define TWINLOCK_E_RANDOM_UNAVAILABLE -46

// The store could not be read or written.
#define TWINLOCK_E_STORE_FAILED -47

// A verdict must not be made inside an open transaction: a rollback would undo it.
#define TWINLOCK_E_TRANSACTION_OPEN -48

// The arguments do not fit together, or an object is used a second time.
#define TWINLOCK_E_ARGUMENT_INVALID -49

// The handle was freed, or is of another kind.
#define TWINLOCK_E_HANDLE_INVALID -50

// An argument is not one of the documented constants.
#define TWINLOCK_E_ARGUMENT_UNKNOWN -51

// The envelope's cipher is not allowed by the policy.
#define TWINLOCK_E_CIPHER_REFUSED -52

// The key provider gave no keys.
#define TWINLOCK_E_KEY_PROVIDER_FAILED -53

// The authenticator's export is malformed.
#define TWINLOCK_E_MIGRATION_MALFORMED -54

// The scheme of the imported backup codes is not known, or a code does not fit it.
#define TWINLOCK_E_SCHEME_UNKNOWN -55

// The JWT key cannot be read.
#define TWINLOCK_E_JWT_KEY_MALFORMED -56

// The first JWT key must be able to sign.
#define TWINLOCK_E_JWT_KEY_VERIFY_ONLY -57

// The stored state of a session cannot be read.
#define TWINLOCK_E_FAMILY_MALFORMED -58

// The longest text or byte string that any call takes, in bytes. Many take less.
#define TWINLOCK_INPUT_MAX 131072

// The version of this interface, the same number as in the library's SONAME. It changes when a program
// built with an older header could break.
#define TWINLOCK_ABI_VERSION 0

// Text, required: the service's name as authenticator apps show it.
#define TWINLOCK_OPT_ISSUER 1

// Text, required, secret: the key ring. Keys are separated by commas or white space; the first seals
// and signs, the others only open and verify. `twinlock_keyring_generate` makes one.
#define TWINLOCK_OPT_KEYS 2

// Text: the hash of new devices, `SHA1` (the default), `SHA256` or `SHA512`.
#define TWINLOCK_OPT_ALGORITHM 3

// Text: what a subject without a second factor gets, `sign_in` (the default), `sent_code` or `enroll`.
#define TWINLOCK_OPT_FALLBACK 4

// Text: what a sent code is good for, `off` (the default), `enroll` or `sign_in`.
#define TWINLOCK_OPT_SENT_CODES 5

// Text: what sent codes are made of, `digits` (the default) or `letters`.
#define TWINLOCK_OPT_SENT_ALPHABET 6

// Text: whether a subject without a device may choose to have no second factor, `refused` (the default) or
// `allowed`.
#define TWINLOCK_OPT_OPT_OUT 7

// Text: how records are sealed and which are opened, `xchacha20-poly1305` (the default), `aes-256-gcm` or
// `aes-256-gcm-migrating`.
#define TWINLOCK_OPT_CIPHER 8

// Text or bytes, secret: adds an HMAC key for JWTs. The first JWT key signs, all verify; without any, keys
// of the ring do it.
#define TWINLOCK_OPT_JWT_KEY 10

// Text: the algorithm of the JWT keys that are added after it: `HS256` (the default), `HS384`, `HS512`; for
// PEM `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `EdDSA`.
#define TWINLOCK_OPT_JWT_ALGORITHM 11

// Text: the claim `iss`, minted and then required.
#define TWINLOCK_OPT_JWT_ISSUER 12

// Text: the claim `aud`, minted and then required.
#define TWINLOCK_OPT_JWT_AUDIENCE 13

// Text: the name of the claim with the subject beside `sub`. Default `user_id`.
#define TWINLOCK_OPT_JWT_USER_ID_CLAIM 14

// Text, secret where the key is private: adds a JWT key in PEM. A public key only verifies.
#define TWINLOCK_OPT_JWT_KEY_PEM 15

// Text, secret where the key is private: adds a JWT key as a JWK (RFC 7517), which names its algorithm
// itself.
#define TWINLOCK_OPT_JWT_KEY_JWK 16

// Number: digits of the codes of new devices.
// From 6 to 8, default 6.
#define TWINLOCK_OPT_DIGITS 100

// Number: seconds per step of new devices.
// From 15 to 120, default 30.
#define TWINLOCK_OPT_PERIOD 101

// Number: steps before and after the current one in which a code is accepted.
// From 0 to 2, default 1.
#define TWINLOCK_OPT_WINDOW 102

// Number: seconds that a challenge lives between the first and the second factor.
// From 10 to 300, default 120.
#define TWINLOCK_OPT_CHALLENGE_LIFE 103

// Number: wrong answers after which a challenge is dead.
// From 1 to 5, default 5.
#define TWINLOCK_OPT_CHALLENGE_TRIES 104

// Number: seconds in which a pending enrollment must be confirmed.
// From 60 to 3600, default 900.
#define TWINLOCK_OPT_ENROLLMENT_LIFE 105

// Number: wrong codes after which a pending enrollment is discarded.
// From 1 to 20, default 10.
#define TWINLOCK_OPT_ENROLLMENT_TRIES 106

// Number: backup codes in a set; 0 means none are made.
// From 0 to 20, default 10.
#define TWINLOCK_OPT_BACKUP_CODES 107

// Number: wrong answers in a row that lead to the first lock.
// From 1 to 20, default 5.
#define TWINLOCK_OPT_FAILURES_BEFORE_LOCK 108

// Number: seconds of the first lock; each further failure doubles it.
// From 1 to 3600, default 30.
#define TWINLOCK_OPT_LOCK_SECONDS 109

// Number: seconds of the longest lock that doubling leads to.
// From 1 to 86400, default 3600.
#define TWINLOCK_OPT_LOCK_SECONDS_MAX 110

// Number: wrong answers in 24 hours that lock the factor, whatever succeeded in between.
// From 1 to 100, default 10.
#define TWINLOCK_OPT_FAILURES_PER_DAY 111

// Number: wrong answers in 30 days that lock the factor, whatever succeeded in between.
// From 1 to 100, default 50.
#define TWINLOCK_OPT_FAILURES_PER_MONTH 112

// Number: wrong answers in a row that block the factor until it is unlocked (NIST SP 800-63B: at most 100).
// From 1 to 100, default 100.
#define TWINLOCK_OPT_FAILURES_BEFORE_DISABLE 113

// Number: devices that a subject may have.
// From 1 to 10, default 5.
#define TWINLOCK_OPT_DEVICES 114

// Number: counter values after the expected one in which a code of a counter device is accepted.
// From 0 to 100, default 10.
#define TWINLOCK_OPT_LOOK_AHEAD 115

// Number: counter values that a resynchronisation of a counter device searches.
// From 10 to 1000, default 100.
#define TWINLOCK_OPT_RESYNC_WINDOW 116

// Number: characters of a sent code.
// From 6 to 12, default 7.
#define TWINLOCK_OPT_SENT_LENGTH 117

// Number: seconds that a sent code and its challenge live.
// From 60 to 300, default 300.
#define TWINLOCK_OPT_SENT_LIFE 118

// Number: codes sent for one challenge, the first among them.
// From 1 to 5, default 3.
#define TWINLOCK_OPT_SENDS_PER_CHALLENGE 119

// Number: seconds that an enrollment token lives.
// From 60 to 900, default 900.
#define TWINLOCK_OPT_ENROLLMENT_TOKEN_LIFE 120

// Number: trusted devices that a subject may have; 0 means there are none.
// From 0 to 10, default 0.
#define TWINLOCK_OPT_TRUSTED_DEVICES 121

// Number: seconds that a trusted device is trusted.
// From 3600 to 2592000, default 2592000.
#define TWINLOCK_OPT_TRUST_LIFE 122

// Number: seconds for which an answered second factor is fresh enough for a sensitive action.
// From 30 to 3600, default 600.
#define TWINLOCK_OPT_STEP_UP_AGE 123

// Number: seconds that an access token lives.
// From 30 to 900, default 300.
#define TWINLOCK_OPT_JWT_ACCESS_LIFE 200

// Number: seconds that a refresh token lives.
// From 60 to 2592000 (30 days), default 86400.
#define TWINLOCK_OPT_JWT_REFRESH_LIFE 201

// Number: seconds by which the times of a token may be off.
// From 0 to 60, default 0.
#define TWINLOCK_OPT_JWT_LEEWAY 202

// Number: seconds that a session of rotating refresh tokens lives, however busy it is.
// From 60 to 2592000 (30 days), default 2592000.
#define TWINLOCK_OPT_JWT_FAMILY_LIFE 203

// Number: seconds in which a rotated refresh token still gets the answer that its first use got.
// From 0 to 60, default 10.
#define TWINLOCK_OPT_JWT_REUSE_GRACE 204

// HMAC-SHA-1, which every authenticator app understands.
#define TWINLOCK_ALGORITHM_SHA1 1

// HMAC-SHA-256.
#define TWINLOCK_ALGORITHM_SHA256 2

// HMAC-SHA-512.
#define TWINLOCK_ALGORITHM_SHA512 3

// Codes from the time (RFC 6238), with an algorithm, digits and a period.
#define TWINLOCK_DEVICE_TOTP 1

// Codes from a counter (RFC 4226), with an algorithm and digits.
#define TWINLOCK_DEVICE_HOTP 2

// Steam's five characters from the time, without parameters.
#define TWINLOCK_DEVICE_STEAM 3

// No answer, where a call can do without.
#define TWINLOCK_ANSWER_NONE 0

// As a code of an authenticator only.
#define TWINLOCK_ANSWER_OTP 1

// As a backup code only.
#define TWINLOCK_ANSWER_BACKUP 2

// As whichever code it looks like.
#define TWINLOCK_ANSWER_ANY 3

// As the code only that you sent for this challenge.
#define TWINLOCK_ANSWER_SENT 4

// No code, but the access token of a step-up for just this action, which each call names. It is verified
// here; one that does not hold is refused as `twinlock_engine_verify` refuses it.
#define TWINLOCK_ANSWER_STEP_UP 5

// Every record fits into so many bytes, whatever is done to an account.
#define TWINLOCK_RECORD_MAX 4096

// Text: the id of the device; of a proof, of the one whose code was accepted.
#define TWINLOCK_FIELD_DEVICE_ID 1

// Text, secret: a device's shared secret in base32; a new one's is to be shown once.
#define TWINLOCK_FIELD_SECRET 2

// Text, secret: the `otpauth://` URI to be shown once as a QR code.
#define TWINLOCK_FIELD_URI 3

// Texts, secret: the backup codes, to be shown once.
#define TWINLOCK_FIELD_BACKUP_CODE 4

// Text: the challenge to hand to the client.
#define TWINLOCK_FIELD_CHALLENGE 5

// Texts: the methods that may answer the challenge (`otp`, `backup`, `sent`); of a proof, the one that did.
#define TWINLOCK_FIELD_METHOD 6

// Text: the subject of a proof or a session.
#define TWINLOCK_FIELD_SUBJECT 7

// Texts: the methods of both factors of a proof, as the claim `amr` has them (RFC 8176).
#define TWINLOCK_FIELD_AMR 8

// Text: the access token, or the sliding one.
#define TWINLOCK_FIELD_ACCESS 9

// Text: the refresh token.
#define TWINLOCK_FIELD_REFRESH 10

// Text, secret: the code to deliver by mail or SMS, once.
#define TWINLOCK_FIELD_SENT_CODE 11

// Text: the token that opens enrollment and nothing else.
#define TWINLOCK_FIELD_ENROLLMENT_TOKEN 12

// Text, secret: the token that a trusted device keeps, for instance in a cookie that scripts cannot read. It
// takes the place of the one that was shown.
#define TWINLOCK_FIELD_TRUST_TOKEN 13

// Text: the id by which a trusted device is listed and revoked.
#define TWINLOCK_FIELD_TRUST_ID 14

// Text: what the step-up of a proof was for.
#define TWINLOCK_FIELD_PURPOSE 15

// Text: the id of a session: 32 hexadecimal digits, the claim `fam` of all its tokens.
#define TWINLOCK_FIELD_SESSION 16

// Text: the state of a session, to be stored.
#define TWINLOCK_FIELD_SESSION_STATE 17

// Text: the issuer of an account.
#define TWINLOCK_FIELD_ISSUER 18

// Text: the name of an account.
#define TWINLOCK_FIELD_ACCOUNT 19

// Number: when the enrollment, the challenge, the trust or the enrollment token ends, in Unix seconds.
#define TWINLOCK_FIELD_EXPIRES_AT 100

// Number: one of `TWINLOCK_SIGN_IN_*`.
#define TWINLOCK_FIELD_SIGN_IN 101

// Number: the epoch of the record that a proof belongs to.
#define TWINLOCK_FIELD_EPOCH 102

// Number: when the first factor of a proof was passed, in Unix seconds; of a step-up or an enrollment, when
// its answer was accepted.
#define TWINLOCK_FIELD_AUTH_TIME 103

// Number: when the access or sliding token ends, in Unix seconds.
#define TWINLOCK_FIELD_ACCESS_EXPIRES_AT 104

// Number: when the refresh token ends, in Unix seconds.
#define TWINLOCK_FIELD_REFRESH_EXPIRES_AT 105

// Number: what a right answer to a challenge gives, one of `TWINLOCK_GIVES_*`.
#define TWINLOCK_FIELD_GIVES 106

// Number: 1 where the removed device was the last, so that the second factor is off; else 0.
#define TWINLOCK_FIELD_LAST_DEVICE 107

// Number: the kind of a device, one of `TWINLOCK_DEVICE_*`.
#define TWINLOCK_FIELD_KIND 108

// Number: the hash of a device, one of `TWINLOCK_ALGORITHM_*`.
#define TWINLOCK_FIELD_ALGORITHM 109

// Number: how many characters the codes of a device have.
#define TWINLOCK_FIELD_DIGITS 110

// Number: seconds per step of a time device.
#define TWINLOCK_FIELD_PERIOD 111

// Number: the counter that a counter device shows next.
#define TWINLOCK_FIELD_COUNTER 112

// Number: equal in all QR codes of one export of an app.
#define TWINLOCK_FIELD_BATCH_ID 113

// Number: which QR code of its export an account comes from, counted from 0.
#define TWINLOCK_FIELD_BATCH_INDEX 114

// Number: how many QR codes the export has.
#define TWINLOCK_FIELD_BATCH_SIZE 115

// No second factor is due: take the proof.
#define TWINLOCK_SIGN_IN_NOT_REQUIRED 0

// A second factor has to be shown: hand out the challenge.
#define TWINLOCK_SIGN_IN_CHALLENGE 1

// Deliver the code, and hand out the challenge that it answers.
#define TWINLOCK_SIGN_IN_SEND 2

// The subject is on a trusted device: take the proof, and hand out the new trust token.
#define TWINLOCK_SIGN_IN_TRUSTED 3

// An authenticator has to be set up first: hand out the enrollment token, and nothing else.
#define TWINLOCK_SIGN_IN_ENROLL_ONLY 4

// A proof, by `twinlock_engine_finish_sign_in`.
#define TWINLOCK_GIVES_SIGN_IN 0

// An enrollment token, by `twinlock_engine_finish_for_enrollment`.
#define TWINLOCK_GIVES_ENROLLMENT 1

// An access token.
#define TWINLOCK_TOKEN_ACCESS 1

// A refresh token.
#define TWINLOCK_TOKEN_REFRESH 2

// A sliding token: it opens APIs as an access token does, and gets its own successor.
#define TWINLOCK_TOKEN_SLIDING 3

// The state of every session fits into so many bytes.
#define TWINLOCK_SESSION_MAX 2048

// Options on their way to an engine. One thread at a time.
typedef struct twinlock_config twinlock_config;

// Policy and keys, and nothing per user. Share one between all threads.
typedef struct twinlock_engine twinlock_engine;

// The accounts that a URI describes. One thread at a time.
typedef struct twinlock_otpauth twinlock_otpauth;

// A verdict, and what has to be stored before it counts. One thread at a time.
typedef struct twinlock_pending twinlock_pending;

// The proof that a subject passed what your policy asks for. It mints tokens once. One thread at a time.
typedef struct twinlock_proof twinlock_proof;

// Tokens that were minted, or what one says. One thread at a time.
typedef struct twinlock_tokens twinlock_tokens;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The stable machine-readable name of a status, such as `wrong_code`; `ok` for 0. For logs and HTTP bodies.
// `TWINLOCK_E_ARGUMENT_UNKNOWN` for a number that is no status.
TWINLOCK_MUST_USE int32_t twinlock_status_name(int32_t status, char *out, size_t capacity, size_t *length);

// One English sentence on a status, for people. It never holds a secret, a code, a token or user input.
// `TWINLOCK_E_ARGUMENT_UNKNOWN` for a number that is no status.
TWINLOCK_MUST_USE int32_t twinlock_status_message(int32_t status, char *out, size_t capacity, size_t *length);

// The version of the interface of the library that is loaded; compare it with `TWINLOCK_ABI_VERSION`.
TWINLOCK_MUST_USE int32_t twinlock_abi_version(void);

// Writes the version of the library that is loaded, such as `0.1.0`; `TWINLOCK_VERSION` is the header's.
TWINLOCK_MUST_USE int32_t twinlock_version(char *out, size_t capacity, size_t *length);

// Writes a new key ring of one random key, as `TWINLOCK_OPT_KEYS` takes it. Keep it as you keep a password.
TWINLOCK_MUST_USE int32_t twinlock_keyring_generate(char *out, size_t capacity, size_t *length);

// Checks the text of a key ring as `TWINLOCK_OPT_KEYS` takes it, and writes the ids of its keys, separated
// by spaces, the first key's first. An id says nothing about its key and may be logged.
//
// Faults: `TWINLOCK_E_KEY_MISSING`, `_KEY_MALFORMED`, `_KEY_WEAK`, `_KEY_DUPLICATE`, `_KEY_RING_TOO_LARGE`.
TWINLOCK_MUST_USE
int32_t twinlock_keyring_ids(const char *keys,
                             size_t keys_length,
                             char *out,
                             size_t capacity,
                             size_t *length);

// Checks that a text can be a subject: 1 to 255 bytes without control characters. Every call does so, too;
// this is for those who load a record first. `TWINLOCK_E_SUBJECT_INVALID` where it cannot be one.
TWINLOCK_MUST_USE int32_t twinlock_subject_check(const char *subject, size_t subject_length);

// Overwrites memory of yours with zeros, in a way that no compiler leaves out. For buffers that held a
// secret, a code, a token or keys. NULL is fine.
void twinlock_wipe(void *data, size_t length);

// Makes a set of options, all at their defaults. Set `TWINLOCK_OPT_ISSUER` and `TWINLOCK_OPT_KEYS` at least.
TWINLOCK_MUST_USE int32_t twinlock_config_new(twinlock_config **config);

// Sets a text option. `TWINLOCK_E_OPTION_UNKNOWN` where there is no text option of that number.
TWINLOCK_MUST_USE
int32_t twinlock_config_set_text(twinlock_config *config,
                                 int32_t option,
                                 const char *value,
                                 size_t value_length);

// Sets an option whose value is bytes: `TWINLOCK_OPT_JWT_KEY`.
TWINLOCK_MUST_USE
int32_t twinlock_config_set_bytes(twinlock_config *config,
                                  int32_t option,
                                  const uint8_t *value,
                                  size_t value_length);

// Sets a numeric option. `TWINLOCK_E_OPTION_OUT_OF_RANGE` outside its bounds, here or from
// `twinlock_engine_new` where the bounds hang on other options.
TWINLOCK_MUST_USE int32_t twinlock_config_set_int(twinlock_config *config, int32_t option, int64_t value);

// Frees options and wipes the keys in them. NULL is fine.
void twinlock_config_free(twinlock_config *config);

// Checks the options and builds an engine. On success `*config` is used up and NULL; on failure it is
// still yours, to be corrected or freed.
TWINLOCK_MUST_USE int32_t twinlock_engine_new(twinlock_config **config, twinlock_engine **engine);

// Frees an engine and wipes its keys. No thread may be using it. NULL is fine.
void twinlock_engine_free(twinlock_engine *engine);

// Makes a secret and stores it as the subject's one pending device, replacing an earlier pending one. It
// neither gates nor satisfies sign-in until it is confirmed. `account` is what the authenticator app
// shows, such as an e-mail address; `name` is the device's name in lists, optional.
//
// Result: `TWINLOCK_FIELD_DEVICE_ID`, `_SECRET`, `_URI`, `_EXPIRES_AT`.
// Refusals: `TWINLOCK_R_ALREADY_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_begin_enrollment(const twinlock_engine *engine,
                                         const char *subject,
                                         size_t subject_length,
                                         const uint8_t *record,
                                         size_t record_length,
                                         const char *account,
                                         size_t account_length,
                                         const char *name,
                                         size_t name_length,
                                         int64_t now,
                                         twinlock_pending **pending);

// As `twinlock_engine_begin_enrollment`, with a device of another kind (`TWINLOCK_DEVICE_*`) or with other
// parameters than the policy's. 0 takes the policy's algorithm (`TWINLOCK_ALGORITHM_*`), digits or period;
// what the kind does not have is not looked at.
TWINLOCK_MUST_USE
int32_t twinlock_engine_begin_enrollment_with(const twinlock_engine *engine,
                                              const char *subject,
                                              size_t subject_length,
                                              const uint8_t *record,
                                              size_t record_length,
                                              const char *account,
                                              size_t account_length,
                                              const char *name,
                                              size_t name_length,
                                              int32_t kind,
                                              int32_t algorithm,
                                              uint32_t digits,
                                              uint32_t period,
                                              int64_t now,
                                              twinlock_pending **pending);

// Confirms the pending device with a code of it. The code is spent by that, and tokens and challenges
// from before die. Backup codes come with the first device only.
//
// Result: `TWINLOCK_FIELD_DEVICE_ID`, `_BACKUP_CODE`, and a proof.
// Refusals: `TWINLOCK_R_WRONG_CODE`, `_NO_PENDING_ENROLLMENT`, `_ENROLLMENT_EXPIRED`, `_ALREADY_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_confirm_enrollment(const twinlock_engine *engine,
                                           const char *subject,
                                           size_t subject_length,
                                           const uint8_t *record,
                                           size_t record_length,
                                           const char *code,
                                           size_t code_length,
                                           int64_t now,
                                           twinlock_pending **pending);

// Writes the subject of a living enrollment token, so that you know which record to load.
//
// Refusals: `TWINLOCK_R_TOKEN_INVALID`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_enrollment_subject(const twinlock_engine *engine,
                                           const char *token,
                                           size_t token_length,
                                           int64_t now,
                                           char *out,
                                           size_t capacity,
                                           size_t *length);

// Checks that an enrollment token opens enrollment for the subject of this record, and writes that subject.
// It does until a device is confirmed or tokens die for another reason. Call it before each of the two
// calls of an enrollment that begins with such a token.
//
// Refusals: `TWINLOCK_R_TOKEN_INVALID`, `_ALREADY_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_check_enrollment(const twinlock_engine *engine,
                                         const char *token,
                                         size_t token_length,
                                         const uint8_t *record,
                                         size_t record_length,
                                         int64_t now,
                                         char *out,
                                         size_t capacity,
                                         size_t *length);

// Answers a passed first factor. `methods` says how that was checked, as 1 to 8 names separated by spaces
// (RFC 8176; `pwd` for a password), and `first_factor_at` when. `binding` is optional: something that you
// must show again with the answer, such as a digest of the password's hash or a cookie's value.
//
// Result: `TWINLOCK_FIELD_SIGN_IN` says what comes next, and with that:
// `TWINLOCK_SIGN_IN_NOT_REQUIRED`: a proof.
// `TWINLOCK_SIGN_IN_CHALLENGE`: `TWINLOCK_FIELD_CHALLENGE`, `_METHOD`, `_GIVES`, `_EXPIRES_AT`.
// `TWINLOCK_SIGN_IN_SEND`: the same, and `TWINLOCK_FIELD_SENT_CODE`.
// `TWINLOCK_SIGN_IN_TRUSTED`: a proof, and `TWINLOCK_FIELD_TRUST_TOKEN`, `_TRUST_ID`, `_EXPIRES_AT`.
// `TWINLOCK_SIGN_IN_ENROLL_ONLY`: `TWINLOCK_FIELD_ENROLLMENT_TOKEN`, `_EXPIRES_AT`.
// Refusals: `TWINLOCK_R_TOO_MANY_CODES` (with `twinlock_pending_retry_after`).
TWINLOCK_MUST_USE
int32_t twinlock_engine_begin_sign_in(const twinlock_engine *engine,
                                      const char *subject,
                                      size_t subject_length,
                                      const uint8_t *record,
                                      size_t record_length,
                                      const char *methods,
                                      size_t methods_length,
                                      int64_t first_factor_at,
                                      const char *binding,
                                      size_t binding_length,
                                      int64_t now,
                                      twinlock_pending **pending);

// As `twinlock_engine_begin_sign_in`, with the token of a trusted device, which may take the place of the
// second factor. Any text may be given: one that is no such token changes nothing.
TWINLOCK_MUST_USE
int32_t twinlock_engine_begin_sign_in_on_device(const twinlock_engine *engine,
                                                const char *subject,
                                                size_t subject_length,
                                                const uint8_t *record,
                                                size_t record_length,
                                                const char *methods,
                                                size_t methods_length,
                                                int64_t first_factor_at,
                                                const char *binding,
                                                size_t binding_length,
                                                const char *trust_token,
                                                size_t trust_token_length,
                                                int64_t now,
                                                twinlock_pending **pending);

// Writes the subject of a challenge, so that you know which record to load.
//
// Refusals: `TWINLOCK_R_CHALLENGE_INVALID` for whatever is not a living challenge of yours.
TWINLOCK_MUST_USE
int32_t twinlock_engine_challenge_subject(const twinlock_engine *engine,
                                          const char *challenge,
                                          size_t challenge_length,
                                          int64_t now,
                                          char *out,
                                          size_t capacity,
                                          size_t *length);

// Checks the answer to a challenge, of the kind `TWINLOCK_ANSWER_*`. `binding` is what `begin_sign_in` was
// given, computed anew.
//
// Result: a proof.
// Refusals: `TWINLOCK_R_WRONG_CODE`, `_REPLAYED`, `_LOCKED` (with `twinlock_pending_retry_after`),
// `_FACTOR_DISABLED`, `_NOT_ENROLLED`, `_CHALLENGE_INVALID`, `_CHALLENGE_SPENT`,
// `_METHOD_NOT_ALLOWED` for a step-up, `_ENROLLMENT_REQUIRED` for a challenge that gives an enrollment.
TWINLOCK_MUST_USE
int32_t twinlock_engine_finish_sign_in(const twinlock_engine *engine,
                                       const uint8_t *record,
                                       size_t record_length,
                                       const char *challenge,
                                       size_t challenge_length,
                                       const char *binding,
                                       size_t binding_length,
                                       int32_t answer_kind,
                                       const char *typed,
                                       size_t typed_length,
                                       int64_t now,
                                       twinlock_pending **pending);

// Checks the answer to a challenge that gives an enrollment (`TWINLOCK_GIVES_ENROLLMENT`) and gives the
// token that opens it.
//
// Result: `TWINLOCK_FIELD_ENROLLMENT_TOKEN`, `_EXPIRES_AT`.
// Refusals: as `twinlock_engine_finish_sign_in`, and `TWINLOCK_R_CHALLENGE_INVALID` for a challenge that
// gives a sign-in.
TWINLOCK_MUST_USE
int32_t twinlock_engine_finish_for_enrollment(const twinlock_engine *engine,
                                              const uint8_t *record,
                                              size_t record_length,
                                              const char *challenge,
                                              size_t challenge_length,
                                              const char *binding,
                                              size_t binding_length,
                                              int32_t answer_kind,
                                              const char *typed,
                                              size_t typed_length,
                                              int64_t now,
                                              twinlock_pending **pending);

// Makes a code for a challenge, the first one or another in its place. Deliver it only after a successful
// commit. The wrong answers given so far still count.
//
// Result: `TWINLOCK_FIELD_SENT_CODE`, `_EXPIRES_AT`.
// Refusals: `TWINLOCK_R_TOO_MANY_CODES` (with `twinlock_pending_retry_after`), `_CHALLENGE_INVALID`,
// `_CHALLENGE_SPENT`, `_NOT_ENROLLED`, `_LOCKED`, `_FACTOR_DISABLED`; `_METHOD_NOT_ALLOWED` where the
// policy sends no codes, or to a subject that has a device and does not prefer sent codes.
TWINLOCK_MUST_USE
int32_t twinlock_engine_send_code(const twinlock_engine *engine,
                                  const uint8_t *record,
                                  size_t record_length,
                                  const char *challenge,
                                  size_t challenge_length,
                                  const char *binding,
                                  size_t binding_length,
                                  int64_t now,
                                  twinlock_pending **pending);

// Writes what has to be stored: the record, or after `twinlock_engine_rotate` the state of the session.
// Length 0 means that there is nothing to store: go on to the commit. `TWINLOCK_E_ARGUMENT_INVALID` after
// the commit.
TWINLOCK_MUST_USE
int32_t twinlock_pending_record(const twinlock_pending *pending,
                                uint8_t *out,
                                size_t capacity,
                                size_t *length);

// Writes what has to be stored of the session that `twinlock_engine_with_session` began:
// `TWINLOCK_FIELD_SESSION`, its id, or `TWINLOCK_FIELD_SESSION_STATE`. Length 0 means that there is none to
// store, as with a refusal and every other verdict. `TWINLOCK_E_ARGUMENT_INVALID` after the commit.
TWINLOCK_MUST_USE
int32_t twinlock_pending_session(const twinlock_pending *pending,
                                 int32_t field,
                                 char *out,
                                 size_t capacity,
                                 size_t *length);

// Says how the conditional write went and gives the verdict: `TWINLOCK_OK`, a refusal, or
// `TWINLOCK_E_COMMIT_LOST`, upon which the record has to be loaded again and the whole call repeated.
//
// `rows` is the number of rows that the write changed. 1 is success; 0 and any other number, such as
// the -1 of a database's failure, is not. It does not matter when there was nothing to store.
// The first call decides; later ones give the same verdict again.
TWINLOCK_MUST_USE int32_t twinlock_pending_commit(twinlock_pending *pending, int64_t rows);

// Writes one text of the result. Fields with several texts count `index` from 0; others have only index 0.
// `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
TWINLOCK_MUST_USE
int32_t twinlock_pending_text(const twinlock_pending *pending,
                              int32_t field,
                              size_t index,
                              char *out,
                              size_t capacity,
                              size_t *length);

// Writes how many texts the result has in a field; 0 where it has no such field.
// `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
TWINLOCK_MUST_USE int32_t twinlock_pending_count(const twinlock_pending *pending, int32_t field, size_t *out);

// Writes one number of the result. `TWINLOCK_E_NOT_COMMITTED` before a commit that succeeded.
TWINLOCK_MUST_USE int32_t twinlock_pending_int(const twinlock_pending *pending, int32_t field, int64_t *out);

// Writes the seconds to wait that a refusal came with; 0 where it came with none or there was no refusal.
// `TWINLOCK_E_NOT_COMMITTED` before the commit and after a lost one.
TWINLOCK_MUST_USE int32_t twinlock_pending_retry_after(const twinlock_pending *pending, int64_t *out);

// Takes the proof out of the result; there is one, once. `TWINLOCK_E_NOT_COMMITTED` before a commit
// that succeeded, `TWINLOCK_E_FIELD_UNKNOWN` where the result has no proof or it was taken before.
TWINLOCK_MUST_USE int32_t twinlock_pending_proof(twinlock_pending *pending, twinlock_proof **out);

// Frees a pending verdict and wipes what is secret in it. NULL is fine.
void twinlock_pending_free(twinlock_pending *pending);

// Writes one text of a proof: `TWINLOCK_FIELD_SUBJECT`, `_AMR`; `_METHOD` where a second factor was shown,
// `_DEVICE_ID` where that was a code of a device, `_PURPOSE` where the proof is of a step-up.
TWINLOCK_MUST_USE
int32_t twinlock_proof_text(const twinlock_proof *proof,
                            int32_t field,
                            size_t index,
                            char *out,
                            size_t capacity,
                            size_t *length);

// Writes how many texts a proof has in a field.
TWINLOCK_MUST_USE int32_t twinlock_proof_count(const twinlock_proof *proof, int32_t field, size_t *out);

// Writes one number of a proof: `TWINLOCK_FIELD_EPOCH`, `_AUTH_TIME`.
TWINLOCK_MUST_USE int32_t twinlock_proof_int(const twinlock_proof *proof, int32_t field, int64_t *out);

// Frees a proof. NULL is fine.
void twinlock_proof_free(twinlock_proof *proof);

// Mints an access and a refresh token from a proof. `claims` is optional: a JSON object whose members
// go into both. Read them with `twinlock_tokens_text` and `twinlock_tokens_int`.
//
// `*proof` is used up and NULL once the arguments were read, whatever comes after; where it is not NULL
// after the call, it is still yours. `TWINLOCK_E_ARGUMENT_INVALID` for the proof of a step-up.
//
// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`, `_REFRESH`, `_REFRESH_EXPIRES_AT`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_mint(const twinlock_engine *engine,
                             twinlock_proof **proof,
                             const char *claims,
                             size_t claims_length,
                             int64_t now,
                             twinlock_tokens **tokens);

// As `twinlock_engine_mint`, but an access token alone: for a step-up, whose purpose and time it names
// while the session goes on, or where no refresh token is wanted.
//
// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_mint_access(const twinlock_engine *engine,
                                    twinlock_proof **proof,
                                    const char *claims,
                                    size_t claims_length,
                                    int64_t now,
                                    twinlock_tokens **tokens);

// As `twinlock_engine_mint`, but one sliding token, which can be exchanged for its like while it lives.
//
// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_mint_sliding(const twinlock_engine *engine,
                                     twinlock_proof **proof,
                                     const char *claims,
                                     size_t claims_length,
                                     int64_t now,
                                     twinlock_tokens **tokens);

// Verifies a token of one kind (`TWINLOCK_TOKEN_*`) and writes its claims as a JSON object.
//
// Refusals: `TWINLOCK_R_TOKEN_EXPIRED`; `TWINLOCK_R_TOKEN_INVALID` for all else that is wrong with it.
TWINLOCK_MUST_USE
int32_t twinlock_engine_verify(const twinlock_engine *engine,
                               const char *token,
                               size_t token_length,
                               int32_t kind,
                               int64_t now,
                               char *out,
                               size_t capacity,
                               size_t *length);

// As `twinlock_engine_verify`, but writes the subject alone.
TWINLOCK_MUST_USE
int32_t twinlock_engine_token_subject(const twinlock_engine *engine,
                                      const char *token,
                                      size_t token_length,
                                      int32_t kind,
                                      int64_t now,
                                      char *out,
                                      size_t capacity,
                                      size_t *length);

// Writes the subject of a living refresh token that does not rotate, so that you know which record to load.
//
// Refusals: as `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_refresh_subject(const twinlock_engine *engine,
                                        const char *token,
                                        size_t token_length,
                                        int64_t now,
                                        char *out,
                                        size_t capacity,
                                        size_t *length);

// A new access token for a refresh token of a subject whose record did not move its epoch since. The refresh
// token stays as it is, and no other comes out.
//
// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
// Refusals: as `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_refresh(const twinlock_engine *engine,
                                const char *token,
                                size_t token_length,
                                const uint8_t *record,
                                size_t record_length,
                                int64_t now,
                                twinlock_tokens **tokens);

// A new sliding token for a living one of a subject whose record did not move its epoch since, until the
// life of a refresh token has passed since the sign-in. `twinlock_engine_token_subject` tells whose record
// to load.
//
// Result: `TWINLOCK_FIELD_ACCESS`, `_ACCESS_EXPIRES_AT`.
// Refusals: as `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_refresh_sliding(const twinlock_engine *engine,
                                        const char *token,
                                        size_t token_length,
                                        const uint8_t *record,
                                        size_t record_length,
                                        int64_t now,
                                        twinlock_tokens **tokens);

// Writes the public halves of the asymmetric JWT keys as a JWK set (RFC 7517 section 5), with which other
// services verify access tokens. No private number and no HMAC key is ever in it; it is empty without
// asymmetric keys.
TWINLOCK_MUST_USE
int32_t twinlock_engine_jwks(const twinlock_engine *engine,
                             char *out,
                             size_t capacity,
                             size_t *length);

// Writes one text: `TWINLOCK_FIELD_ACCESS`, `_REFRESH`, `_SUBJECT`, `_SESSION`, `_SESSION_STATE`, as the
// call that made the handle says.
TWINLOCK_MUST_USE
int32_t twinlock_tokens_text(const twinlock_tokens *tokens,
                             int32_t field,
                             char *out,
                             size_t capacity,
                             size_t *length);

// Writes when a token ends: `TWINLOCK_FIELD_ACCESS_EXPIRES_AT`, `_REFRESH_EXPIRES_AT`.
TWINLOCK_MUST_USE int32_t twinlock_tokens_int(const twinlock_tokens *tokens, int32_t field, int64_t *out);

// Frees tokens and wipes them. NULL is fine.
void twinlock_tokens_free(twinlock_tokens *tokens);

// As `twinlock_engine_mint`, but with a refresh token that rotates. Insert the state, which is JSON text of
// at most `TWINLOCK_SESSION_MAX` bytes, into your store under the session's id before you give the tokens
// out. Nothing in it is secret.
//
// Result: as `twinlock_engine_mint`, and `TWINLOCK_FIELD_SESSION`, `_SESSION_STATE`, `_SUBJECT`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_begin_session(const twinlock_engine *engine,
                                      twinlock_proof **proof,
                                      const char *claims,
                                      size_t claims_length,
                                      int64_t now,
                                      twinlock_tokens **tokens);

// Makes of the verdict of `twinlock_engine_finish_sign_in`, before its commit, one that begins a session, in
// the same decision: so no code is used up for a session that is not there. Store what
// `twinlock_pending_record` and `twinlock_pending_session` give in one transaction, and commit as always. A
// refusal stays one, and begins nothing. `TWINLOCK_E_ARGUMENT_INVALID` for every other verdict, and for one
// that was committed or has a session already. After a fault of the claims the commit gives that fault.
//
// Result of the commit, in place of the proof: as `twinlock_engine_begin_session`; `TWINLOCK_FIELD_METHOD`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_with_session(const twinlock_engine *engine,
                                     twinlock_pending *pending,
                                     const char *claims,
                                     size_t claims_length,
                                     int64_t now);

// Reads out of a living refresh token that rotates which record and which state to load.
//
// Result: `TWINLOCK_FIELD_SUBJECT`, `_SESSION`.
// Refusals: as `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_session_of(const twinlock_engine *engine,
                                   const char *token,
                                   size_t token_length,
                                   int64_t now,
                                   twinlock_tokens **tokens);

// Exchanges a refresh token for a new pair. Each does that once: within `TWINLOCK_OPT_JWT_REUSE_GRACE`
// seconds it gets the same successor again, later it ends the session. `state` and `record` are what you
// loaded. `twinlock_pending_record` gives the new state; store it with a write that changes a row only if
// the state is still the one that was loaded, and commit as always.
//
// Result: as `twinlock_engine_mint`.
// Refusals: `TWINLOCK_R_TOKEN_EXPIRED`, `_TOKEN_INVALID`, `_SESSION_ENDED`, and `_TOKEN_REUSED`, upon which
// there is a state to store, too.
TWINLOCK_MUST_USE
int32_t twinlock_engine_rotate(const twinlock_engine *engine,
                               const char *token,
                               size_t token_length,
                               const char *state,
                               size_t state_length,
                               const uint8_t *record,
                               size_t record_length,
                               int64_t now,
                               twinlock_pending **pending);

// Writes what the state of a session says as a JSON object, for a list of a subject's sessions. Nothing secret
// is in it. Members: `id`, `subject`, `created_at`, `rotated_at`; `expires_at`, when it ends unless it is rotated
// before and its row can go; `ends_at`, when it ends whatever happens; `revoked_at`. Times are Unix seconds, or
// null where there is none. `TWINLOCK_E_FAMILY_MALFORMED` for what is no state.
TWINLOCK_MUST_USE
int32_t twinlock_session_status(const char *state,
                                size_t state_length,
                                char *out,
                                size_t capacity,
                                size_t *length);

// Writes the state of a session as it is after a logout, to be stored. Access tokens that are out live on
// until their own end.
TWINLOCK_MUST_USE
int32_t twinlock_session_revoke(const char *state,
                                size_t state_length,
                                int64_t now,
                                char *out,
                                size_t capacity,
                                size_t *length);

// Turns the second factor off after a right answer; a step-up has the purpose `disable`. All that hangs on
// the factor dies: devices, backup codes, pending enrollment, open challenges and tokens. The failure
// history stays.
//
// Refusals: `TWINLOCK_R_WRONG_CODE`, `_REPLAYED`, `_LOCKED` (with `twinlock_pending_retry_after`),
// `_FACTOR_DISABLED`, `_NOT_ENROLLED`, `_METHOD_NOT_ALLOWED`; for a step-up `_SECOND_FACTOR_REQUIRED` and
// those of `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_disable(const twinlock_engine *engine,
                                const char *subject,
                                size_t subject_length,
                                const uint8_t *record,
                                size_t record_length,
                                int32_t answer_kind,
                                const char *typed,
                                size_t typed_length,
                                int64_t now,
                                twinlock_pending **pending);

// Stores how the subject wants to be asked: `otp`, `sent`, or `off` where the policy lets subjects opt out.
// With a device this needs a right answer; a step-up has the purpose `set_method`. Without one the answer
// may be `TWINLOCK_ANSWER_NONE` and is not looked at.
//
// Refusals: as `twinlock_engine_disable`; `TWINLOCK_R_METHOD_NOT_ALLOWED` where the policy does not let
// that way in, `_NOT_ENROLLED` for `otp` without a device, `_SECOND_FACTOR_REQUIRED` for a missing answer.
TWINLOCK_MUST_USE
int32_t twinlock_engine_set_method(const twinlock_engine *engine,
                                   const char *subject,
                                   size_t subject_length,
                                   const uint8_t *record,
                                   size_t record_length,
                                   int32_t answer_kind,
                                   const char *typed,
                                   size_t typed_length,
                                   const char *method,
                                   size_t method_length,
                                   int64_t now,
                                   twinlock_pending **pending);

// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is not
// enough. A step-up has the purpose `regenerate_backup_codes`.
//
// Result: `TWINLOCK_FIELD_BACKUP_CODE`.
// Refusals: as `twinlock_engine_disable`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_regenerate_backup_codes(const twinlock_engine *engine,
                                                const char *subject,
                                                size_t subject_length,
                                                const uint8_t *record,
                                                size_t record_length,
                                                int32_t answer_kind,
                                                const char *typed,
                                                size_t typed_length,
                                                int64_t now,
                                                twinlock_pending **pending);

// Replaces the whole set of backup codes without an answer. For operators only: whoever can reach it can
// sign in with what it returns.
//
// Result: `TWINLOCK_FIELD_BACKUP_CODE`.
// Refusals: `TWINLOCK_R_NOT_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_admin_regenerate_backup_codes(const twinlock_engine *engine,
                                                      const char *subject,
                                                      size_t subject_length,
                                                      const uint8_t *record,
                                                      size_t record_length,
                                                      int64_t now,
                                                      twinlock_pending **pending);

// Ends every lock and clears the failure history. For operators.
//
// Refusals: `TWINLOCK_R_NOT_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_unlock(const twinlock_engine *engine,
                               const char *subject,
                               size_t subject_length,
                               const uint8_t *record,
                               size_t record_length,
                               int64_t now,
                               twinlock_pending **pending);

// Turns the second factor off without an answer. For operators, and for recovery after other checks.
// A record that cannot be opened has to be deleted instead.
//
// Refusals: `TWINLOCK_R_NOT_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_admin_reset(const twinlock_engine *engine,
                                    const char *subject,
                                    size_t subject_length,
                                    const uint8_t *record,
                                    size_t record_length,
                                    int64_t now,
                                    twinlock_pending **pending);

// Lets all challenges and tokens of the subject die: after a password change, or to sign out everywhere.
// Works with and without a second factor.
TWINLOCK_MUST_USE
int32_t twinlock_engine_bump_epoch(const twinlock_engine *engine,
                                   const char *subject,
                                   size_t subject_length,
                                   const uint8_t *record,
                                   size_t record_length,
                                   int64_t now,
                                   twinlock_pending **pending);

// Begins the enrollment of one more device after a right answer; a step-up has the purpose `add_device`. The
// device is described as in `twinlock_engine_begin_enrollment_with`, and is confirmed as the first one was.
//
// Result: as `twinlock_engine_begin_enrollment`.
// Refusals: as `twinlock_engine_disable`, and `TWINLOCK_R_TOO_MANY_DEVICES`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_add_device(const twinlock_engine *engine,
                                   const char *subject,
                                   size_t subject_length,
                                   const uint8_t *record,
                                   size_t record_length,
                                   int32_t answer_kind,
                                   const char *typed,
                                   size_t typed_length,
                                   const char *account,
                                   size_t account_length,
                                   const char *name,
                                   size_t name_length,
                                   int32_t kind,
                                   int32_t algorithm,
                                   uint32_t digits,
                                   uint32_t period,
                                   int64_t now,
                                   twinlock_pending **pending);

// Gives a device another name.
//
// Refusals: `TWINLOCK_R_DEVICE_UNKNOWN`, and `_TOO_MANY_DEVICES` when the record has no room for so long a
// name.
TWINLOCK_MUST_USE
int32_t twinlock_engine_rename_device(const twinlock_engine *engine,
                                      const char *subject,
                                      size_t subject_length,
                                      const uint8_t *record,
                                      size_t record_length,
                                      const char *device_id,
                                      size_t device_id_length,
                                      const char *name,
                                      size_t name_length,
                                      int64_t now,
                                      twinlock_pending **pending);

// Removes a device after a right answer, for which a code of the device itself will do; a step-up has the
// purpose `remove_device`. Tokens from before die. Without its last device the subject has no second factor.
//
// Result: `TWINLOCK_FIELD_LAST_DEVICE`.
// Refusals: as `twinlock_engine_disable`, and `TWINLOCK_R_DEVICE_UNKNOWN`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_remove_device(const twinlock_engine *engine,
                                      const char *subject,
                                      size_t subject_length,
                                      const uint8_t *record,
                                      size_t record_length,
                                      const char *device_id,
                                      size_t device_id_length,
                                      int32_t answer_kind,
                                      const char *typed,
                                      size_t typed_length,
                                      int64_t now,
                                      twinlock_pending **pending);

// Finds the counter of a counter device again by two codes in a row (RFC 4226 section 7.4). Wrong codes
// count like wrong answers; right ones give nothing but the counter.
//
// Refusals: `TWINLOCK_R_DEVICE_UNKNOWN`, `_METHOD_NOT_ALLOWED` for a device without a counter,
// `_WRONG_CODE`, `_LOCKED`, `_FACTOR_DISABLED`, `_NOT_ENROLLED`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_resync_device(const twinlock_engine *engine,
                                      const char *subject,
                                      size_t subject_length,
                                      const uint8_t *record,
                                      size_t record_length,
                                      const char *device_id,
                                      size_t device_id_length,
                                      const char *first,
                                      size_t first_length,
                                      const char *second,
                                      size_t second_length,
                                      int64_t now,
                                      twinlock_pending **pending);

// Asks a signed-in user for the second factor once more, for one purpose: 1 to 64 characters out of `a-z
// 0-9 _ - . :`. `session` is optional: the session's access or sliding token, which goes on in the new one.
//
// Result: a proof for `twinlock_engine_mint_access`, and for nothing else.
// Refusals: as `twinlock_engine_disable`, but `TWINLOCK_R_METHOD_NOT_ALLOWED` for a step-up as the answer;
// `TWINLOCK_R_SECOND_FACTOR_REQUIRED` when the session is another subject's or over, and those of
// `twinlock_engine_verify` for its token.
TWINLOCK_MUST_USE
int32_t twinlock_engine_step_up(const twinlock_engine *engine,
                                const char *subject,
                                size_t subject_length,
                                const uint8_t *record,
                                size_t record_length,
                                int32_t answer_kind,
                                const char *typed,
                                size_t typed_length,
                                const char *purpose,
                                size_t purpose_length,
                                const char *session,
                                size_t session_length,
                                int64_t now,
                                twinlock_pending **pending);

// Checks that an access or sliding token shows a second factor that is fresh enough for a sensitive action:
// at most `max_age` seconds old, and for this purpose if the token names one. `max_age` 0 takes the
// policy's `TWINLOCK_OPT_STEP_UP_AGE`.
//
// Refusals: `TWINLOCK_R_SECOND_FACTOR_REQUIRED`, and those of `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_require_step_up(const twinlock_engine *engine,
                                        const char *token,
                                        size_t token_length,
                                        const char *purpose,
                                        size_t purpose_length,
                                        uint32_t max_age,
                                        int64_t now);

// Trusts the device on which the second factor of a proof has just been shown: with the token, sign-in on
// it needs no second factor until the trust ends, tokens die or it is revoked. The proof stays yours; mint
// with it afterwards. Where there are as many devices as the policy allows, the one not used for longest
// makes room.
//
// Result: `TWINLOCK_FIELD_TRUST_TOKEN`, `_TRUST_ID`, `_EXPIRES_AT`.
// Refusals: `TWINLOCK_R_METHOD_NOT_ALLOWED` where the policy has no trusted devices;
// `TWINLOCK_R_SECOND_FACTOR_REQUIRED` when the proof is another subject's, of an older epoch, or without a
// second factor.
TWINLOCK_MUST_USE
int32_t twinlock_engine_trust_device(const twinlock_engine *engine,
                                     const char *subject,
                                     size_t subject_length,
                                     const uint8_t *record,
                                     size_t record_length,
                                     const twinlock_proof *proof,
                                     const char *name,
                                     size_t name_length,
                                     int64_t now,
                                     twinlock_pending **pending);

// Says whether a token is that of a trusted device of the subject: `TWINLOCK_OK`, or else
// `TWINLOCK_R_SECOND_FACTOR_REQUIRED`. `twinlock_engine_begin_sign_in_on_device` asks this itself.
TWINLOCK_MUST_USE
int32_t twinlock_engine_is_trusted(const twinlock_engine *engine,
                                   const char *subject,
                                   size_t subject_length,
                                   const uint8_t *record,
                                   size_t record_length,
                                   const char *trust_token,
                                   size_t trust_token_length,
                                   int64_t now);

// Ends the trust in one device. `TWINLOCK_E_ARGUMENT_INVALID` where the id is empty.
//
// Refusals: `TWINLOCK_R_DEVICE_UNKNOWN`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_revoke_trusted_device(const twinlock_engine *engine,
                                              const char *subject,
                                              size_t subject_length,
                                              const uint8_t *record,
                                              size_t record_length,
                                              const char *trust_id,
                                              size_t trust_id_length,
                                              int64_t now,
                                              twinlock_pending **pending);

// Ends the trust in all devices of the subject.
TWINLOCK_MUST_USE
int32_t twinlock_engine_revoke_all_trusted_devices(const twinlock_engine *engine,
                                                   const char *subject,
                                                   size_t subject_length,
                                                   const uint8_t *record,
                                                   size_t record_length,
                                                   int64_t now,
                                                   twinlock_pending **pending);

// Stores a confirmed device that exists elsewhere; nothing is asked. A device with the same secret and kind
// stays as it is and gives its own id. Tokens from before die, and no backup codes are made. `secret` is
// base32 of 10 to 128 bytes, `name` optional, `counter` what a counter device shows next. `last_step` is
// the last step that the other system accepted from a time device, so that its code is no good here; -1
// where it is not known.
//
// Result: `TWINLOCK_FIELD_DEVICE_ID`.
// Refusals: `TWINLOCK_R_TOO_MANY_DEVICES`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_import_device(const twinlock_engine *engine,
                                      const char *subject,
                                      size_t subject_length,
                                      const uint8_t *record,
                                      size_t record_length,
                                      const char *name,
                                      size_t name_length,
                                      const char *secret,
                                      size_t secret_length,
                                      int32_t kind,
                                      int32_t algorithm,
                                      uint32_t digits,
                                      uint32_t period,
                                      uint64_t counter,
                                      int64_t last_step,
                                      int64_t now,
                                      twinlock_pending **pending);

// As `twinlock_engine_import_device`, with what an `otpauth://` URI says.
TWINLOCK_MUST_USE
int32_t twinlock_engine_import_device_uri(const twinlock_engine *engine,
                                          const char *subject,
                                          size_t subject_length,
                                          const uint8_t *record,
                                          size_t record_length,
                                          const char *name,
                                          size_t name_length,
                                          const char *uri,
                                          size_t uri_length,
                                          int64_t now,
                                          twinlock_pending **pending);

// Takes over another system's 1 to 20 unused backup codes, one a line; each stays good until it is used or
// new ones are made. Codes that were imported before are replaced. `scheme` says what a line is:
//
//     plain           the code, of which case, spaces and hyphens count
//     plain_loose     the code, of which they do not
//     sha256          hexadecimal SHA-256 of the code
//     pbkdf2_sha256   as Django's make_password writes it
//     hmac_sha256     hmac_sha256$ and the hexadecimal HMAC of the code, under `key`, 1 to 512 bytes
//     drf_totp        the same as drf-totp stores it; `key` is the site's SECRET_KEY, and each fallback on
//                     a line of its own
//
// Refusals: `TWINLOCK_R_NOT_ENROLLED`, and `_TOO_MANY_DEVICES` when the record has no room for the codes.
TWINLOCK_MUST_USE
int32_t twinlock_engine_import_backup_codes(const twinlock_engine *engine,
                                            const char *subject,
                                            size_t subject_length,
                                            const uint8_t *record,
                                            size_t record_length,
                                            const char *scheme,
                                            size_t scheme_length,
                                            const char *codes,
                                            size_t codes_length,
                                            const uint8_t *key,
                                            size_t key_length,
                                            int64_t now,
                                            twinlock_pending **pending);

// Writes the state of a subject's second factor as a JSON object. Nothing secret is in it. Members:
// `enabled`, `pending_until`, `devices` (each with `id`, `kind`, `name`, `algorithm`, `digits`, `period`,
// `created_at`, `last_used_at`), `preference`, `trusted_devices` (each with `id`, `name`, `created_at`,
// `last_used_at`, `expires_at`), `backup_codes_left`, `backup_codes_total`, `locked_until`, `disabled`,
// `failures_in_a_row`, `failures_today`, `epoch`. Times are Unix seconds, or null where there is none.
TWINLOCK_MUST_USE
int32_t twinlock_engine_status(const twinlock_engine *engine,
                               const char *subject,
                               size_t subject_length,
                               const uint8_t *record,
                               size_t record_length,
                               int64_t now,
                               char *out,
                               size_t capacity,
                               size_t *length);

// Writes everything that a record holds but its secrets as a JSON object, as it is stored and whatever the
// time is: for operators who look into a case. The form is for people and may grow.
// `TWINLOCK_E_ENVELOPE_MALFORMED` without a record.
TWINLOCK_MUST_USE
int32_t twinlock_engine_inspect(const twinlock_engine *engine,
                                const char *subject,
                                size_t subject_length,
                                const uint8_t *record,
                                size_t record_length,
                                char *out,
                                size_t capacity,
                                size_t *length);

// Seals a record anew with the first key of the ring and the policy's cipher. Length 0 says that it needs
// no other key already. Store the result with a conditional write, as every record; if that write is lost,
// somebody else has written the record, with the first key. It may run at any time, any number of times.
TWINLOCK_MUST_USE
int32_t twinlock_engine_reseal(const twinlock_engine *engine,
                               const char *subject,
                               size_t subject_length,
                               const uint8_t *record,
                               size_t record_length,
                               uint8_t *out,
                               size_t capacity,
                               size_t *length);

// Writes the ids of the keys that a record cannot do without, separated by spaces. A key of the ring that
// no record needs can go once the tokens that it signed have ended.
TWINLOCK_MUST_USE
int32_t twinlock_engine_keys_needed(const twinlock_engine *engine,
                                    const char *subject,
                                    size_t subject_length,
                                    const uint8_t *record,
                                    size_t record_length,
                                    char *out,
                                    size_t capacity,
                                    size_t *length);

// Writes the ids of the ring's keys, separated by spaces, the first key's first.
TWINLOCK_MUST_USE
int32_t twinlock_engine_key_ids(const twinlock_engine *engine,
                                char *out,
                                size_t capacity,
                                size_t *length);

// Seals a small secret of your own, of up to 64 KiB, for a subject, with the first key of the ring and the
// policy's cipher. Each call gives another envelope, which is at most 52 bytes longer than the secret.
TWINLOCK_MUST_USE
int32_t twinlock_vault_seal(const twinlock_engine *engine,
                            const char *subject,
                            size_t subject_length,
                            const uint8_t *secret,
                            size_t secret_length,
                            uint8_t *out,
                            size_t capacity,
                            size_t *length);

// Opens what `twinlock_vault_seal` made for the same subject. `TWINLOCK_E_KEY_UNKNOWN` where its key is not
// in the ring, `TWINLOCK_E_ENVELOPE_REJECTED` where it was altered or sealed for someone or something else.
TWINLOCK_MUST_USE
int32_t twinlock_vault_open(const twinlock_engine *engine,
                            const char *subject,
                            size_t subject_length,
                            const uint8_t *envelope,
                            size_t envelope_length,
                            uint8_t *out,
                            size_t capacity,
                            size_t *length);

// Seals anew what `twinlock_vault_seal` made, as `twinlock_engine_reseal` does with records.
TWINLOCK_MUST_USE
int32_t twinlock_vault_reseal(const twinlock_engine *engine,
                              const char *subject,
                              size_t subject_length,
                              const uint8_t *envelope,
                              size_t envelope_length,
                              uint8_t *out,
                              size_t capacity,
                              size_t *length);

// Writes the id of the key that sealed an envelope or a record: 16 hexadecimal digits. It is read and not
// opened, so nothing says that it is right.
TWINLOCK_MUST_USE
int32_t twinlock_vault_key_id(const uint8_t *envelope,
                              size_t envelope_length,
                              char *out,
                              size_t capacity,
                              size_t *length);

// Writes an envelope as base64url without padding, for a column of text.
TWINLOCK_MUST_USE
int32_t twinlock_vault_to_text(const uint8_t *envelope,
                               size_t envelope_length,
                               char *out,
                               size_t capacity,
                               size_t *length);

// Reads what `twinlock_vault_to_text` wrote, exactly so.
TWINLOCK_MUST_USE
int32_t twinlock_vault_from_text(const char *envelope,
                                 size_t envelope_length,
                                 uint8_t *out,
                                 size_t capacity,
                                 size_t *length);

// Writes a new secret of 160 bits in base32.
TWINLOCK_MUST_USE int32_t twinlock_secret_generate(char *out, size_t capacity, size_t *length);

// Writes a secret of 10 to 128 raw bytes in base32, as every other call takes it. Less than 16 bytes are
// too few (RFC 4226 section 4) for all but `twinlock_engine_import_device`.
TWINLOCK_MUST_USE
int32_t twinlock_secret_from_bytes(const uint8_t *secret,
                                   size_t secret_length,
                                   char *out,
                                   size_t capacity,
                                   size_t *length);

// Writes the time-based code (RFC 6238) at a time. `secret` is base32 of at least 16 bytes, `algorithm` one
// of `TWINLOCK_ALGORITHM_*`, `digits` 6 to 8, `period` 15 to 120 seconds.
TWINLOCK_MUST_USE
int32_t twinlock_totp_generate(const char *secret,
                               size_t secret_length,
                               int32_t algorithm,
                               uint32_t digits,
                               uint32_t period,
                               int64_t now,
                               char *out,
                               size_t capacity,
                               size_t *length);

// Looks for a code in the steps around a time, `window` (0 to 2) to each side, and writes the number of
// the step it belongs to. Keep that number and refuse the same or a lower one from then on: without
// that, a code can be used twice. `TWINLOCK_R_WRONG_CODE` where the code is none of these.
TWINLOCK_MUST_USE
int32_t twinlock_totp_verify(const char *secret,
                             size_t secret_length,
                             int32_t algorithm,
                             uint32_t digits,
                             uint32_t period,
                             const char *code,
                             size_t code_length,
                             uint32_t window,
                             int64_t now,
                             uint64_t *step);

// Writes the code at a counter (RFC 4226). `secret`, `algorithm` and `digits` are as in
// `twinlock_totp_generate`.
TWINLOCK_MUST_USE
int32_t twinlock_hotp_generate(const char *secret,
                               size_t secret_length,
                               int32_t algorithm,
                               uint32_t digits,
                               uint64_t counter,
                               char *out,
                               size_t capacity,
                               size_t *length);

// Looks for a code at a counter and up to `look_ahead` (0 to 100) values after it, and writes the counter
// that it belongs to. Keep one more than that as the next to expect. `TWINLOCK_R_WRONG_CODE` where the code
// is none of these.
TWINLOCK_MUST_USE
int32_t twinlock_hotp_verify(const char *secret,
                             size_t secret_length,
                             int32_t algorithm,
                             uint32_t digits,
                             const char *code,
                             size_t code_length,
                             uint64_t counter,
                             uint32_t look_ahead,
                             uint64_t *matched);

// Finds a counter that ran far ahead by two codes shown one after the other (RFC 4226 section 7.4), the
// first at `counter` or up to `window` (0 to 1000) values after it, and writes the counter of the second.
// Keep one more than that as the next to expect. `TWINLOCK_R_WRONG_CODE` where they are not found.
TWINLOCK_MUST_USE
int32_t twinlock_hotp_resync(const char *secret,
                             size_t secret_length,
                             int32_t algorithm,
                             uint32_t digits,
                             const char *first,
                             size_t first_length,
                             const char *second,
                             size_t second_length,
                             uint64_t counter,
                             uint32_t window,
                             uint64_t *matched);

// Writes the code of Steam Guard at a time: five characters.
TWINLOCK_MUST_USE
int32_t twinlock_steam_generate(const char *secret,
                                size_t secret_length,
                                int64_t now,
                                char *out,
                                size_t capacity,
                                size_t *length);

// As `twinlock_totp_verify`, for a code of Steam Guard.
TWINLOCK_MUST_USE
int32_t twinlock_steam_verify(const char *secret,
                              size_t secret_length,
                              const char *code,
                              size_t code_length,
                              uint32_t window,
                              int64_t now,
                              uint64_t *step);

// Draws a text, such as the URI of an enrollment, as a QR code in a self-contained SVG, which can stand
// inline in HTML. Draw it here and never through a remote service: the URI holds the secret. Treat the
// picture like the secret. `TWINLOCK_E_QR_TOO_LONG` above 2953 bytes.
TWINLOCK_MUST_USE
int32_t twinlock_qr_svg(const char *content,
                        size_t content_length,
                        char *out,
                        size_t capacity,
                        size_t *length);

// As `twinlock_qr_svg`, as a `data:` URI for the attribute `src`. It is base64 and needs no escaping in HTML,
// CSS or JSON.
TWINLOCK_MUST_USE
int32_t twinlock_qr_svg_data_uri(const char *content,
                                 size_t content_length,
                                 char *out,
                                 size_t capacity,
                                 size_t *length);

// As `twinlock_qr_svg`, as a PNG with `scale` x `scale` pixels for a module, 1 to 32; 8 is usual.
// `TWINLOCK_E_OPTION_OUT_OF_RANGE` for another scale.
TWINLOCK_MUST_USE
int32_t twinlock_qr_png(const char *content,
                        size_t content_length,
                        uint32_t scale,
                        uint8_t *out,
                        size_t capacity,
                        size_t *length);

// As `twinlock_qr_svg`, in characters (UTF-8) and colors for a terminal, with a line feed after each line.
TWINLOCK_MUST_USE
int32_t twinlock_qr_terminal(const char *content,
                             size_t content_length,
                             char *out,
                             size_t capacity,
                             size_t *length);

// As `twinlock_qr_terminal`, without colors and control sequences. Scanners need a dark ground below it.
TWINLOCK_MUST_USE
int32_t twinlock_qr_terminal_plain(const char *content,
                                   size_t content_length,
                                   char *out,
                                   size_t capacity,
                                   size_t *length);

// Writes the `otpauth://` URI of a device, for a QR code. It holds the secret, which is base32 of at least
// 16 bytes. `kind` is one of `TWINLOCK_DEVICE_*`; what it does not have is not looked at. `counter` is what
// a counter device shows next.
TWINLOCK_MUST_USE
int32_t twinlock_otpauth_build(const char *issuer,
                               size_t issuer_length,
                               const char *account,
                               size_t account_length,
                               const char *secret,
                               size_t secret_length,
                               int32_t kind,
                               int32_t algorithm,
                               uint32_t digits,
                               uint32_t period,
                               uint64_t counter,
                               char *out,
                               size_t capacity,
                               size_t *length);

// Reads an `otpauth://` URI, which describes one account, or an `otpauth-migration://` URI, which an app
// exports and which may describe several.
TWINLOCK_MUST_USE
int32_t twinlock_otpauth_parse(const char *uri,
                               size_t uri_length,
                               twinlock_otpauth **otpauth);

// Writes how many accounts there are.
TWINLOCK_MUST_USE int32_t twinlock_otpauth_count(const twinlock_otpauth *otpauth, size_t *count);

// Writes one text of an account, which are counted from 0: `TWINLOCK_FIELD_ISSUER`
// (`TWINLOCK_E_FIELD_UNKNOWN` where there is none), `_ACCOUNT`, `_SECRET`.
TWINLOCK_MUST_USE
int32_t twinlock_otpauth_text(const twinlock_otpauth *otpauth,
                              size_t index,
                              int32_t field,
                              char *out,
                              size_t capacity,
                              size_t *length);

// Writes one number of an account: `TWINLOCK_FIELD_KIND`, `_ALGORITHM`, `_DIGITS`, `_PERIOD` and
// `_COUNTER`, the last two only where the kind has them; of an app's export also `_BATCH_ID`, `_BATCH_INDEX`
// and `_BATCH_SIZE`, since an export of many accounts is several QR codes.
TWINLOCK_MUST_USE
int32_t twinlock_otpauth_int(const twinlock_otpauth *otpauth,
                             size_t index,
                             int32_t field,
                             int64_t *out);

// Frees accounts and wipes their secrets. NULL is fine.
void twinlock_otpauth_free(twinlock_otpauth *otpauth);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TWINLOCK_H */
