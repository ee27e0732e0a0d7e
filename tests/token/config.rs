//! Keys and options of JWTs: what is refused before any token exists.

use twinlock::vault::KeyRing;
use twinlock::{
    Engine, ErrorCode, Fault, FirstFactor, JwtAlgorithm, JwtConfig, JwtKey, OsRandom, Policy, SignIn,
    Subject, TokenKind, UnixTime,
};

const LONG: &[u8] = b"a key of sixty-four bytes, which is long enough for every hash..";

fn build(jwt: JwtConfig) -> Result<Engine, Fault> {
    let policy = Policy { issuer: "Acme".to_owned(), ..Policy::default() };
    Engine::new(policy, KeyRing::generate(&OsRandom).unwrap(), jwt)
}

fn fault(change: impl FnOnce(&mut JwtConfig)) -> Option<Fault> {
    let mut config = JwtConfig::default();
    change(&mut config);
    build(config).err()
}

fn key(secret: &[u8]) -> JwtKey {
    JwtKey::hmac(JwtAlgorithm::Hs256, secret).unwrap()
}

#[test]
fn jwt_03_a_key_is_at_least_as_long_as_its_hash() {
    use JwtAlgorithm::{Hs256, Hs384, Hs512};
    for (algorithm, floor) in [(Hs256, 32), (Hs384, 48), (Hs512, 64)] {
        for length in [0, 1, floor - 1] {
            let refused = JwtKey::hmac(algorithm, &LONG[..length]).err().unwrap();
            assert_eq!(refused.code, ErrorCode::JwtKeyWeak, "{algorithm:?} {length}");
        }
        assert!(JwtKey::hmac(algorithm, &LONG[..floor]).is_ok(), "{algorithm:?}");
    }
    assert!(JwtKey::hmac(Hs256, &[0xff; 4096]).is_ok());
}

#[test]
fn jwt_02_the_text_of_a_key_file_is_no_hmac_secret() {
    let body = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo";
    let refused = [
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"),
        format!("-----BEGIN RSA PUBLIC KEY-----\n{body}"),
        format!("-----BEGIN EC PRIVATE KEY-----\n{body}"),
        format!("-----BEGIN CERTIFICATE-----\r\n{body}\r\n"),
        format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}"),
        format!("\n\t -----BEGIN PUBLIC KEY-----\n{body}"),
        format!("\u{feff}-----BEGIN PUBLIC KEY-----\n{body}"),
        format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n-----BEGIN CERTIFICATE-----\n{body}"),
        format!("-----BEGIN PUBLIC KEY-----\\n{body}\\n-----END PUBLIC KEY-----"),
        format!("---- BEGIN SSH2 PUBLIC KEY ----\n{body}"),
        format!("PuTTY-User-Key-File-3: ssh-ed25519\n{body}"),
        format!("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{body} me@host"),
        format!("  ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{body}"),
        format!("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY{body}"),
        format!("sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t{body}"),
        format!("from=\"10.0.0.1\",no-pty ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{body}"),
        format!("{{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"{body}\"}}"),
        format!("\n {{ \"n\": \"{body}\", \"kty\": \"RSA\" }} \n"),
        format!("{{\"kty\":\"oct\",\"k\":\"{body}\"}}"),
        format!("\u{feff}{{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"{body}\"}}"),
        format!("{{\"keys\":[{{\"kty\":\"EC\",\"x\":\"{body}\"}}]}}"),
        format!("[{{\"kty\":\"OKP\",\"x\":\"{body}\"}}]"),
    ];
    for text in refused {
        assert!(text.len() >= 64, "{text}");
        for algorithm in [JwtAlgorithm::Hs256, JwtAlgorithm::Hs384, JwtAlgorithm::Hs512] {
            let fault = JwtKey::hmac(algorithm, text.as_bytes()).err();
            assert_eq!(fault.map(|fault| fault.code), Some(ErrorCode::JwtKeyWeak), "{text}");
        }
    }
}

