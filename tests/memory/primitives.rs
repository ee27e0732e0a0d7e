//! Key rings, envelopes, secrets and codes, without an engine.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use twinlock::otp::totp::{self, TotpParams, Window};
use twinlock::otp::{Algorithm, Code, Digits, hotp, qr, uri};
use twinlock::vault::{self, KeyProvider, KeyUsage};
use twinlock::{Cipher, JwtAlgorithm, JwtKey, KeyRing, MinimumLength, Random, Secret, Subject, Zeroizing};

use crate::support::{START, at};
use crate::{Notes, Repeatable};

/// Notes a ring's keys as text and as bytes, and the sub-keys that they lead to.
pub fn note_keys(notes: &mut Notes, ring: &KeyRing) {
    if !notes.is_taking() {
        return;
    }
    for key in ring.to_text().split(',') {
        let text = key.strip_prefix("tlk1_").unwrap();
        let master = base64(text);
        notes.secret("a key's text", text);
        let kdf = hkdf::Hkdf::<sha2::Sha256>::new(None, &master);
        notes.secret("a master key", master);
        for purpose in ["record", "secret", "backup", "challenge", "enroll", "trust", "jwt"] {
            for suffix in ["", "/aes-256-gcm"] {
                let mut sub_key = [0; 32];
                kdf.expand(format!("twinlock/v1/{purpose}{suffix}").as_bytes(), &mut sub_key).unwrap();
                notes.secret("a sub-key", sub_key);
            }
        }
    }
}

fn base64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// Notes a device's secret as bytes and as text.
pub fn note_secret(notes: &mut Notes, secret: &Secret) {
    notes.secret("a device's secret", secret.expose());
    notes.secret("a device's secret in base32", secret.to_base32().as_bytes());
}

struct Entries(Zeroizing<String>);

impl KeyProvider for Entries {
    type Error = std::convert::Infallible;

    fn fetch(&self) -> Result<Vec<Zeroizing<String>>, Self::Error> {
        Ok(vec![self.0.clone()])
    }
}

pub fn keys(notes: &mut Notes) {
    let random = Repeatable::new(1);
    let first = KeyRing::generate(&random).unwrap();
    let second = KeyRing::generate(&random).unwrap();
    let (first_text, second_text) = (first.to_text(), second.to_text());
    let mut both = Zeroizing::new(String::with_capacity(200));
    both.extend([&first_text, ",", second_text.as_str()]);
    let ring = KeyRing::parse(&both).unwrap();
    note_keys(notes, &ring);
    assert!(KeyRing::parse(&second_text[..47]).is_err());
    assert!(KeyRing::parse(&both[..both.len() - 1]).is_err());
    both.extend([",", second_text.as_str()]);
    assert!(KeyRing::parse(&both).is_err(), "twice the same key");
    let fetched = KeyRing::fetch(&Entries(ring.to_text())).unwrap();
    assert_eq!(fetched.ids(), ring.ids());

    let mut jwt_key = Zeroizing::new(vec![0; 64]);
    random.fill(&mut jwt_key).unwrap();
    notes.secret("a JWT key", &*jwt_key);
    for algorithm in [JwtAlgorithm::Hs256, JwtAlgorithm::Hs384, JwtAlgorithm::Hs512] {
        assert!(JwtKey::hmac(algorithm, &jwt_key).is_ok());
        assert!(JwtKey::hmac(algorithm, &jwt_key[..20]).is_err());
    }
    key_files(notes);
}

