package twinlock_test

import (
	"bytes"
	"strings"
	"testing"

	"twinlock"
)

const newer = twinlock.KeyRing("tlk1_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8")

func TestASecretIsSealedForItsSubject(t *testing.T) {
	engine := newWorld(t).Engine
	for _, secret := range [][]byte{nil, []byte("a small secret"), bytes.Repeat([]byte{0}, 64<<10)} {
		envelope := must(engine.Seal(alice, secret))
		if opened := must(engine.Open(alice, envelope)); !bytes.Equal(opened, secret) {
			t.Error(len(opened))
		}
		_, err := engine.Open("bob", envelope)
		faults(t, err, twinlock.ErrEnvelopeRejected)
		text := must(twinlock.EnvelopeToText(envelope))
		if back := must(twinlock.EnvelopeFromText(text)); !bytes.Equal(back, envelope) {
			t.Error("another envelope came back")
		}
	}
	_, err := engine.Seal(alice, make([]byte, 64<<10+1))
	faults(t, err, twinlock.ErrInputTooLarge)
	_, err = twinlock.EnvelopeFromText("!")
	faults(t, err, twinlock.ErrEnvelopeMalformed)
}

func TestKeysTurn(t *testing.T) {
	old := newWorld(t)
	old.enroll(t, alice)
	envelope := must(old.Engine.Seal(alice, []byte("secret")))
	turned := newWorld(t, func(c *twinlock.Config) { c.Keys = newer + "," + keys })
	turned.Store = old.store
	ids := must(turned.Engine.KeyIDs())
	if len(ids) != 2 || must(twinlock.EnvelopeKeyID(envelope)) != ids[1] {
		t.Fatal(ids)
	}
	if needed := must(turned.KeysNeeded(background(), alice)); !strings.Contains(strings.Join(needed, " "), ids[1]) {
		t.Error(needed)
	}
	if !must(turned.Reseal(background(), alice)) || must(turned.Reseal(background(), alice)) {
		t.Error("resealed not once")
	}
	if must(turned.Reseal(background(), "nobody")) || must(turned.KeysNeeded(background(), "nobody")) != nil {
		t.Error("somebody who is not there")
	}
	anew := must(turned.Engine.Reseal(alice, envelope))
	if must(twinlock.EnvelopeKeyID(anew)) != ids[0] || must(turned.Engine.Reseal(alice, anew)) != nil {
		t.Error("not sealed with the first key")
	}
	_, err := old.Engine.Open(alice, anew)
	faults(t, err, twinlock.ErrKeyUnknown)
}