#[test]
fn jwt_02_ordinary_secrets_are_keys() {
    for text in [
        "django-insecure-9k#s@7v!2{x]0p(m$5q^w&8e*r+t=y-u_i<o>a,s.d/f;g:h",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "{not json, but a passphrase of more than sixty-four bytes in all braces}",
        "the quick brown fox BEGINs to jump over a lazy dog -- sixty-four bytes",
        "dGhpcyBpcyBhIHNlY3JldCBrZXkgaW4gYmFzZTY0IHdpdGggZW5vdWdoIGJ5dGVz",
    ] {
        assert!(JwtKey::hmac(JwtAlgorithm::Hs512, text.as_bytes()).is_ok(), "{text}");
    }
    assert!(JwtKey::hmac(JwtAlgorithm::Hs256, &[0x30, 0x82].repeat(16)).is_ok());
}

#[test]
fn the_same_key_twice_is_refused_whatever_its_hash() {
    let twice = |other| fault(|config| config.keys = vec![key(LONG), other]);
    let expected = Some(Fault::about(ErrorCode::KeyDuplicate, "keys"));
    assert_eq!(twice(key(LONG)), expected);
    assert_eq!(twice(JwtKey::hmac(JwtAlgorithm::Hs512, LONG).unwrap()), expected);
    assert_eq!(twice(key(&LONG[..63])), None);
}

#[test]
fn a_verifier_holds_sixteen_keys() {
    let keys = |count: u8| (0..count).map(|n| key(&[n + 1; 32])).collect();
    assert_eq!(fault(|config| config.keys = keys(16)), None);
    let expected = Some(Fault::about(ErrorCode::KeyRingTooLarge, "keys"));
    assert_eq!(fault(|config| config.keys = keys(17)), expected);
}

#[test]
fn jwt_09_lives_and_leeway_have_bounds() {
    let out = |name| Some(Fault::about(ErrorCode::OptionOutOfRange, name));
    for (life, refused) in [(0, true), (29, true), (30, false), (900, false), (901, true), (u32::MAX, true)] {
        let expected = if refused { out("access_life") } else { None };
        assert_eq!(fault(|config| config.access_life = life), expected, "{life}");
    }
    for (life, refused) in [(0, true), (59, true), (60, false), (2_592_000, false), (2_592_001, true)] {
        let expected = if refused { out("refresh_life") } else { None };
        assert_eq!(fault(|config| config.refresh_life = life), expected, "{life}");
    }
    for (life, refused) in [(0, true), (59, true), (60, false), (2_592_000, false), (2_592_001, true)] {
        let expected = if refused { out("family_life") } else { None };
        assert_eq!(fault(|config| config.family_life = life), expected, "{life}");
    }
    for (grace, refused) in [(0, false), (60, false), (61, true)] {
        let expected = if refused { out("reuse_grace") } else { None };
        assert_eq!(fault(|config| config.reuse_grace = grace), expected, "{grace}");
    }
    for (leeway, refused) in [(0, false), (60, false), (61, true)] {
        let expected = if refused { out("leeway") } else { None };
        assert_eq!(fault(|config| config.leeway = leeway), expected, "{leeway}");
    }
}

#[test]
fn jwt_05_issuer_and_audience_are_text_of_a_size_to_sign() {
    let out = |name| Some(Fault::about(ErrorCode::OptionOutOfRange, name));
    for (text, fits) in
        [("", false), ("a", true), (&*"a".repeat(255), true), (&*"a".repeat(256), false), ("a\n", false)]
    {
        let (issuer, audience) = if fits { (None, None) } else { (out("issuer"), out("audience")) };
        assert_eq!(fault(|config| config.issuer = Some(text.to_owned())), issuer, "{text}");
        assert_eq!(fault(|config| config.audience = Some(text.to_owned())), audience, "{text}");
    }
}