/// A key of a file: its last 32 bytes are the secret ones, and so are the last characters of its text.
fn key_files(notes: &mut Notes) {
    const PEM: &str = include_str!("../vectors/keys/ed25519_pkcs8.pem");
    let body = PEM.lines().nth(1).unwrap();
    let der = Zeroizing::new(STANDARD.decode(body).unwrap());
    let mut seed = Zeroizing::new([0; 32]);
    seed.copy_from_slice(&der[der.len() - 32..]);
    notes.secret("an Ed25519 seed", *seed);
    notes.secret("an Ed25519 seed as text", &body[24..]);
    assert!(JwtKey::from_pem(JwtAlgorithm::EdDsa, PEM).is_ok());
    assert!(JwtKey::from_pem(JwtAlgorithm::Es256, PEM).is_err());
    assert!(JwtKey::from_pem(JwtAlgorithm::EdDsa, PEM.trim_end_matches(['-', '\n'])).is_err());
    let mut jwk = Zeroizing::new(String::with_capacity(200));
    jwk.push_str(r#"{"kty":"oct","alg":"HS256","k":""#);
    URL_SAFE_NO_PAD.encode_string(*seed, &mut jwk);
    jwk.push_str(r#""}"#);
    assert!(JwtKey::from_jwk(&jwk).is_ok());
    assert!(JwtKey::from_jwk(&jwk[..jwk.len() - 1]).is_err());
}

pub fn envelopes(notes: &mut Notes) {
    let random = Repeatable::new(1);
    let alice = Subject::new("alice").unwrap();
    let mut plaintext = Zeroizing::new(vec![0; 300]);
    random.fill(&mut plaintext).unwrap();
    notes.secret("a plaintext", &*plaintext);
    for (cipher, other) in [
        (Cipher::XChaCha20Poly1305, Cipher::Aes256GcmMigrating),
        (Cipher::Aes256GcmMigrating, Cipher::XChaCha20Poly1305),
    ] {
        let ring = KeyRing::generate(&random).unwrap().with_cipher(cipher);
        note_keys(notes, &ring);
        let envelope = vault::seal(&ring, &alice, &plaintext, &random).unwrap();
        assert_eq!(*vault::open(&ring, &alice, &envelope).unwrap(), *plaintext);
        assert!(vault::open(&ring, &Subject::new("bob").unwrap(), &envelope).is_err());
        assert_eq!(vault::from_text(&vault::to_text(&envelope)).unwrap(), envelope);
        assert_eq!(KeyUsage::new(&ring).add(&envelope).unwrap(), vault::key_id(&envelope).unwrap());
        let ring = ring.with_cipher(other);
        assert!(vault::reseal(&ring, &alice, &envelope, &random).unwrap().is_some());
        let mut altered = envelope;
        altered[60] ^= 1;
        assert!(vault::open(&ring, &alice, &altered).is_err());
        assert!(vault::reseal(&ring, &alice, &altered, &random).is_err());
    }
}

pub fn secrets(notes: &mut Notes) {
    let random = Repeatable::new(1);
    for length in [10, 16, 20, 21, 32, 64, 127, 128] {
        let mut bytes = Zeroizing::new(vec![0; length]);
        random.fill(&mut bytes).unwrap();
        let secret = Secret::from_bytes(bytes.to_vec(), MinimumLength::Legacy).unwrap();
        note_secret(notes, &secret);
        let text = secret.to_base32();
        assert!(Secret::from_base32(&text, MinimumLength::Legacy).is_ok());
        assert!(Secret::from_base32(&text[..text.len() - 1], MinimumLength::Rfc4226).is_err() || length > 16);
        assert!(Secret::from_base32(&text[..9], MinimumLength::Legacy).is_err());
        assert!(Secret::from_bytes(bytes[..9].to_vec(), MinimumLength::Legacy).is_err());
        let mut spoilt = Zeroizing::new(String::with_capacity(300));
        spoilt.extend([&*text, "!"]);
        assert!(Secret::from_base32(&spoilt, MinimumLength::Legacy).is_err());
    }
    let secret = Secret::generate(&random).unwrap();
    note_secret(notes, &secret);
    let params = TotpParams::default();
    let totp = uri::build("Acme", "alice@example.com", &secret, &params).unwrap();
    let hotp = uri::build_hotp("Acme", "alice", &secret, &hotp::HotpParams::default(), 7).unwrap();
    for text in [&totp, &hotp] {
        assert!(uri::parse(text, MinimumLength::Rfc4226).is_ok());
        let cut = text.len() - 3;
        let _ = uri::parse(&text[..cut], MinimumLength::Rfc4226);
        let mut spoilt = Zeroizing::new(String::with_capacity(300));
        spoilt.extend([text, "&secret=AAAA"]);
        assert!(uri::parse(&spoilt, MinimumLength::Rfc4226).is_err());
    }
    assert!(qr::svg(&totp).is_ok() && qr::svg_data_uri(&totp).is_ok() && qr::png(&totp, 4).is_ok());
    assert!(qr::terminal(&totp).is_ok() && qr::terminal_colored(&totp).is_ok());
}

pub fn codes(notes: &mut Notes) {
    let random = Repeatable::new(1);
    let now = at(START);
    for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
        let secret = Secret::generate(&random).unwrap();
        note_secret(notes, &secret);
        let params = TotpParams { algorithm, ..TotpParams::default() };
        let code = totp::generate(&secret, &params, now);
        assert!(Code::parse(&code.to_text(), Digits::Six).is_some_and(|read| read == code));
        assert!(totp::verify(&secret, &params, &code, Window::default(), now).is_some());
        assert_eq!(totp::matching_steps(&secret, &params, &code, Window::default(), now).count(), 1);
        let params = hotp::HotpParams { algorithm, ..hotp::HotpParams::default() };
        let code = hotp::generate(&secret, &params, 3);
        assert_eq!(hotp::verify(&secret, &params, &code, 0, 10).unwrap(), Some(3));
    }
}
