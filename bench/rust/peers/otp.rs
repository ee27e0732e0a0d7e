//! Codes and QR codes.

use std::hint::black_box;

use latchkey::totp as latchkey_totp;
use qrcode::QrCode;
use qrcode::render::svg::Color;
use twinlock_bench::{Outcome, Row};
use twinlock_core::otp::totp::{self, TotpParams, Window};
use twinlock_core::otp::{Code, qr, uri};
use twinlock_core::{MinimumLength, Secret, UnixTime};

use crate::want;

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const NOW: u32 = 1_800_000_000;
/// Right at no step near.
const WRONG: &str = "000000";

pub fn run() -> Outcome {
    verify()?;
    draw()
}

fn verify() -> Outcome {
    let now = UnixTime::new(NOW.into())?;
    let latchkey_now = time::OffsetDateTime::from_unix_timestamp(NOW.into())?;
    let params = TotpParams::default();
    let latchkey_params = latchkey_totp::TotpParams::default();
    let ours = || {
        let secret = Secret::from_base32(black_box(SECRET), MinimumLength::Rfc4226)?;
        let code = Code::parse(black_box(WRONG), params.digits).ok_or("no code")?;
        want(totp::verify(&secret, &params, &code, Window::default(), black_box(now)).is_none(), "a match")
    };
    let totp_rs = || {
        let secret = totp_rs::Secret::try_from_base32(black_box(SECRET)).map_err(|_| "no secret")?;
        let totp = totp_rs::Builder::new().with_secret(secret).build().map_err(|_| "no device")?;
        want(totp.check(black_box(WRONG), black_box(NOW).into()).is_none(), "a match")
    };
    let latchkey = || {
        let secret = latchkey_totp::TotpSecret::from_base32(black_box(SECRET))?;
        let found = latchkey_totp::verify(&secret, black_box(WRONG), None, latchkey_now, latchkey_params);
        want(found.is_err(), "a match")
    };
    // 450 ns where totp-rs takes 654.
    let row = Row::new("TOTP verify ±1, no match, base32 in", ours);
    row.beside("totp-rs", totp_rs).within(0.69).beside("latchkey", latchkey).within(1.0).run()
}

fn draw() -> Outcome {
    let secret = Secret::from_base32(SECRET, MinimumLength::Rfc4226)?;
    let text = uri::build("Acme", "alice@example.com", &secret, &TotpParams::default())?;
    let ours = || want(qr::svg(black_box(&text))?.len() <= 4096, "more than 4 KiB");
    let peer = || {
        let code = QrCode::new(black_box(text.as_bytes()))?;
        want(code.render::<Color<'_>>().build().len() > 4096, "less than 4 KiB")
    };
    Row::new("QR code as SVG", ours).beside("qrcode", peer).run()
}
