package twinlock

// What a user did.
const (
	// The code is wrong.
	ErrWrongCode Code = 1
	// The code was used before; wait for a new one.
	ErrReplayed Code = 2
	// Too many wrong codes; try again later.
	ErrLocked Code = 3
	// Too many wrong codes; the second factor is blocked until it is unlocked.
	ErrFactorDisabled Code = 4
	// Two-factor authentication is not enabled.
	ErrNotEnrolled Code = 5
	// Two-factor authentication is already enabled.
	ErrAlreadyEnrolled Code = 6
	// No enrollment is waiting to be confirmed.
	ErrNoPendingEnrollment Code = 7
	// The enrollment has expired; start again.
	ErrEnrollmentExpired Code = 8
	// The challenge is invalid or has expired.
	ErrChallengeInvalid Code = 9
	// The challenge is used up; sign in again.
	ErrChallengeSpent Code = 10
	// The token is invalid.
	ErrTokenInvalid Code = 11
	// The token has expired.
	ErrTokenExpired Code = 12
	// Too many requests for this account at once; try again.
	ErrContended Code = 13
	// This kind of code is not accepted here.
	ErrMethodNotAllowed Code = 14
	// A fresh second factor is needed for this.
	ErrSecondFactorRequired Code = 15
	// An authenticator must be set up before signing in.
	ErrEnrollmentRequired Code = 16
	// Too many codes were sent; use the last one or wait.
	ErrTooManyCodes Code = 17
	// There is no such device.
	ErrDeviceUnknown Code = 18
	// There is no room for another device.
	ErrTooManyDevices Code = 19
	// The refresh token was used before; its session has ended.
	ErrTokenReused Code = 20
	// The session has ended; sign in again.
	ErrSessionEnded Code = 21
)

// What the program or the deployment did.
const (
	// An internal error was caught; nothing was decided.
	ErrPanic Code = -1
	// A required pointer is NULL.
	ErrNullPointer Code = -2
	// The text is not UTF-8.
	ErrTextNotUTF8 Code = -3
	// The buffer is too small; the needed length was written.
	ErrBufferTooSmall Code = -4
	// The record changed meanwhile; load it again and repeat the call.
	ErrCommitLost Code = -5
	// The result can be read only after a successful commit.
	ErrNotCommitted Code = -6
	// The result has no such field.
	ErrFieldUnknown Code = -7
	// There is no option of that name.
	ErrOptionUnknown Code = -8
	// The option's value is out of its bounds.
	ErrOptionOutOfRange Code = -9
	// The key ring is empty.
	ErrKeyMissing Code = -10
	// A key is not of the form tlk1_ and 43 base64url characters.
	ErrKeyMalformed Code = -11
	// A key has all bytes equal.
	ErrKeyWeak Code = -12
	// The key ring holds the same key twice.
	ErrKeyDuplicate Code = -13
	// The key that sealed this is not in the key ring.
	ErrKeyUnknown Code = -14
	// The key ring holds more than 16 keys.
	ErrKeyRingTooLarge Code = -15
	// The bytes are not a sealed envelope of a known version.
	ErrEnvelopeMalformed Code = -20
	// The envelope was altered, or sealed for another purpose or subject.
	ErrEnvelopeRejected Code = -21
	// The record's content cannot be read.
	ErrRecordMalformed Code = -22
	// The input is larger than the limit.
	ErrInputTooLarge Code = -23
	// The subject must be 1 to 255 bytes of UTF-8 without control characters.
	ErrSubjectInvalid Code = -30
	// The time must be Unix seconds from 0 to the end of the year 9999.
	ErrTimeInvalid Code = -31
	// The secret is too short or too long.
	ErrSecretLength Code = -32
	// The secret is not base32.
	ErrSecretMalformed Code = -33
	// A code has 6, 7 or 8 digits.
	ErrDigitsInvalid Code = -34
	// The period must be 15 to 120 seconds.
	ErrPeriodInvalid Code = -35
	// The algorithm must be SHA1, SHA256 or SHA512.
	ErrAlgorithmUnknown Code = -36
	// The window must be 0, 1 or 2 steps.
	ErrWindowInvalid Code = -37
	// The counter is too close to its end.
	ErrCounterOverflow Code = -38
	// The name must be 1 to 128 characters without control characters, a colon or a space in front.
	ErrNameInvalid Code = -39
	// The otpauth URI is malformed.
	ErrURIMalformed Code = -40
	// The text is too long for a QR code.
	ErrQRTooLong Code = -41
	// The JWT key is shorter than its hash, or is public text.
	ErrJWTKeyWeak Code = -42
	// The JWT algorithm is not known or does not fit the key.
	ErrJWTAlgorithmUnknown Code = -43
	// A claim has a reserved name or a value that cannot be signed.
	ErrClaimInvalid Code = -44
	// The first factor needs 1 to 8 short method names and a time that is not in the future.
	ErrFirstFactorInvalid Code = -45
	// The operating system gave no random bytes.
	ErrRandomUnavailable Code = -46
	// The store could not be read or written.
	ErrStoreFailed Code = -47
	// A verdict must not be made inside an open transaction: a rollback would undo it.
	ErrTransactionOpen Code = -48
	// The arguments do not fit together, or an object is used a second time.
	ErrArgumentInvalid Code = -49
	// The handle was freed, or is of another kind.
	ErrHandleInvalid Code = -50
	// An argument is not one of the documented constants.
	ErrArgumentUnknown Code = -51
	// The envelope's cipher is not allowed by the policy.
	ErrCipherRefused Code = -52
	// The key provider gave no keys.
	ErrKeyProviderFailed Code = -53
	// The authenticator's export is malformed.
	ErrMigrationMalformed Code = -54
	// The scheme of the imported backup codes is not known, or a code does not fit it.
	ErrSchemeUnknown Code = -55
	// The JWT key cannot be read.
	ErrJWTKeyMalformed Code = -56
	// The first JWT key must be able to sign.
	ErrJWTKeyVerifyOnly Code = -57
	// The stored state of a session cannot be read.
	ErrFamilyMalformed Code = -58
)