#[test]
fn the_second_claim_of_the_subject_has_a_name_of_its_own() {
    let refused = Some(Fault::about(ErrorCode::OptionOutOfRange, "user_id_claim"));
    let name = |name: &str| fault(|config| config.user_id_claim = name.to_owned());
    for reserved in
        ["sub", "exp", "iat", "nbf", "jti", "token_type", "iss", "aud", "amr", "acr", "auth_time", "epoch"]
            .into_iter()
            .chain(["fam", "typ", "", "a\0", &"a".repeat(33)])
    {
        assert_eq!(name(reserved), refused, "{reserved}");
    }
    for own in ["user_id", "uid", "https://acme.example/uid", &"ü".repeat(32)] {
        assert_eq!(name(own), None, "{own}");
    }
}

#[test]
fn jwt_01_algorithms_have_exact_names() {
    let names: Vec<&str> = JwtAlgorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
    let (hmac, rest) = names.split_at(3);
    assert_eq!(hmac, ["HS256", "HS384", "HS512"]);
    assert_eq!(rest, ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]);
    for algorithm in JwtAlgorithm::ALL {
        assert_eq!(JwtAlgorithm::from_name(algorithm.name()), Ok(*algorithm));
    }
    for other in ["", "none", "hs256", "HS 256", "HS1", "RS1", "ES512", "EDDSA", "Ed25519", "SHA256"] {
        let fault = JwtAlgorithm::from_name(other).unwrap_err();
        assert_eq!(fault.code, ErrorCode::JwtAlgorithmUnknown, "{other}");
    }
}

/// A proof for someone without a second factor, turned into tokens.
fn access_token(engine: &Engine, now: UnixTime) -> String {
    let subject = Subject::new("42").unwrap();
    let pending = engine.begin_sign_in(&subject, None, &FirstFactor::password(now), now).unwrap();
    let Ok(SignIn::NotRequired(proof)) = pending.commit(true) else { panic!("no factor, no challenge") };
    engine.mint(proof, &serde_json::Map::new(), now).unwrap().access
}

#[test]
fn keys_rotate_the_first_signs_and_all_verify() {
    let now = UnixTime::new(1_700_000_000).unwrap();
    let with_keys = |keys: Vec<&[u8]>| {
        build(JwtConfig { keys: keys.into_iter().map(key).collect(), ..JwtConfig::default() }).unwrap()
    };
    let (old_key, new_key) = (&LONG[..32], &LONG[32..]);
    let (old, rotated, new) =
        (with_keys(vec![old_key]), with_keys(vec![new_key, old_key]), with_keys(vec![new_key]));
    let passes = |engine: &Engine, token: &str| engine.verify(token, TokenKind::Access, now).is_ok();
    let (old_token, fresh) = (access_token(&old, now), access_token(&rotated, now));
    assert!(passes(&rotated, &old_token) && passes(&rotated, &fresh) && passes(&new, &fresh));
    assert!(!passes(&new, &old_token) && !passes(&old, &fresh));
}

#[test]
fn without_keys_of_the_host_the_ring_signs_and_rotates() {
    let now = UnixTime::new(1_700_000_000).unwrap();
    let with_ring = |text: &str| {
        let policy = Policy { issuer: "Acme".to_owned(), ..Policy::default() };
        Engine::new(policy, KeyRing::parse(text).unwrap(), JwtConfig::default()).unwrap()
    };
    let fresh_key = || KeyRing::generate(&OsRandom).unwrap().to_text();
    let (one, two) = (fresh_key(), fresh_key());
    let (old, rotated) = (with_ring(&one), with_ring(&format!("{} {}", two.as_str(), one.as_str())));
    let passes = |engine: &Engine, token: &str| engine.verify(token, TokenKind::Access, now).is_ok();
    let (old_token, fresh) = (access_token(&old, now), access_token(&rotated, now));
    assert!(passes(&old, &old_token) && passes(&rotated, &old_token) && passes(&rotated, &fresh));
    assert!(!passes(&old, &fresh));
}
