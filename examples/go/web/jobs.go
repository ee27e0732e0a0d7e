package web

import (
	"context"
	"errors"

	"twinlock-example/mail"
)

// job is mail on its way: made and sent off the request's path, so that no answer's time tells whether there is any.
type job func(ctx context.Context) error

// How many of them wait at once; what comes when all places are taken is dropped, and logged.
const jobsInHand = 100

var errNoMail = errors.New("no mail is set up")

// later hands a job over, and says whether there was a place for it.
func (s *Site) later(do job) bool {
	select {
	case s.jobs <- do:
		return true
	default:
		return false
	}
}

// DeliverMail sends what was handed over, until the context ends. Run one beside the handler.
func (s *Site) DeliverMail(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case do := <-s.jobs:
			s.deliver(ctx, do)
		}
	}
}

func (s *Site) deliver(ctx context.Context, do job) {
	ctx, cancel := context.WithTimeout(ctx, 3*patience)
	defer cancel()
	if err := do(ctx); err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Error("mail was not delivered", "error", err.Error())
	}
}

func (s *Site) send(ctx context.Context, message mail.Message) error {
	if s.Mail == nil {
		return errNoMail
	}
	return s.Mail(ctx, message)
}
