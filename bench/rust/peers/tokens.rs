//! Challenges and JWTs, beside `jsonwebtoken` as its documentation uses it, with as many claims.

use std::hint::black_box;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use twinlock_bench::{Outcome, Row};
use twinlock_core::{FirstFactor, SignIn, TokenKind};

use crate::engine::{NOW, Site};
use crate::want;

#[derive(Deserialize, Serialize)]
struct Claims {
    iss: String,
    sub: String,
    iat: i64,
    exp: i64,
    jti: String,
    epoch: u64,
    amr: Vec<String>,
    auth_time: i64,
}

pub fn run() -> Outcome {
    let site = Site::new()?;
    let (now, record) = (site.now, Some(&site.record[..]));
    let challenge = site.challenge()?;
    let peer = Peer::new();
    let signed = peer.sign(300)?;

    let issue = || {
        let first = FirstFactor::password(now);
        let pending = site.engine.begin_sign_in(black_box(&site.subject), record, &first, now)?;
        want(matches!(pending.commit(true)?, SignIn::Challenge(_)), "no challenge")
    };
    Row::new("challenge: open record and issue", issue)
        .beside("jsonwebtoken, encode", || want(!peer.sign(300)?.is_empty(), "no token"))
        .run()?;

    let check =
        || want(site.engine.challenge_subject(black_box(&challenge), now)?.as_str() == "42", "another");
    Row::new("challenge: check", check).beside("jsonwebtoken, decode", || peer.verify(&signed)).run()?;

    let mint = || {
        let tokens = site.engine.mint(site.proof()?, &Map::new(), now)?;
        want(!tokens.refresh.is_empty(), "no tokens")
    };
    let pair = || want(!peer.sign(300)?.is_empty() && !peer.sign(86_400)?.is_empty(), "no tokens");
    Row::new("JWT pair, HS256 (with a proof for it)", mint).beside("jsonwebtoken", pair).run()?;

    let access = site.engine.mint(site.proof()?, &Map::new(), now)?.access;
    let verify = || {
        let claims = site.engine.verify(black_box(&access), TokenKind::Access, now)?;
        want(claims.get("sub").is_some(), "no subject")
    };
    Row::new("JWT verify, HS256", verify).beside("jsonwebtoken", || peer.verify(&signed)).run()
}

struct Peer {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Peer {
    fn new() -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The clock stands still here.
        validation.validate_exp = false;
        let key = [7; 32];
        Self {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            validation,
        }
    }

    fn sign(&self, life: i64) -> Result<String, Box<dyn std::error::Error>> {
        let mut id = [0; 8];
        getrandom::fill(&mut id)?;
        let claims = Claims {
            iss: "Acme".into(),
            sub: "42".into(),
            iat: NOW,
            exp: NOW.saturating_add(life),
            jti: format!("{:016x}", u64::from_ne_bytes(id)),
            epoch: 7,
            amr: vec!["pwd".into(), "otp".into(), "mfa".into()],
            auth_time: NOW,
        };
        Ok(encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?)
    }

    fn verify(&self, token: &str) -> Outcome {
        let read = decode::<Claims>(black_box(token), &self.decoding, &self.validation)?;
        want(read.claims.sub == "42", "another")
    }
}
