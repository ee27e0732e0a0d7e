package twinlock

// #include <twinlock.h>
import "C"

// Option is a limit or a life that [Config].Policy may set. What is not set has the default.
type Option int32

// The numeric options, with their bounds.
const (
	// digits of the codes of new devices.
	// From 6 to 8, default 6.
	OptDigits Option = C.TWINLOCK_OPT_DIGITS
	// seconds per step of new devices.
	// From 15 to 120, default 30.
	OptPeriod Option = C.TWINLOCK_OPT_PERIOD
	// steps before and after the current one in which a code is accepted.
	// From 0 to 2, default 1.
	OptWindow Option = C.TWINLOCK_OPT_WINDOW
	// seconds that a challenge lives between the first and the second factor.
	// From 10 to 300, default 120.
	OptChallengeLife Option = C.TWINLOCK_OPT_CHALLENGE_LIFE
	// wrong answers after which a challenge is dead.
	// From 1 to 5, default 5.
	OptChallengeTries Option = C.TWINLOCK_OPT_CHALLENGE_TRIES
	// seconds in which a pending enrollment must be confirmed.
	// From 60 to 3600, default 900.
	OptEnrollmentLife Option = C.TWINLOCK_OPT_ENROLLMENT_LIFE
	// wrong codes after which a pending enrollment is discarded.
	// From 1 to 20, default 10.
	OptEnrollmentTries Option = C.TWINLOCK_OPT_ENROLLMENT_TRIES
	// backup codes in a set; 0 means none are made.
	// From 0 to 20, default 10.
	OptBackupCodes Option = C.TWINLOCK_OPT_BACKUP_CODES
	// wrong answers in a row that lead to the first lock.
	// From 1 to 20, default 5.
	OptFailuresBeforeLock Option = C.TWINLOCK_OPT_FAILURES_BEFORE_LOCK
	// seconds of the first lock; each further failure doubles it.
	// From 1 to 3600, default 30.
	OptLockSeconds Option = C.TWINLOCK_OPT_LOCK_SECONDS
	// seconds of the longest lock that doubling leads to.
	// From 1 to 86400, default 3600.
	OptLockSecondsMax Option = C.TWINLOCK_OPT_LOCK_SECONDS_MAX
	// wrong answers in 24 hours that lock the factor, whatever succeeded in between.
	// From 1 to 100, default 10.
	OptFailuresPerDay Option = C.TWINLOCK_OPT_FAILURES_PER_DAY
	// wrong answers in 30 days that lock the factor, whatever succeeded in between.
	// From 1 to 100, default 50.
	OptFailuresPerMonth Option = C.TWINLOCK_OPT_FAILURES_PER_MONTH
	// wrong answers in a row that block the factor until it is unlocked (NIST SP 800-63B: at most 100).
	// From 1 to 100, default 100.
	OptFailuresBeforeDisable Option = C.TWINLOCK_OPT_FAILURES_BEFORE_DISABLE
	// devices that a subject may have.
	// From 1 to 10, default 5.
	OptDevices Option = C.TWINLOCK_OPT_DEVICES
	// counter values after the expected one in which a code of a counter device is accepted.
	// From 0 to 100, default 10.
	OptLookAhead Option = C.TWINLOCK_OPT_LOOK_AHEAD
	// counter values that a resynchronisation of a counter device searches.
	// From 10 to 1000, default 100.
	OptResyncWindow Option = C.TWINLOCK_OPT_RESYNC_WINDOW
	// characters of a sent code.
	// From 6 to 12, default 7.
	OptSentLength Option = C.TWINLOCK_OPT_SENT_LENGTH
	// seconds that a sent code and its challenge live.
	// From 60 to 300, default 300.
	OptSentLife Option = C.TWINLOCK_OPT_SENT_LIFE
	// codes sent for one challenge, the first among them.
	// From 1 to 5, default 3.
	OptSendsPerChallenge Option = C.TWINLOCK_OPT_SENDS_PER_CHALLENGE
	// seconds that an enrollment token lives.
	// From 60 to 900, default 900.
	OptEnrollmentTokenLife Option = C.TWINLOCK_OPT_ENROLLMENT_TOKEN_LIFE
	// trusted devices that a subject may have; 0 means there are none.
	// From 0 to 10, default 0.
	OptTrustedDevices Option = C.TWINLOCK_OPT_TRUSTED_DEVICES
	// seconds that a trusted device is trusted.
	// From 3600 to 2592000, default 2592000.
	OptTrustLife Option = C.TWINLOCK_OPT_TRUST_LIFE
	// seconds for which an answered second factor is fresh enough for a sensitive action.
	// From 30 to 3600, default 600.
	OptStepUpAge Option = C.TWINLOCK_OPT_STEP_UP_AGE
	// seconds that an access token lives.
	// From 30 to 900, default 300.
	OptJWTAccessLife Option = C.TWINLOCK_OPT_JWT_ACCESS_LIFE
	// seconds that a refresh token lives.
	// From 60 to 2592000 (30 days), default 86400.
	OptJWTRefreshLife Option = C.TWINLOCK_OPT_JWT_REFRESH_LIFE
	// seconds by which the times of a token may be off.
	// From 0 to 60, default 0.
	OptJWTLeeway Option = C.TWINLOCK_OPT_JWT_LEEWAY
	// seconds that a session of rotating refresh tokens lives, however busy it is.
	// From 60 to 2592000 (30 days), default 2592000.
	OptJWTFamilyLife Option = C.TWINLOCK_OPT_JWT_FAMILY_LIFE
	// seconds in which a rotated refresh token still gets the answer that its first use got.
	// From 0 to 60, default 10.
	OptJWTReuseGrace Option = C.TWINLOCK_OPT_JWT_REUSE_GRACE
)

// WordOption is a choice that [Config].Words may make.
type WordOption int32

// The options that are a word.
const (
	// the hash of new devices, SHA1 (the default), SHA256 or SHA512.
	OptAlgorithm WordOption = C.TWINLOCK_OPT_ALGORITHM
	// what a subject without a second factor gets, sign_in (the default), sent_code or enroll.
	OptFallback WordOption = C.TWINLOCK_OPT_FALLBACK
	// what a sent code is good for, off (the default), enroll or sign_in.
	OptSentCodes WordOption = C.TWINLOCK_OPT_SENT_CODES
	// what sent codes are made of, digits (the default) or letters.
	OptSentAlphabet WordOption = C.TWINLOCK_OPT_SENT_ALPHABET
	// whether a subject without a device may choose to have no second factor, refused (the default) or
	// allowed.
	OptOptOut WordOption = C.TWINLOCK_OPT_OPT_OUT
	// how records are sealed and which are opened, xchacha20-poly1305 (the default), aes-256-gcm or
	// aes-256-gcm-migrating.
	OptCipher WordOption = C.TWINLOCK_OPT_CIPHER
)
