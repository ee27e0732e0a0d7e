package web

import (
	"cmp"
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
	manageTexts = texts{
		twinlock.ErrNotEnrolled:        noSecret,
		twinlock.ErrEnrollmentRequired: "Your account must have a second factor.",
	}
)

// enroll starts an enrollment: QR code, secret and URI, shown this once.
func enroll(c *call) (answer, error) {
	fields, err := parsedMaybe(c.Request, newNameField)
	if err == nil {
		err = c.checkRecentSignIn()
	}
	if err != nil {
		return answer{}, err
	}
	// The day counts, should the second factor be reset one day.
	if _, err := c.dueAt(c.account); err != nil {
		return answer{}, err
	}
	device := twinlock.NewDevice{Account: accountName(c.account.Name), Name: fields[newNameField.name].value}
	setup, err := c.factor(c.account).BeginEnrollment(c.ctx, c.account.ID, device)
	if err != nil {
		return answer{}, inField(err, fields)
	}
	body, err := shown(setup)
	if err != nil {
		return answer{}, err
	}
	c.event("enrollment_started", "")
	return answer{status: http.StatusCreated, body: body}, nil
}

// shown is what a person needs to set an authenticator up.
func shown(setup *twinlock.Setup) (members, error) {
	picture, err := twinlock.QRCode(setup.URI)
	return members{"svg": picture, "secret": setup.Secret, "otpauth_uri": setup.URI}, err
}

// confirm confirms the device: backup codes with the first, and new tokens, since the old ones died with the change.
func confirm(c *call) (answer, error) {
	fields, err := parsed(c.Request, field{name: "input_code", longest: codeMax}, deviceField)
	if err != nil {
		return answer{}, err
	}
	// Asked before: a question that fails afterwards would cost the person the backup codes.
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	enrolled, err := c.factor(c.account).ConfirmEnrollment(c.ctx, c.account.ID, fields["input_code"].value)
	if err != nil {
		return answer{}, err
	}
	tokens, err := c.beginSession(c.account, enrolled.Proof, fields[deviceField.name].value)
	if err != nil {
		return answer{}, err
	}
	body := members{"device_id": enrolled.DeviceID, "access": tokens.Access, "refresh": tokens.Refresh}
	// An empty list would tell the owner of a further device that there are no backup codes any more.
	if found.Enabled {
		c.event("device_added", "")
		body["backup_codes_left"] = found.BackupCodesLeft
	} else {
		c.event("enrollment_confirmed", "")
		body["backup_codes"] = enrolled.BackupCodes
	}
	return ok(body), nil
}

// disable turns the second factor off, with a code of either kind or a step-up for it.
func disable(c *call) (answer, error) {
	fields, err := parsed(c.Request, otpField, backupField)
	if err != nil {
		return answer{}, err
	}
	code, err := c.answerFor(fields, "disable", otpAndBackup...)
	if err == nil {
		err = c.keepFactor()
	}
	if err != nil {
		return answer{}, err
	}
	if err := c.factor(c.account).Disable(c.ctx, c.account.ID, *code); err != nil {
		return answer{}, err
	}
	c.event("disabled", "")
	return nothing, nil
}

// rotate replaces all backup codes, with a code of the authenticator or a step-up by one.
func rotate(c *call) (answer, error) {
	fields, err := parsed(c.Request, otpField, backupField)
	if err != nil {
		return answer{}, err
	}
	code, err := c.answerFor(fields, "regenerate_backup_codes", "otp")
	if err != nil {
		return answer{}, err
	}
	codes, err := c.factor(c.account).RegenerateBackupCodes(c.ctx, c.account.ID, *code)
	if err != nil {
		return answer{}, err
	}
	c.event("backup_codes_rotated", "")
	return ok(members{"backup_codes": codes}), nil
}

// status tells the state of the second factor; nothing secret is in it.
func status(c *call) (answer, error) {
	found, err := c.factor(c.account).Status(c.ctx, c.account.ID)
	if err != nil {
		return answer{}, err
	}
	due, err := c.dueAt(c.account)
	if err != nil {
		return answer{}, err
	}
	body := c.statusOf(found)
	body["required"], body["enrollment_due_at"] = !due.IsZero(), nil
	if !found.Enabled {
		body["enrollment_due_at"] = moment(due)
	}
	return ok(body), nil
}

func (c *call) statusOf(found *twinlock.Status) members {
	return members{
		"enabled":           found.Enabled,
		"pending":           !found.PendingUntil.IsZero(),
		"pending_until":     moment(found.PendingUntil.Time),
		"devices":           devicesOf(found),
		"backup_codes_left": found.BackupCodesLeft,
		"locked_until":      moment(found.LockedUntil.Time),
		"methods":           methodsOf(found),
		"method":            orNull(found.Preference),
		"sent_codes":        cmp.Or(c.Policy.SentCodes, "off"),
		"trusted_devices":   len(found.TrustedDevices),
		"trust_available":   c.Policy.TrustedDevices > 0,
	}
}

func devicesOf(found *twinlock.Status) []members {
	devices := make([]members, len(found.Devices))
	for i, device := range found.Devices {
		devices[i] = deviceOf(device)
	}
	return devices
}

func deviceOf(device twinlock.Device) members {
	return members{"id": device.ID, "name": device.Name, "kind": device.Kind,
		"created_at": moment(device.CreatedAt.Time), "last_used_at": moment(device.LastUsedAt.Time)}
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
