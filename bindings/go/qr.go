package twinlock

// #include <twinlock.h>
import "C"

// QRCode draws a text, such as the URI of a [Setup], as a QR code in a self-contained SVG, which can stand inline in
// HTML. Draw it here and never through a remote service: the URI holds the secret, and so does the picture.
func QRCode(content string) (svg string, err error) {
	text, textLength := textIn(content)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_qr_svg(text, textLength, o.data, o.capacity, o.length)
	})
}

// QRCodeDataURI draws it as a data: URI for the attribute src. It needs no escaping in HTML, CSS or JSON.
func QRCodeDataURI(content string) (uri string, err error) {
	text, length := textIn(content)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_qr_svg_data_uri(text, length, o.data, o.capacity, o.length)
	})
}

// QRCodePNG draws it as a PNG with scale × scale pixels for a module, 1 to 32; 8 is usual.
func QRCodePNG(content string, scale uint32) (png []byte, err error) {
	text, length := textIn(content)
	return bytesOut(func(o out) C.int32_t {
		return C.twinlock_qr_png(text, length, C.uint32_t(scale), o.bytes(), o.capacity, o.length)
	})
}

// QRCodeForTerminal draws it in characters and colors for a terminal, with a line feed after each line.
func QRCodeForTerminal(content string) (string, error) {
	text, length := textIn(content)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_qr_terminal(text, length, o.data, o.capacity, o.length)
	})
}

// QRCodeForDarkTerminal draws it without colors and control sequences. Scanners need a dark ground below it.
func QRCodeForDarkTerminal(content string) (string, error) {
	text, length := textIn(content)
	return textOut(func(o out) C.int32_t {
		return C.twinlock_qr_terminal_plain(text, length, o.data, o.capacity, o.length)
	})
}
