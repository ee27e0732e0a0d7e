//! What is fuzzed: a function for each kind of text or bytes that come from outside. It takes anything, and panics
//! when the library does or when what the library accepted is not what it may accept.
#![allow(dead_code)]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use twinlock::otp::migration;
use twinlock::otp::uri::{self, Kind, ParsedUri};
use twinlock::{
    Answer, Engine, FirstFactor, Folding, ForeignCodes, JwtAlgorithm, JwtConfig, JwtKey, KeyRing,
    MinimumLength, Policy, RefreshFamily, Secret, SignIn, Subject, TokenKind, UnixTime, vault,
};

type Judge = fn(&[u8]);

/// Every judge by the name of its corpus.
pub const ALL: [(&str, Judge); 6] = [
    ("uri", uri),
    ("base32", base32),
    ("envelope", envelope),
    ("challenge", challenge),
    ("jwt", jwt),
    ("backup", backup),
];

/// A URI of either scheme, and the bytes inside of a Google Authenticator's export: what was read is written so that
/// it is read again.
pub fn uri(data: &[u8]) {
    let export = format!("otpauth-migration://offline?data={}", STANDARD.encode(data).replace('+', "%2B"));
    let texts = [std::str::from_utf8(data).unwrap_or_default(), &export];
    for text in texts {
        let accounts = uri::parse(text, MinimumLength::Legacy).map(|one| vec![one]);
        let exported = migration::parse(text, MinimumLength::Legacy).map(|export| export.accounts);
        assert!(accounts.is_err() || exported.is_err(), "one scheme");
        for account in accounts.or(exported).into_iter().flatten() {
            let Some(written) = write(&account) else { continue };
            let again = uri::parse(&written, MinimumLength::Legacy).unwrap();
            assert_eq!((&again.account, again.kind), (&account.account, account.kind));
            assert_eq!(again.secret.expose(), account.secret.expose());
            assert_eq!(write(&again).unwrap(), written);
        }
    }
}

/// What an issuer writes is a part of what is read: there are accounts without an issuer, for example.
fn write(account: &ParsedUri) -> Option<String> {
    let (issuer, name, secret) = (account.issuer.as_deref()?, &account.account, &account.secret);
    let written = match account.kind {
        Kind::Totp(params) => uri::build(issuer, name, secret, &params),
        Kind::Hotp { params, counter } => uri::build_hotp(issuer, name, secret, &params, counter),
        Kind::Steam => uri::build_steam(issuer, name, secret),
    };
    written.ok().map(|text| text.to_string())
}

/// A secret in base32: what was read is one spelling of its bytes.
pub fn base32(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(secret) = Secret::from_base32(text, MinimumLength::Legacy) else { return };
    let bare = text.to_ascii_uppercase().replace([' ', '-'], "");
    assert_eq!(secret.to_base32().as_str(), bare.trim_end_matches('='));
    let again = Secret::from_base32(&secret.to_base32(), MinimumLength::Legacy).unwrap();
    assert_eq!(again.expose(), secret.expose());
}

/// A sealed value or record: only what was sealed opens, and only for its subject.
pub fn envelope(data: &[u8]) {
    static KNOWN: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let file = vectors(include_str!("../tests/vectors/envelope.json"));
        let cases = file["envelopes"].as_array().unwrap();
        cases.iter().map(|case| unhex(case["envelope"].as_str().unwrap())).collect()
    });
    static RECORDS: LazyLock<(Engine, Vec<Vec<u8>>)> = LazyLock::new(|| {
        let file = vectors(include_str!("../tests/vectors/record.json"));
        let records = ["pending_record", "enrolled_record"].map(|name| unhex(text(&file, name)));
        (engine(text(&file, "keys")), records.to_vec())
    });
    let (engine, records) = &*RECORDS;
    let ring = KeyRing::parse(&engine.key_ring().to_text()).unwrap();
    for subject in ["alice", "日本", "mallory"].map(|name| Subject::new(name).unwrap()) {
        if vault::open(&ring, &subject, data).is_ok() {
            assert!(KNOWN.iter().any(|known| known == data) && subject.as_str() != "mallory");
        }
        if engine.status(&subject, Some(data), now(1_800_000_000)).is_ok() {
            assert!(records.iter().any(|known| known == data) && subject.as_str() == "alice");
        }
    }
    let _ = vault::key_id(data).map(|id| vault::KeyUsage::new(&ring).add_id(id));
    let read = std::str::from_utf8(data).ok().and_then(|text| vault::from_text(text).ok());
    if let Some(bytes) = read {
        assert_eq!(vault::to_text(&bytes).as_bytes(), data);
    }
}

