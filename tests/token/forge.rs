//! A token maker that shares no code with the engine: what a forger with or without the key could write.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};
use twinlock::vault::KeyRing;
use twinlock::{Engine, ErrorCode, JwtAlgorithm, JwtConfig, JwtKey, OsRandom, Policy, TokenKind, UnixTime};

pub const NOW: i64 = 1_700_000_000;
pub const SECRET: &[u8] = b"a key of sixty-four bytes, which is long enough for every hash..";

pub fn now() -> UnixTime {
    UnixTime::new(NOW).unwrap()
}

pub fn engine_with(jwt: JwtConfig) -> Engine {
    let policy = Policy { issuer: "Acme".to_owned(), ..Policy::default() };
    Engine::new(policy, KeyRing::generate(&OsRandom).unwrap(), jwt).unwrap()
}

/// An engine on [`SECRET`] with one hash.
pub fn engine(algorithm: JwtAlgorithm) -> Engine {
    let keys = vec![JwtKey::hmac(algorithm, SECRET).unwrap()];
    engine_with(JwtConfig { keys, ..JwtConfig::default() })
}

pub fn verdict(engine: &Engine, token: &str) -> Result<(), ErrorCode> {
    engine.verify(token, TokenKind::Access, now()).map(drop).map_err(|error| error.code())
}

/// The `kid` of an HMAC key, as documented.
pub fn kid(secret: &[u8]) -> String {
    let mut id = [0; 8];
    hkdf::Hkdf::<Sha256>::new(None, secret).expand(b"twinlock/v1/kid", &mut id).unwrap();
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn header() -> Value {
    json!({"alg": "HS256", "kid": kid(SECRET), "typ": "at+jwt"})
}

pub fn payload() -> Value {
    json!({
        "token_type": "access", "exp": NOW + 300, "iat": NOW, "jti": "0123456789abcdef0123456789abcdef",
        "sub": "42", "user_id": "42", "auth_time": NOW, "amr": ["pwd", "otp", "mfa"], "epoch": 1,
        "fam": "fedcba9876543210fedcba9876543210",
    })
}

pub fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

pub fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().unwrap().remove(name).unwrap();
    object
}

/// Signed with HMAC-SHA-256 whatever the header says.
pub fn token(header: &Value, payload: &Value) -> String {
    token_of_text(header.to_string().as_bytes(), payload.to_string().as_bytes())
}

pub fn token_of_text(header: &[u8], payload: &[u8]) -> String {
    token_of_parts(&base64url(header), &base64url(payload))
}

/// Rightly signed over whatever the two parts are.
pub fn token_of_parts(header: &str, payload: &str) -> String {
    let signed = format!("{header}.{payload}");
    let signature = base64url(&mac(JwtAlgorithm::Hs256, SECRET, &signed));
    format!("{signed}.{signature}")
}

pub fn mac(algorithm: JwtAlgorithm, secret: &[u8], text: &str) -> Vec<u8> {
    match algorithm {
        JwtAlgorithm::Hs256 => Hmac::<Sha256>::new_from_slice(secret)
            .unwrap()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .to_vec(),
        JwtAlgorithm::Hs384 => Hmac::<Sha384>::new_from_slice(secret)
            .unwrap()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .to_vec(),
        JwtAlgorithm::Hs512 => Hmac::<Sha512>::new_from_slice(secret)
            .unwrap()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .to_vec(),
        other => panic!("{other:?} is no HMAC"),
    }
}

pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
