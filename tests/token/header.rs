//! What a token's header can do to a verifier: nothing but name one of its keys.

use crate::forge::{self, engine, header, kid, mac, payload, token, verdict, with, without};
use serde_json::{Value, json};
use twinlock::{ErrorCode, JwtAlgorithm};

const INVALID: Result<(), ErrorCode> = Err(ErrorCode::TokenInvalid);

fn refused(header: &Value) {
    assert_eq!(verdict(&engine(JwtAlgorithm::Hs256), &token(header, &payload())), INVALID, "{header}");
}

#[test]
fn jwt_01_the_forger_of_these_tests_makes_tokens_that_pass() {
    assert_eq!(verdict(&engine(JwtAlgorithm::Hs256), &token(&header(), &payload())), Ok(()));
}

#[test]
fn jwt_01_the_header_never_chooses_the_algorithm() {
    for alg in
        ["none", "None", "NONE", "nOnE", "", "hs256", "Hs256", "HS256 ", "HS384", "HS512", "RS256", "PS256"]
            .into_iter()
            .chain(["ES256", "EdDSA", "A128KW", "HS256\u{0}"])
    {
        refused(&with(header(), "alg", json!(alg)));
    }
    for alg in [json!(null), json!(true), json!(256), json!(["HS256"]), json!({"HS256": 1})] {
        refused(&with(header(), "alg", alg));
    }
    refused(&without(header(), "alg"));
}

#[test]
fn jwt_01_an_unsigned_token_of_algorithm_none_is_refused_in_any_case() {
    for alg in ["none", "None", "NONE", "nOnE", "HS256"] {
        let signed = token(&with(header(), "alg", json!(alg)), &payload());
        let unsigned = &signed[..=signed.rfind('.').unwrap()];
        assert_eq!(verdict(&engine(JwtAlgorithm::Hs256), unsigned), INVALID, "{alg}");
    }
}

#[test]
fn jwt_01_a_key_signs_with_its_one_hash_even_if_the_header_and_the_signature_agree_on_another() {
    use JwtAlgorithm::{Hs256, Hs384, Hs512};
    for algorithm in [Hs256, Hs384, Hs512] {
        let head = forge::base64url(with(header(), "alg", json!(algorithm.name())).to_string().as_bytes());
        let signed = format!("{head}.{}", forge::base64url(payload().to_string().as_bytes()));
        let token = format!("{signed}.{}", forge::base64url(&mac(algorithm, forge::SECRET, &signed)));
        for key in [Hs256, Hs384, Hs512] {
            let expected = if key == algorithm { Ok(()) } else { INVALID };
            assert_eq!(verdict(&engine(key), &token), expected, "{algorithm:?} for a key of {key:?}");
        }
    }
}

#[test]
fn jwt_04_the_type_is_required_and_exact() {
    refused(&without(header(), "typ"));
    for typ in
        ["", "JWT", "jwt", "AT+JWT", "At+jwt", "at+jwt ", " at+jwt", "at", "application/at+jwt", "JOSE"]
            .into_iter()
            .chain([
                "twinlock-refresh+jwt",
                "twinlock-challenge+jwt",
                "twinlock-enroll+jwt",
                "twinlock-trust+jwt",
            ])
    {
        refused(&with(header(), "typ", json!(typ)));
    }
    for typ in [json!(null), json!(1), json!(["at+jwt"]), json!({"at+jwt": 1})] {
        refused(&with(header(), "typ", typ));
    }
}

#[test]
fn jwt_07_a_key_id_is_required_exact_and_short() {
    let known = kid(forge::SECRET);
    refused(&without(header(), "kid"));
    for kid in
        ["", "0", "../../dev/null", "' OR '1'='1", &known.to_uppercase(), &known[1..], &format!("{known} ")]
            .into_iter()
            .chain([&*known.repeat(5), &*"k".repeat(4000), &*format!("{known}\u{0}")])
    {
        refused(&with(header(), "kid", json!(kid)));
    }
    for kid in [json!(null), json!(0), json!([known]), json!({"kid": known})] {
        refused(&with(header(), "kid", kid));
    }
}

#[test]
fn jwt_07_critical_extensions_are_refused_known_or_not() {
    for crit in [
        json!(["exp"]),
        json!(["b64"]),
        json!(["http://example.com/x"]),
        json!([]),
        json!(null),
        json!("alg"),
    ] {
        refused(&with(header(), "crit", crit));
    }
}

#[test]
fn jwt_08_compressed_and_unencoded_payloads_are_refused() {
    for zip in [json!("DEF"), json!(""), json!(null)] {
        refused(&with(header(), "zip", zip));
    }
    for b64 in [json!(false), json!(true), json!(null)] {
        refused(&with(header(), "b64", b64));
    }
}

#[test]
fn jwt_07_embedded_and_remote_keys_choose_nothing() {
    let engine = engine(JwtAlgorithm::Hs256);
    let mine = b"a forger's own key, which is also of thirty-two bytes and more..";
    let embedded =
        json!({"kty": "oct", "k": forge::base64url(mine), "alg": "HS256", "kid": kid(forge::SECRET)});
    let extras = [
        ("jwk", embedded),
        ("jku", json!("https://attacker.example/jwks.json")),
        ("x5u", json!("https://attacker.example/chain.pem")),
        ("x5c", json!(["MIIB"])),
    ];
    for (name, value) in extras {
        let header = with(header(), name, value);
        let signed = format!(
            "{}.{}",
            forge::base64url(header.to_string().as_bytes()),
            forge::base64url(payload().to_string().as_bytes())
        );
        let forged = format!("{signed}.{}", forge::base64url(&mac(JwtAlgorithm::Hs256, mine, &signed)));
        assert_eq!(verdict(&engine, &forged), INVALID, "{name}");
        assert_eq!(verdict(&engine, &token(&header, &payload())), Ok(()), "{name} is ignored");
    }
}
