//! QR codes. Draw them here and never through a remote service: the URI of an enrollment holds the secret.

use std::ffi::c_char;

use twinlock_core::otp::qr;
use zeroize::Zeroizing;

use crate::buffer::{Out, text};
use crate::guard::export;

/// Draws a text, such as the URI of an enrollment, as a QR code in a self-contained SVG, which can stand
/// inline in HTML. Draw it here and never through a remote service: the URI holds the secret. Treat the
/// picture like the secret. `TWINLOCK_E_QR_TOO_LONG` above 2953 bytes.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_qr_svg(
    content: *const c_char,
    content_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        content = text(content, content_length);
        out = Out::text(out, capacity, length);
        => out.write(Zeroizing::new(qr::svg(content)?).as_bytes())
    }
}

/// As `twinlock_qr_svg`, as a `data:` URI for the attribute `src`. It is base64 and needs no escaping in HTML,
/// CSS or JSON.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_qr_svg_data_uri(
    content: *const c_char,
    content_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        content = text(content, content_length);
        out = Out::text(out, capacity, length);
        => out.write(Zeroizing::new(qr::svg_data_uri(content)?).as_bytes())
    }
}

/// As `twinlock_qr_svg`, as a PNG with `scale` x `scale` pixels for a module, 1 to 32; 8 is usual.
/// `TWINLOCK_E_OPTION_OUT_OF_RANGE` for another scale.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_qr_png(
    content: *const c_char,
    content_length: usize,
    scale: u32,
    out: *mut u8,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        content = text(content, content_length);
        out = Out::bytes(out, capacity, length);
        => out.write(&Zeroizing::new(qr::png(content, scale)?))
    }
}

/// As `twinlock_qr_svg`, in characters (UTF-8) and colors for a terminal, with a line feed after each line.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_qr_terminal(
    content: *const c_char,
    content_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        content = text(content, content_length);
        out = Out::text(out, capacity, length);
        => out.write(Zeroizing::new(qr::terminal_colored(content)?).as_bytes())
    }
}

/// As `twinlock_qr_terminal`, without colors and control sequences. Scanners need a dark ground below it.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn twinlock_qr_terminal_plain(
    content: *const c_char,
    content_length: usize,
    out: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> i32 {
    export! {
        content = text(content, content_length);
        out = Out::text(out, capacity, length);
        => out.write(Zeroizing::new(qr::terminal(content)?).as_bytes())
    }
}
