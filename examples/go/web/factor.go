package web

import (
	"net/http"

	"twinlock"
)

const noSecret = "User does not have an associated TOTP secret."

var (
	createTexts = texts{
		twinlock.ErrAlreadyEnrolled: "TOTP is already enabled. Disable the old one before creating a new one.",
	}
	confirmTexts = texts{
		twinlock.ErrWrongCode:           "Invalid TOTP code.",
		twinlock.ErrReplayed:            "Invalid TOTP code.",
		twinlock.ErrNoPendingEnrollment: noSecret,
		twinlock.ErrAlreadyEnrolled:     "Backup codes already exist for this user.",
	}
	manageTexts = texts{twinlock.ErrNotEnrolled: noSecret}

	otpField    = field{name: "otp_code", longest: codeMax, optional: true}
	backupField = field{name: "backup_code", longest: backupMax, optional: true}
)

// enroll starts an enrollment: QR code, secret and URI, shown this once. It reads nothing of the body.
func enroll(c *call) (answer, error) {
	if err := c.checkRecentSignIn(); err != nil {
		return answer{}, err
	}
	account := accountName(c.account.Name)
	setup, err := c.factor(c.account).BeginEnrollment(c.ctx, c.account.ID, twinlock.NewDevice{Account: account})
	if err != nil {
		return answer{}, err
	}
	picture, err := twinlock.QRCode(setup.URI)
	if err != nil {
		return answer{}, err
	}
	c.event("enrollment_started", "")
	body := members{"svg": picture, "secret": setup.Secret, "otpauth_uri": setup.URI}
	return answer{http.StatusCreated, body}, nil
}

// confirm confirms the enrollment: backup codes, and new tokens, since the old ones died with the change.
func confirm(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "input_code", longest: codeMax})
	if err != nil {
		return answer{}, err
	}
	enrolled, err := c.factor(c.account).ConfirmEnrollment(c.ctx, c.account.ID, fields["input_code"].value)
	if err != nil {
		return answer{}, err
	}
	tokens, err := c.mint(c.account, enrolled.Proof)
	if err != nil {
		return answer{}, err
	}
	c.event("enrollment_confirmed", "")
	body := members{"backup_codes": enrolled.BackupCodes, "access": tokens.Access, "refresh": tokens.Refresh}
	return answer{http.StatusOK, body}, nil
}

// disable turns the second factor off, with a code of either kind or a step-up for it.
func disable(c *call) (answer, error) {
	code, err := c.answerFor("disable", "otp", "backup")
	if err != nil {
		return answer{}, err
	}
	if err := c.factor(c.account).Disable(c.ctx, c.account.ID, *code); err != nil {
		return answer{}, err
	}
	c.event("disabled", "")
	return answer{status: http.StatusNoContent}, nil
}

// rotate replaces all backup codes, with a code of the authenticator or a step-up by one.
func rotate(c *call) (answer, error) {
	code, err := c.answerFor("regenerate_backup_codes", "otp")
	if err != nil {
		return answer{}, err
	}
	codes, err := c.factor(c.account).RegenerateBackupCodes(c.ctx, c.account.ID, *code)
	if err != nil {
		return answer{}, err
	}
	c.event("backup_codes_rotated", "")
	return answer{http.StatusOK, members{"backup_codes": codes}}, nil
}

// status tells the state of the second factor; nothing secret is in it.
func status(c *call) (answer, error) {
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	devices := make([]members, len(found.Devices))
	for i, device := range found.Devices {
		devices[i] = members{
			"id": device.ID, "name": device.Name, "kind": device.Kind,
			"created_at": moment(device.CreatedAt.Time), "last_used_at": moment(device.LastUsedAt.Time),
		}
	}
	return answer{http.StatusOK, members{
		"enabled":           found.Enabled,
		"pending":           !found.PendingUntil.IsZero(),
		"devices":           devices,
		"backup_codes_left": found.BackupCodesLeft,
		"locked_until":      moment(found.LockedUntil.Time),
		"methods":           methodsOf(found),
		// Nobody has to have a second factor here.
		"required": false, "enrollment_due_at": nil,
	}}, nil
}

func methodsOf(found *twinlock.Status) []string {
	methods := []string{}
	if found.Enabled && len(found.Devices) > 0 {
		methods = append(methods, "otp")
	}
	if found.Enabled && found.BackupCodesLeft > 0 {
		methods = append(methods, "backup")
	}
	return methods
}

// answerIn is the code in a request's fields; nil where there is none.
func answerIn(fields map[string]text) (code *twinlock.Answer) {
	if otp := fields[otpField.name]; otp.given {
		answer := twinlock.OTP(otp.value)
		code = &answer
	} else if backup := fields[backupField.name]; backup.given {
		answer := twinlock.Backup(backup.value)
		code = &answer
	}
	return code
}

func exactlyOne(fields map[string]text) error {
	if answerIn(fields) == nil {
		return fieldErrors{"non_field_errors": {"Either otp_code or backup_code is required."}}
	}
	return atMostOne(fields)
}

func atMostOne(fields map[string]text) error {
	if fields[otpField.name].given && fields[backupField.name].given {
		return fieldErrors{"non_field_errors": {"Provide only one of otp_code or backup_code, not both."}}
	}
	return nil
}
