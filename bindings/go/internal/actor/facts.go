package main

import "twinlock"

// told keeps the facts of what a call gave.
func told[T any](s *scene, read func(value T) facts) func(value T, err error) error {
	return func(value T, err error) error {
		if err == nil {
			s.gives.add(read(value))
		}
		return err
	}
}

// fact is a value as it is, under a name.
func fact[T any](name string) func(value T) facts {
	return func(value T) facts { return facts{name: value} }
}

func setup(setup *twinlock.Setup) facts {
	return facts{
		"device_id": setup.DeviceID, "secret": setup.Secret, "uri": setup.URI, "expires_at": setup.ExpiresAt.Unix(),
	}
}

func challenge(login *twinlock.SignIn) facts {
	gives := "sign_in"
	if login.ForEnrollment {
		gives = "enrollment"
	}
	return facts{
		"challenge": login.Challenge, "methods": login.Methods, "gives": gives, "expires_at": login.ExpiresAt.Unix(),
	}
}

func opened(opened *twinlock.EnrollmentToken) facts {
	return facts{"enrollment_token": opened.Token, "expires_at": opened.ExpiresAt.Unix()}
}

func trust(trust *twinlock.Trust) facts {
	return facts{"trust": facts{"id": trust.ID, "token": trust.Token, "expires_at": trust.ExpiresAt.Unix()}}
}

func proofFacts(proof *twinlock.Proof) facts {
	return facts{"proof": facts{
		"method": optional(proof.Method), "device_id": optional(proof.DeviceID), "purpose": optional(proof.Purpose),
		"amr": proof.AMR, "auth_time": proof.AuthTime.Unix(),
	}}
}

func tokens(tokens *twinlock.Tokens) facts {
	said := facts{"access": tokens.Access, "access_expires_at": tokens.AccessExpiresAt.Unix()}
	if tokens.Refresh != "" {
		said.add(facts{"refresh": tokens.Refresh, "refresh_expires_at": tokens.RefreshExpiresAt.Unix()})
	}
	return facts{"tokens": said}
}

func status(status *twinlock.Status) facts {
	devices := []facts{}
	for _, device := range status.Devices {
		devices = append(devices, facts{
			"id": device.ID, "kind": device.Kind, "name": device.Name, "algorithm": device.Algorithm,
			"digits": device.Digits, "period": optional(device.Period), "created_at": device.CreatedAt,
			"last_used_at": device.LastUsedAt,
		})
	}
	return facts{"status": facts{
		"enabled": status.Enabled, "pending_until": status.PendingUntil, "devices": devices,
		"preference": optional(status.Preference), "trusted_devices": status.TrustedDevices,
		"backup_codes_left": status.BackupCodesLeft, "backup_codes_total": status.BackupCodesTotal,
		"locked_until": status.LockedUntil, "disabled": status.Disabled,
		"failures_in_a_row": status.FailuresInARow, "failures_today": status.FailuresToday, "epoch": status.Epoch,
	}}
}

// optional is null in JSON where there is no value.
func optional[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}
