package twinlock

// #include <twinlock.h>
import "C"

// Answer is what a user answers with, and as what it is taken. The zero value is no answer, where a call can do
// without.
type Answer struct {
	secretive
	kind C.int32_t
	text string
}

// OTP takes what was typed as a code of an authenticator only.
func OTP(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_OTP, text: typed(code)} }

// Backup takes what was typed as a backup code only.
func Backup(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_BACKUP, text: typed(code)} }

// Sent takes what was typed only as the code that was sent for the challenge.
func Sent(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_SENT, text: typed(code)} }

// AnyCode takes what was typed as whichever code it looks like.
func AnyCode(code string) Answer { return Answer{kind: C.TWINLOCK_ANSWER_ANY, text: typed(code)} }

// SteppedUp shows, in place of a code, the access token of a recent step-up for just the action that is asked
// for. Each call names its purpose.
func SteppedUp(token string) Answer {
	return Answer{kind: C.TWINLOCK_ANSWER_STEP_UP, text: typed(token)}
}
