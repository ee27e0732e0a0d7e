package twinlock

// #include <twinlock.h>
import "C"

import "context"

// SecondFactor is an engine over a store: each call loads the record, decides, stores, and only then answers.
// Share one between all goroutines.
//
// A race for one record is run again with the newer one. A context that ends before the record is stored ends the
// call with its error: nothing is granted, nothing told. After that the answer comes, whatever the context says.
type SecondFactor struct {
	Engine *Engine
	Store  Store
	// How often a race for one record is run before the call is refused with [ErrContended], with
	// nothing revealed and nothing counted; 8 where it is 0.
	Attempts int
}

// Status is the state of a subject's second factor. Nothing secret is in it.
func (s SecondFactor) Status(ctx context.Context, subject string) (*Status, error) {
	if err := s.Engine.checkSubject(subject); err != nil {
		return nil, err
	}
	record, _, err := s.load(ctx, subject)
	if err != nil {
		return nil, err
	}
	return s.Engine.status(subject, record)
}

// bySubject settles a call for a subject that a store may be asked for.
func bySubject[T any](
	ctx context.Context, s SecondFactor, subject string, decide decide, read func(verdict *verdict) T,
) (result T, err error) {
	if err := s.Engine.checkSubject(subject); err != nil {
		return result, err
	}
	return settle(ctx, s, subject, decide, read)
}

// change settles a call without a result.
func change(ctx context.Context, s SecondFactor, subject string, decide decide) error {
	_, err := bySubject(ctx, s, subject, decide, func(*verdict) struct{} { return struct{}{} })
	return err
}

// checkSubject finds a subject that cannot be one before a store hears of it.
func (e *Engine) checkSubject(subject string) error {
	_, err := e.status(subject, nil)
	return err
}
