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
	// seconds that an access token lives.
	// From 30 to 900, default 300.
	OptJWTAccessLife Option = C.TWINLOCK_OPT_JWT_ACCESS_LIFE
	// seconds that a refresh token lives.
	// From 60 to 2592000 (30 days), default 86400.
	OptJWTRefreshLife Option = C.TWINLOCK_OPT_JWT_REFRESH_LIFE
	// seconds by which the times of a token may be off.
	// From 0 to 60, default 0.
	OptJWTLeeway Option = C.TWINLOCK_OPT_JWT_LEEWAY
)