/// A challenge: only those of the vectors are signed by their key. Behind the signature the claims are read, too: any
/// payload, signed with the sub-key that the vectors name.
pub fn challenge(data: &[u8]) {
    static FILE: LazyLock<Value> =
        LazyLock::new(|| vectors(include_str!("../tests/vectors/jwt_challenge.json")));
    static OWN: LazyLock<Value> = LazyLock::new(|| vectors(include_str!("../tests/vectors/jwt_own.json")));
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| engine(text(&FILE, "key_ring")));
    static SUB_KEY: LazyLock<Vec<u8>> = LazyLock::new(|| unhex(text(&FILE["keys"][0], "challenge_sub_key")));
    let at = now(FILE["now"].as_i64().unwrap());
    let header = r#"{"alg":"HS256","kid":"0c96b7654975785b","typ":"twinlock-challenge+jwt"}"#;
    for token in [String::from_utf8_lossy(data).into_owned(), signed(header, data, &SUB_KEY)] {
        let subject = ENGINE.challenge_subject(&token, at);
        if let Ok(pending) = ENGINE.finish_sign_in(None, token.as_str().into(), Answer::Otp("123456"), at) {
            assert!(pending.commit(true).is_err(), "there is no record");
        }
        let opens = ENGINE.enrollment_subject(&token, at).is_ok();
        assert!(!opens || OWN["enroll"] == token, "no challenge opens an enrollment");
        if subject.is_ok() && token.as_bytes() == data {
            let lists = ["accepted", "rejected"].map(|list| FILE[list].as_array().unwrap());
            let known = lists.iter().any(|list| list.iter().any(|case| case["token"] == token));
            assert!(known || OWN["challenge_to_enroll"] == token, "{token}");
        }
    }
}

/// A token and a key for tokens: no text is signed by our key, and what a signed payload claims is checked.
pub fn jwt(data: &[u8]) {
    const KEY: &[u8] = b"a key of sixty-four bytes, which is long enough for every hash..";
    const TYPES: [&str; 3] = ["at+jwt", "twinlock-refresh+jwt", "twinlock-sliding+jwt"];
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
        let keys = vec![JwtKey::hmac(JwtAlgorithm::Hs256, KEY).unwrap()];
        engine_with(
            "tlk1_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            JwtConfig { keys, ..JwtConfig::default() },
        )
    });
    static KEY_ID: LazyLock<String> =
        LazyLock::new(|| JwtKey::hmac(JwtAlgorithm::Hs256, KEY).unwrap().id().to_owned());
    let (text, at) = (String::from_utf8_lossy(data), now(1_800_000_000));
    for (kind, typ) in [TokenKind::Access, TokenKind::Refresh, TokenKind::Sliding].into_iter().zip(TYPES) {
        assert!(ENGINE.verify(&text, kind, at).is_err(), "nobody signed it");
        let header = format!(r#"{{"alg":"HS256","kid":"{}","typ":"{typ}"}}"#, *KEY_ID);
        if let Ok(claims) = ENGINE.verify(&signed(&header, data, KEY), kind, at) {
            let number = |name: &str| claims.get(name).and_then(Value::as_i64);
            assert!(number("exp") > Some(1_800_000_000) && number("iat") <= Some(1_800_000_000));
            assert!(claims.get("sub").is_some_and(Value::is_string));
        }
    }
    let _ = JwtKey::from_jwk(&text);
    for algorithm in JwtAlgorithm::ALL {
        let _ = JwtKey::from_pem(*algorithm, &text);
    }
    if let Ok(family) = RefreshFamily::from_json(&text) {
        let written = family.to_json();
        assert_eq!(RefreshFamily::from_json(&written).unwrap().to_json(), written);
    }
}

/// A backup code, typed: it signs in where folding makes it one of the codes.
pub fn backup(data: &[u8]) {
    static FILE: LazyLock<Value> = LazyLock::new(|| vectors(include_str!("../tests/vectors/backup.json")));
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| engine(text(&FILE, "keys")));
    static RECORD: LazyLock<Vec<u8>> = LazyLock::new(|| unhex(text(&FILE, "record")));
    let at = now(FILE["now"].as_i64().unwrap());
    static CHALLENGE: LazyLock<String> = LazyLock::new(|| {
        let (subject, at) =
            (Subject::new(text(&FILE, "subject")).unwrap(), now(FILE["now"].as_i64().unwrap()));
        let begun = ENGINE.begin_sign_in(&subject, Some(&RECORD), &FirstFactor::password(at), at);
        let Ok(SignIn::Challenge(challenge)) = begun.unwrap().commit(true) else { panic!("it has a device") };
        challenge.token.clone()
    });
    let typed = String::from_utf8_lossy(data);
    let judge = |answer| {
        let pending = ENGINE.finish_sign_in(Some(&RECORD), CHALLENGE.as_str().into(), answer, at).unwrap();
        pending.commit(true).is_ok()
    };
    let is_it = typed.len() <= 64 && folded(&typed) == text(&FILE, "code");
    assert_eq!(judge(Answer::Backup(&typed)), is_it, "{typed:?}");
    assert!(!judge(Answer::Sent(&typed)), "nothing was sent");
    let lines: Vec<&str> = typed.lines().collect();
    for folding in [Folding::Exact, Folding::Loose] {
        let _ = ForeignCodes::plain(&lines, folding);
    }
}

/// The rule for what is typed, in a few lines.
fn folded(typed: &str) -> String {
    let characters = typed.chars().filter(|c| *c != ' ' && *c != '-');
    let fold = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    characters.map(fold).collect()
}

/// A JWS over the payload, with the header as it is.
fn signed(header: &str, payload: &[u8], key: &[u8]) -> String {
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mac = Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(&text).finalize();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.into_bytes()))
}

fn engine(keys: &str) -> Engine {
    engine_with(keys, JwtConfig::default())
}

fn engine_with(keys: &str, jwt: JwtConfig) -> Engine {
    let policy = Policy { issuer: "Acme".to_owned(), ..Policy::default() };
    Engine::new(policy, KeyRing::parse(keys).unwrap(), jwt).unwrap()
}

fn now(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

fn vectors(file: &str) -> Value {
    serde_json::from_str(file).unwrap()
}

fn text<'v>(file: &'v Value, name: &str) -> &'v str {
    file[name].as_str().unwrap()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
