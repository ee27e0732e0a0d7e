package main

import (
	"context"
	"strings"

	"twinlock"
)

// scene is one call: who makes it, for whom, and what it gives.
type scene struct {
	twinlock.SecondFactor
	sessions *twinlock.MemoryStore
	ctx      context.Context
	with     arguments
	subject  string
	gives    facts
}

var calls = map[string]func(s *scene) error{
	"begin_enrollment": func(s *scene) error {
		return told(s, setup)(s.BeginEnrollment(s.ctx, s.subject, s.device()))
	},
	"confirm_enrollment": (*scene).confirmEnrollment,
	"check_enrollment": func(s *scene) error {
		return told(s, fact[string]("subject"))(s.CheckEnrollment(s.ctx, s.with["token"]))
	},
	"add_device": func(s *scene) error {
		return told(s, setup)(s.AddDevice(s.ctx, s.subject, s.device(), s.answer()))
	},
	"rename_device": func(s *scene) error {
		return s.RenameDevice(s.ctx, s.subject, s.with["device_id"], s.with["name"])
	},
	"remove_device": func(s *scene) error {
		return told(s, fact[bool]("last"))(s.RemoveDevice(s.ctx, s.subject, s.with["device_id"], s.answer()))
	},
	"resync_device": func(s *scene) error {
		return s.ResyncDevice(s.ctx, s.subject, s.with["device_id"], s.with["first"], s.with["second"])
	},
	"import_device": func(s *scene) error {
		device := twinlock.ImportedDevice{Name: s.with["name"], Secret: s.with["secret"]}
		return told(s, fact[string]("device_id"))(s.ImportDevice(s.ctx, s.subject, device))
	},
	"import_backup_codes": func(s *scene) error {
		return s.ImportBackupCodes(s.ctx, s.subject, s.with["scheme"], strings.Fields(s.with["codes"]), nil)
	},
	"begin_sign_in":       (*scene).beginSignIn,
	"finish_sign_in":      (*scene).finishSignIn,
	"finish_with_session": (*scene).finishWithSession,
	"finish_for_enrollment": func(s *scene) error {
		return told(s, opened)(s.FinishForEnrollment(s.ctx, s.presented(), s.answer()))
	},
	"send_code": func(s *scene) error {
		return told(s, func(sent *twinlock.SentCode) facts {
			return facts{"sent_code": sent.Code, "expires_at": sent.ExpiresAt.Unix()}
		})(s.SendCode(s.ctx, s.presented()))
	},
	"set_method": func(s *scene) error {
		return s.SetMethod(s.ctx, s.subject, s.with["method"], s.answer())
	},
	"step_up": func(s *scene) error {
		proof, err := s.StepUp(s.ctx, s.subject, s.with["purpose"], s.with["session"], s.answer())
		return s.grant(proof, err)
	},
	"require_step_up": func(s *scene) error {
		return s.Engine.RequireStepUp(s.with["token"], s.with["purpose"], 0)
	},
	"is_trusted": func(s *scene) error {
		return told(s, fact[bool]("trusted"))(s.IsTrusted(s.ctx, s.subject, s.with["token"]))
	},
	"revoke_trusted_device": func(s *scene) error {
		return s.RevokeTrustedDevice(s.ctx, s.subject, s.with["trust_id"])
	},
	"revoke_trusted_devices": func(s *scene) error { return s.RevokeTrustedDevices(s.ctx, s.subject) },
	"disable":                func(s *scene) error { return s.Disable(s.ctx, s.subject, s.answer()) },
	"regenerate_backup_codes": func(s *scene) error {
		return told(s, fact[[]string]("backup_codes"))(s.RegenerateBackupCodes(s.ctx, s.subject, s.answer()))
	},
	"admin_regenerate_backup_codes": func(s *scene) error {
		return told(s, fact[[]string]("backup_codes"))(s.AdminRegenerateBackupCodes(s.ctx, s.subject))
	},
	"unlock":      func(s *scene) error { return s.Unlock(s.ctx, s.subject) },
	"admin_reset": func(s *scene) error { return s.AdminReset(s.ctx, s.subject) },
	"bump_epoch":  func(s *scene) error { return s.BumpEpoch(s.ctx, s.subject) },
	"status":      func(s *scene) error { return told(s, status)(s.Status(s.ctx, s.subject)) },
	"reseal":      func(s *scene) error { return told(s, fact[bool]("resealed"))(s.Reseal(s.ctx, s.subject)) },
	"verify": func(s *scene) error {
		kinds := map[string]twinlock.TokenKind{
			"access": twinlock.AccessToken, "refresh": twinlock.RefreshToken, "sliding": twinlock.SlidingToken,
		}
		return told(s, fact[twinlock.Claims]("claims"))(s.Engine.Verify(s.with["token"], kinds[s.with["kind"]]))
	},
	"refresh":         func(s *scene) error { return told(s, tokens)(s.Refresh(s.ctx, s.with["token"])) },
	"refresh_sliding": func(s *scene) error { return told(s, tokens)(s.RefreshSliding(s.ctx, s.with["token"])) },
	"rotate":          (*scene).rotate,
}

