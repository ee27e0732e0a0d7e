package web

import (
	"net/http"

	"twinlock"
)

var (
	otpField    = field{name: "otp_code", longest: codeMax, optional: true}
	backupField = field{name: "backup_code", longest: backupMax, optional: true}

	otpAndBackup = []string{"otp", "backup"}
)

// answerIn is the code in a request's fields; nil where there is none.
func answerIn(fields texted) *twinlock.Answer {
	for name, as := range map[string]func(code string) twinlock.Answer{
		otpField.name: twinlock.OTP, backupField.name: twinlock.Backup, sentField.name: twinlock.Sent,
	} {
		if code := fields[name]; code.given {
			answer := as(code.value)
			return &answer
		}
	}
	return nil
}

// parsedWithCode reads a request that may bring one code.
func parsedWithCode(request *http.Request, fields ...field) (texted, error) {
	found, err := parsed(request, fields...)
	if err == nil {
		err = atMostOne(found)
	}
	return found, err
}

func exactlyOne(fields texted) error {
	if answerIn(fields) == nil {
		return fieldErrors{"non_field_errors": {"Either otp_code or backup_code is required."}}
	}
	return atMostOne(fields)
}

func atMostOne(fields texted) error {
	otp, backup, sent := fields[otpField.name].given, fields[backupField.name].given, fields[sentField.name].given
	switch {
	case sent && (otp || backup):
		return fieldErrors{"non_field_errors": {"Provide only one of otp_code, backup_code and sent_code."}}
	case otp && backup:
		return fieldErrors{"non_field_errors": {"Provide only one of otp_code or backup_code, not both."}}
	}
	return nil
}
