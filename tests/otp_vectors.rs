//! The published test vectors of the RFCs, from the files that every language's tests read.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use serde_json::Value;
use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::totp::{self, Period, TotpParams, Window};
use twinlock::otp::{Algorithm, Code, Digits};
use twinlock::{MinimumLength, Secret, UnixTime};

#[test]
fn otp_01_codes_equal_rfc_4226_appendix_d() {
    let file = read(include_str!("vectors/rfc4226.json"));
    let secret = secret(&file);
    let params = HotpParams { algorithm: algorithm(&file), digits: digits(&file) };
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let counter = vector["counter"].as_u64().unwrap();
        let code = vector["code"].as_str().unwrap();
        assert_eq!(hotp::generate(&secret, &params, counter).to_text(), code);
        let typed = Code::parse(code, params.digits).unwrap();
        assert_eq!(hotp::verify(&secret, &params, &typed, counter, 0).unwrap(), Some(counter));
    }
}

#[test]
fn otp_01_codes_equal_rfc_6238_appendix_b_for_every_algorithm() {
    let file = read(include_str!("vectors/rfc6238.json"));
    let period = Period::new(u32::try_from(file["period"].as_u64().unwrap()).unwrap()).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 18);
    for vector in vectors {
        let params = TotpParams { algorithm: algorithm(vector), digits: digits(&file), period };
        let named = |s: &&Value| s["algorithm"] == vector["algorithm"];
        let secret = secret(file["secrets"].as_array().unwrap().iter().find(named).unwrap());
        let now = UnixTime::new(vector["time"].as_i64().unwrap()).unwrap();
        let code = vector["code"].as_str().unwrap();
        let step = vector["step"].as_u64();
        assert_eq!(totp::generate(&secret, &params, now).to_text(), code);
        let typed = Code::parse(code, params.digits).unwrap();
        assert_eq!(totp::verify(&secret, &params, &typed, Window::default(), now), step);
        assert_eq!(Some(totp::step_at(period, now)), step);
    }
}

fn read(text: &str) -> Value {
    let file: Value = serde_json::from_str(text).unwrap();
    assert!(file["source"].is_string());
    file
}

fn algorithm(value: &Value) -> Algorithm {
    Algorithm::from_name(value["algorithm"].as_str().unwrap()).unwrap()
}

fn digits(value: &Value) -> Digits {
    Digits::new(u32::try_from(value["digits"].as_u64().unwrap()).unwrap()).unwrap()
}

/// The secret by both of its spellings, which must agree.
fn secret(value: &Value) -> Secret {
    let secret =
        Secret::from_base32(value["secret_base32"].as_str().unwrap(), MinimumLength::Rfc4226).unwrap();
    let hex: String = secret.expose().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(value["secret_hex"], hex);
    secret
}
