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

// Text or bytes, secret: adds a JWT key. The first signs, all verify; without any, keys of the ring do it.
#define TWINLOCK_OPT_JWT_KEY 10

// Text: the algorithm of the JWT keys that are added after it, `HS256` (the default), `HS384` or `HS512`.
#define TWINLOCK_OPT_JWT_ALGORITHM 11

// Text: the claim `iss`, minted and then required.
#define TWINLOCK_OPT_JWT_ISSUER 12

// Text: the claim `aud`, minted and then required.
#define TWINLOCK_OPT_JWT_AUDIENCE 13

// Text: the name of the claim with the subject beside `sub`. Default `user_id`.
#define TWINLOCK_OPT_JWT_USER_ID_CLAIM 14

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

// Number: seconds that an access token lives.
// From 30 to 900, default 300.
#define TWINLOCK_OPT_JWT_ACCESS_LIFE 200

// Number: seconds that a refresh token lives.
// From 60 to 2592000 (30 days), default 86400.
#define TWINLOCK_OPT_JWT_REFRESH_LIFE 201

// Number: seconds by which the times of a token may be off.
// From 0 to 60, default 0.
#define TWINLOCK_OPT_JWT_LEEWAY 202

// As a code of an authenticator only.
#define TWINLOCK_ANSWER_OTP 1

// As a backup code only.
#define TWINLOCK_ANSWER_BACKUP 2

// As whichever it looks like.
#define TWINLOCK_ANSWER_ANY 3

// Every record fits into so many bytes, whatever is done to an account.
#define TWINLOCK_RECORD_MAX 4096

// Text: the id of the device.
#define TWINLOCK_FIELD_DEVICE_ID 1

// Text, secret: the new device's shared secret in base32, to be shown once.
#define TWINLOCK_FIELD_SECRET 2

// Text, secret: the `otpauth://` URI to be shown once as a QR code.
#define TWINLOCK_FIELD_URI 3

// Texts, secret: the backup codes, to be shown once.
#define TWINLOCK_FIELD_BACKUP_CODE 4

// Text: the challenge to hand to the client.
#define TWINLOCK_FIELD_CHALLENGE 5

// Texts: the methods that may answer the challenge (`otp`, `backup`); of a proof, the one that did.
#define TWINLOCK_FIELD_METHOD 6

// Text: the subject of a proof.
#define TWINLOCK_FIELD_SUBJECT 7

// Texts: the methods of both factors of a proof, as the claim `amr` has them (RFC 8176).
#define TWINLOCK_FIELD_AMR 8

// Text: the access token.
#define TWINLOCK_FIELD_ACCESS 9

// Text: the refresh token.
#define TWINLOCK_FIELD_REFRESH 10

// Number: when the enrollment or the challenge ends, in Unix seconds.
#define TWINLOCK_FIELD_EXPIRES_AT 100

// Number: one of `TWINLOCK_SIGN_IN_*`.
#define TWINLOCK_FIELD_SIGN_IN 101

// Number: the epoch of the record that a proof belongs to.
#define TWINLOCK_FIELD_EPOCH 102

// Number: when the first factor of a proof was passed, in Unix seconds.
#define TWINLOCK_FIELD_AUTH_TIME 103

// Number: when the access token ends, in Unix seconds.
#define TWINLOCK_FIELD_ACCESS_EXPIRES_AT 104

// Number: when the refresh token ends, in Unix seconds.
#define TWINLOCK_FIELD_REFRESH_EXPIRES_AT 105

// The subject has no second factor: take the proof.
#define TWINLOCK_SIGN_IN_NOT_REQUIRED 0

// A second factor has to be shown: hand out the challenge.
#define TWINLOCK_SIGN_IN_CHALLENGE 1

// An access token.
#define TWINLOCK_TOKEN_ACCESS 1

// A refresh token.
#define TWINLOCK_TOKEN_REFRESH 2

// HMAC-SHA-1, which every authenticator app understands.
#define TWINLOCK_ALGORITHM_SHA1 1

// HMAC-SHA-256.
#define TWINLOCK_ALGORITHM_SHA256 2

// HMAC-SHA-512.
#define TWINLOCK_ALGORITHM_SHA512 3

