package twinlock

// #include <twinlock.h>
import "C"

// Answer is what a user typed, and as what it is taken: see [OTP], [Backup] and [AnyCode].
type Answer struct {
	secretive
	kind C.int32_t
	text string
}

// OTP takes what was typed as a code of an authenticator only.
func OTP(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_OTP, text: typed(code)} }

// Backup takes what was typed as a backup code only.
func Backup(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_BACKUP, text: typed(code)} }

// AnyCode takes what was typed as whichever code it looks like.
func AnyCode(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_ANY, text: typed(code)} }
