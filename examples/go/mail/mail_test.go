package mail

import (
	"context"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var message = Message{To: "alice@example.com", Subject: "Grüße", Text: "Öffnen Sie https://acme.example/a=b\n.\n"}

func TestAMessageIsWrittenForItsOwnerAlone(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mail")
	if err := Into(folder, "noreply@example.com")(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.eml"))
	about, err := os.Stat(files[0])
	if err != nil || about.Mode().Perm() != 0o600 {
		t.Error(about.Mode(), err)
	}
	file, _ := os.Open(files[0])
	defer func() { _ = file.Close() }()
	check(t, file)
}

func check(t *testing.T, written io.Reader) {
	t.Helper()
	read, err := mail.ReadMessage(written)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(read.Body))
	if err != nil || strings.ReplaceAll(string(text), "\r\n", "\n") != message.Text {
		t.Errorf("%q %v", text, err)
	}
	if read.Header.Get("To") != message.To || read.Header.Get("Subject") != "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" {
		t.Error(read.Header)
	}
}

func TestAnAddressOfTwoLinesIsRefused(t *testing.T) {
	forged := Message{To: "alice@example.com\r\nBcc: all@example.com"}
	if err := Into(t.TempDir(), "noreply@example.com")(t.Context(), forged); err == nil {
		t.Error("a header was forged")
	}
}

func TestARelayGetsTheMessage(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	got := make(chan string, 1)
	go relay(listener, got)
	if err := Over(listener.Addr().String(), "noreply@example.com")(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	check(t, strings.NewReader(<-got))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Over(listener.Addr().String(), "noreply@example.com")(ended, message); err == nil {
		t.Error("nobody waits any more")
	}
}

// relay takes one message as an SMTP server does.
func relay(listener net.Listener, got chan<- string) {
	connection, err := listener.Accept()
	if err != nil {
		return
	}
	defer func() { _ = connection.Close() }()
	text := textproto.NewConn(connection)
	_ = text.PrintfLine("220 relay")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		switch {
		case line == "DATA":
			_ = text.PrintfLine("354 go on")
			body, _ := text.ReadDotBytes()
			got <- string(body)
			_ = text.PrintfLine("250 taken")
		case line == "QUIT":
			_ = text.PrintfLine("221 bye")
			return
		default:
			_ = text.PrintfLine("250 fine")
		}
	}
}
