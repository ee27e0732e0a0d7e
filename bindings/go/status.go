package twinlock

// #include <twinlock.h>
import "C"

import (
	"encoding/json"
	"time"
)

// Status is the state of a subject's second factor. Nothing secret is in it. Times that are not there are zero.
type Status struct {
	// Whether sign-in asks for a second factor.
	Enabled bool `json:"enabled"`
	// Until when an enrollment waits for its code.
	PendingUntil Time     `json:"pending_until"`
	Devices      []Device `json:"devices"`
	// How the subject wants to be asked: "otp", "sent" or "off"; empty where it did not choose.
	Preference       string          `json:"preference"`
	TrustedDevices   []TrustedDevice `json:"trusted_devices"`
	BackupCodesLeft  int             `json:"backup_codes_left"`
	BackupCodesTotal int             `json:"backup_codes_total"`
	// Until when no answer is judged.
	LockedUntil Time `json:"locked_until"`
	// Whether the factor is blocked until it is unlocked.
	Disabled       bool `json:"disabled"`
	FailuresInARow int  `json:"failures_in_a_row"`
	FailuresToday  int  `json:"failures_today"`
	// What challenges and tokens have to agree with.
	Epoch int64 `json:"epoch"`
}

// Device is one authenticator.
type Device struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Algorithm  string `json:"algorithm"`
	Digits     int    `json:"digits"`
	Period     int    `json:"period"`
	CreatedAt  Time   `json:"created_at"`
	LastUsedAt Time   `json:"last_used_at"`
}

// TrustedDevice is a device on which sign-in needs no second factor.
type TrustedDevice struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	CreatedAt  Time   `json:"created_at"`
	LastUsedAt Time   `json:"last_used_at"`
	ExpiresAt  Time   `json:"expires_at"`
}

// SessionStatus is what the state of a session says, as it lies in Sessions: for a list of a subject's sessions.
// Nothing secret is in it. Times that are not there are zero.
type SessionStatus struct {
	ID        string `json:"id"`
	Subject   string `json:"subject"`
	CreatedAt Time   `json:"created_at"`
	RotatedAt Time   `json:"rotated_at"`
	// When it ends unless it is rotated before; its row can go then.
	ExpiresAt Time `json:"expires_at"`
	// When it ends whatever happens.
	EndsAt    Time `json:"ends_at"`
	RevokedAt Time `json:"revoked_at"`
}

// ReadSession reads the state of a session. [ErrFamilyMalformed] for what is none.
func ReadSession(state []byte) (*SessionStatus, error) {
	text, length := textIn(string(state))
	said, err := textOut(func(o out) C.int32_t {
		return C.twinlock_session_status(text, length, o.data, o.capacity, o.length)
	})
	if err != nil {
		return nil, err
	}
	status := new(SessionStatus)
	return status, json.Unmarshal([]byte(said), status)
}

// Time is a time that JSON has as Unix seconds, or as null where there is none.
type Time struct{ time.Time }

// MarshalJSON writes Unix seconds, or null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.Unix())
}

// UnmarshalJSON reads Unix seconds, or null.
func (t *Time) UnmarshalJSON(text []byte) error {
	var seconds *int64
	if err := json.Unmarshal(text, &seconds); err != nil {
		return err
	}
	t.Time = time.Time{}
	if seconds != nil {
		t.Time = time.Unix(*seconds, 0).UTC()
	}
	return nil
}

func (e *Engine) status(subject string, record []byte) (*Status, error) {
	text, err := e.tell(func(engine *C.twinlock_engine, now C.int64_t, o out) C.int32_t {
		u := userOf(engine, subject, record, now)
		return C.twinlock_engine_status(u.engine, u.subject, u.subjectLength, u.record, u.recordLength, u.now,
			o.data, o.capacity, o.length)
	})
	if err != nil {
		return nil, err
	}
	status := new(Status)
	return status, json.Unmarshal([]byte(text), status)
}
