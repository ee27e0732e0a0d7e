package twinlock

import (
	"fmt"
	"io"
	"log/slog"
)

// What is printed in place of a value that holds something secret.
const hidden = "[secret]"

// secretive keeps the struct that embeds it out of logs and messages, whatever the verb.
type secretive struct{}

// Format prints that there is something secret, and nothing of it.
func (secretive) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, hidden) }

// LogValue logs that there is something secret, and nothing of it.
func (secretive) LogValue() slog.Value { return slog.StringValue(hidden) }

// Format prints that there are keys, and nothing of them.
func (KeyRing) Format(state fmt.State, verb rune) { secretive{}.Format(state, verb) }

// LogValue logs that there are keys, and nothing of them.
func (KeyRing) LogValue() slog.Value { return secretive{}.LogValue() }
