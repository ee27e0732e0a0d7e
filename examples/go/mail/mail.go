// Package mail delivers plain mail: to a relay, or as files into a folder for whoever tries things out.
package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Message is a plain mail.
type Message struct{ To, Subject, Text string }

// Into writes every message into a file of a folder.
func Into(folder, sender string) func(ctx context.Context, message Message) error {
	return func(_ context.Context, message Message) error {
		text, err := message.render(sender)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		name := fmt.Sprintf("%s-%s.eml", time.Now().UTC().Format("20060102T150405"), rand.Text()[:8])
		return os.WriteFile(filepath.Join(folder, name), text, 0o600)
	}
}

// Over hands every message to the relay at an address such as localhost:25.
func Over(relay, sender string) func(ctx context.Context, message Message) error {
	return func(ctx context.Context, message Message) error {
		text, err := message.render(sender)
		if err != nil {
			return err
		}
		connection, err := new(net.Dialer).DialContext(ctx, "tcp", relay)
		if err != nil {
			return err
		}
		if deadline, ok := ctx.Deadline(); ok {
			_ = connection.SetDeadline(deadline)
		}
		host, _, _ := net.SplitHostPort(relay)
		client, err := smtp.NewClient(connection, host)
		if err != nil {
			return errors.Join(err, connection.Close())
		}
		defer func() { _ = client.Close() }()
		return send(client, sender, message.To, text)
	}
}

func send(client *smtp.Client, sender, to string, text []byte) error {
	if err := errors.Join(client.Mail(sender), client.Rcpt(to)); err != nil {
		return err
	}
	body, err := client.Data()
	if err != nil {
		return err
	}
	_, err = body.Write(text)
	return errors.Join(err, body.Close(), client.Quit())
}

// render writes the message as RFC 5322 wants it.
func (m Message) render(sender string) ([]byte, error) {
	if strings.ContainsAny(m.To+sender, "\r\n") {
		return nil, errors.New("mail: an address has more than one line")
	}
	var text strings.Builder
	fmt.Fprintf(&text, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
		sender, m.To, mime.QEncoding.Encode("utf-8", m.Subject), time.Now().Format(time.RFC1123Z))
	body := quotedprintable.NewWriter(&text)
	if _, err := body.Write([]byte(m.Text)); err != nil {
		return nil, err
	}
	return []byte(text.String()), body.Close()
}