func (s *scene) device() twinlock.NewDevice {
	kinds := map[string]twinlock.DeviceKind{"hotp": twinlock.DeviceHOTP, "steam": twinlock.DeviceSteam}
	return twinlock.NewDevice{Account: s.with["account"], Name: s.with["name"], Kind: kinds[s.with["kind"]]}
}

func (s *scene) presented() twinlock.Presented {
	return twinlock.Presented{Challenge: s.with["challenge"], Binding: s.with["binding"]}
}

func (s *scene) answer() twinlock.Answer {
	kind, text, _ := strings.Cut(s.with["answer"], ":")
	switch kind {
	case "":
		return twinlock.Answer{}
	case "otp":
		return twinlock.OTP(text)
	case "backup":
		return twinlock.Backup(text)
	case "sent":
		return twinlock.Sent(text)
	case "step_up":
		return twinlock.SteppedUp(text)
	default:
		return twinlock.AnyCode(text)
	}
}

func (s *scene) confirmEnrollment() error {
	enrolled, err := s.ConfirmEnrollment(s.ctx, s.subject, s.with["code"])
	if err != nil {
		return err
	}
	s.gives.add(facts{"device_id": enrolled.DeviceID, "backup_codes": enrolled.BackupCodes})
	return s.grant(enrolled.Proof, nil)
}

func (s *scene) beginSignIn() error {
	first := twinlock.FirstFactor{Binding: s.with["binding"], TrustToken: s.with["trust_token"]}
	login, err := s.BeginSignIn(s.ctx, s.subject, first)
	if err != nil {
		return err
	}
	outcomes := map[twinlock.SignInOutcome]string{
		twinlock.SignInNotRequired: "not_required", twinlock.SignInChallenge: "challenge",
		twinlock.SignInSend: "send", twinlock.SignInTrusted: "trusted", twinlock.SignInEnrollOnly: "enroll_only",
	}
	s.gives.add(facts{"outcome": outcomes[login.Outcome]})
	if login.Challenge != "" {
		s.gives.add(challenge(login))
	}
	if login.SentCode != "" {
		s.gives.add(facts{"sent_code": login.SentCode})
	}
	if login.EnrollmentToken != "" {
		s.gives.add(facts{"enrollment_token": login.EnrollmentToken, "expires_at": login.ExpiresAt.Unix()})
	}
	if login.Trust != nil {
		s.gives.add(trust(login.Trust))
	}
	if login.Proof == nil {
		return nil
	}
	return s.grant(login.Proof, nil)
}

func (s *scene) finishSignIn() error {
	proof, err := s.FinishSignIn(s.ctx, s.presented(), s.answer())
	if err == nil && s.with["trust"] != "" {
		err = told(s, trust)(s.TrustDevice(s.ctx, proof, s.with["trust"]))
	}
	return s.grant(proof, err)
}

// joint is both tables at once. What is stored of a session is told also where the answer is no.
type joint struct {
	twinlock.Store
	scene *scene
}

func (j joint) SaveWithSession(
	ctx context.Context, subject string, record []byte, expected int64, session twinlock.NewSession,
) (bool, error) {
	save(j.scene.sessions, session.ID, session.State)
	j.scene.tellSession(session.ID)
	return j.Save(ctx, subject, record, expected)
}

func (s *scene) finishWithSession() error {
	both := s.SecondFactor
	both.Store = joint{s.Store, s}
	proof, made, err := both.FinishSignInToSession(s.ctx, s.presented(), s.answer(), nil)
	if err == nil {
		s.gives.add(facts{"method": proof.Method})
		s.gives.add(tokens(made))
	}
	return err
}

// grant tells what a proof says, and makes the tokens that it is good for.
func (s *scene) grant(proof *twinlock.Proof, err error) error {
	if err != nil {
		return err
	}
	said := proofFacts(proof)
	var made *twinlock.Tokens
	switch s.with["grant"] {
	case "access":
		made, err = s.Engine.MintAccess(proof, nil)
	case "sliding":
		made, err = s.Engine.MintSliding(proof, nil)
	case "session":
		made, err = s.BeginSession(s.ctx, proof, nil)
	default:
		made, err = s.Engine.Mint(proof, nil)
	}
	if err != nil {
		return err
	}
	s.gives.add(said)
	s.gives.add(tokens(made))
	if s.with["grant"] == "session" {
		claims := must(s.Engine.Verify(made.Access, twinlock.AccessToken))
		s.tellSession(claims["fam"].(string))
	}
	return nil
}

// rotate tells what is stored of the session also where that ends it.
func (s *scene) rotate() error {
	err := told(s, tokens)(s.Rotate(s.ctx, s.with["token"]))
	s.gives.add(facts{"state": s.state(s.with["session"])})
	return err
}

func (s *scene) tellSession(id string) {
	s.gives.add(facts{"session": facts{"id": id, "state": s.state(id)}})
}

func (s *scene) state(id string) string {
	state, _, err := s.sessions.Load(s.ctx, id)
	mustDo(err)
	return string(state)
}
