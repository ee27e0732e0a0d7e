package twinlock_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"twinlock"
)

func TestAQRCodeIsASelfContainedSVG(t *testing.T) {
	svg := must(twinlock.QRCode("otpauth://totp/Acme:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Acme"))
	if !strings.Contains(svg, "<svg") || strings.Contains(svg, "JBSWY3DP") {
		t.Error("not an SVG, or one with the text in it")
	}
	_, err := twinlock.QRCode(strings.Repeat("x", 5000))
	faults(t, err, twinlock.ErrQRTooLong)
}

func TestAQRCodeIsDrawnInATerminal(t *testing.T) {
	drawn := must(twinlock.QRCodeForTerminal("otpauth://totp/a?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
	if strings.Count(drawn, "\n") < 15 {
		t.Error(drawn)
	}
	if plain := must(twinlock.QRCodeForDarkTerminal("x")); strings.Contains(plain, "\x1b") || strings.Count(plain, "\n") < 10 {
		t.Error(plain)
	}
}

func TestAQRCodeIsAPictureOfTheAskedSize(t *testing.T) {
	picture := must(png.Decode(bytes.NewReader(must(twinlock.QRCodePNG("x", 3)))))
	if width := picture.Bounds().Dx(); width != (21+8)*3 {
		t.Error(width)
	}
	_, err := twinlock.QRCodePNG("x", 0)
	faults(t, err, twinlock.ErrOptionOutOfRange)
	if uri := must(twinlock.QRCodeDataURI("x")); !strings.HasPrefix(uri, "data:image/svg+xml;base64,") {
		t.Error(uri)
	}
}