// Options on their way to an engine. One thread at a time.
typedef struct twinlock_config twinlock_config;

// Policy and keys, and nothing per user. Share one between all threads.
typedef struct twinlock_engine twinlock_engine;

// A verdict and the record to store before it counts. One thread at a time.
typedef struct twinlock_pending twinlock_pending;

// The proof that a subject passed what your policy asks for. It mints tokens once. One thread at a time.
typedef struct twinlock_proof twinlock_proof;

// Tokens that were minted. One thread at a time.
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

// Confirms the pending device with a code of it. The code is spent by that, and tokens and challenges
// from before die.
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

// Answers a passed first factor: with a proof where the subject has no second factor, else with a challenge.
// `methods` says how the first factor was checked, as 1 to 8 names separated by spaces (RFC 8176; `pwd` for
// a password), and `first_factor_at` when. `binding` is optional: something that you must show again with
// the answer, such as a digest of the password's hash or a cookie's value.
//
// Result: `TWINLOCK_FIELD_SIGN_IN`; and a proof, or `TWINLOCK_FIELD_CHALLENGE`, `_METHOD`, `_EXPIRES_AT`.
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
// `_FACTOR_DISABLED`, `_NOT_ENROLLED`, `_CHALLENGE_INVALID`, `_CHALLENGE_SPENT`.
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

// Writes the record to store. Length 0 means that there is nothing to store: go on to the commit.
// `TWINLOCK_E_ARGUMENT_INVALID` after the commit.
TWINLOCK_MUST_USE
int32_t twinlock_pending_record(const twinlock_pending *pending,
                                uint8_t *out,
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

// Writes one text of a proof: `TWINLOCK_FIELD_SUBJECT`, `_METHOD` (none where the subject has no second
// factor), `_AMR`.
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
// after the call, it is still yours.
TWINLOCK_MUST_USE
int32_t twinlock_engine_mint(const twinlock_engine *engine,
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

// Writes the subject of a living refresh token, so that you know which record to load.
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
// Refusals: as `twinlock_engine_verify`.
TWINLOCK_MUST_USE
int32_t twinlock_engine_refresh(const twinlock_engine *engine,
                                const char *token,
                                size_t token_length,
                                const uint8_t *record,
                                size_t record_length,
                                int64_t now,
                                twinlock_tokens **tokens);

// Writes one token: `TWINLOCK_FIELD_ACCESS`, `_REFRESH`.
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

// Turns the second factor off after a right answer. All that hangs on it dies: devices, backup codes,
// pending enrollment, open challenges and tokens. The failure history stays.
//
// Refusals: as `twinlock_engine_finish_sign_in`, without those of the challenge.
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

// Replaces the whole set of backup codes after a right code of an authenticator; a backup code is not enough.
//
// Result: `TWINLOCK_FIELD_BACKUP_CODE`.
// Refusals: as `twinlock_engine_disable`, and `TWINLOCK_R_METHOD_NOT_ALLOWED`.
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

// Replaces the whole set of backup codes without an answer. For operators only: whoever can reach it can sign
// in with what it returns.
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

// Writes the state of a subject's second factor as a JSON object. Nothing secret is in it. Members:
// `enabled`, `pending_until`, `devices` (each with `id`, `kind`, `name`, `algorithm`, `digits`, `period`,
// `created_at`, `last_used_at`), `backup_codes_left`, `backup_codes_total`, `locked_until`, `disabled`,
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

// Writes a new secret of 160 bits in base32.
TWINLOCK_MUST_USE int32_t twinlock_secret_generate(char *out, size_t capacity, size_t *length);

// Writes the time-based code (RFC 6238) at a time. `secret` is base32, `algorithm` one of
// `TWINLOCK_ALGORITHM_*`, `digits` 6 to 8, `period` 15 to 120 seconds.
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

// Draws a text, such as the URI of an enrollment, as a QR code in a self-contained SVG. Draw it here and
// never through a remote service: the URI holds the secret.
TWINLOCK_MUST_USE
int32_t twinlock_qr_svg(const char *content,
                        size_t content_length,
                        char *out,
                        size_t capacity,
                        size_t *length);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TWINLOCK_H */
