//! Results: what the core gives, as fields.

use twinlock_core::otp::uri::ParsedUri;
use twinlock_core::{
    Challenge, DeviceParams, Enrolled, EnrollmentToken, ImportedDevice, Method, Outcome, Proof, Provisioning,
    RefreshFamily, Removed, SentCode, SignIn, SignedIn, Subject, Tokens, TrustToken, UnixTime,
};
use zeroize::Zeroizing;

use crate::device::{kind_of, number_of};
use crate::fields::*;

/// What a successful commit gives: fields, and the proof where there is one.
pub(crate) struct Verdict {
    pub(crate) fields: Fields,
    pub(crate) proof: Option<Proof>,
}

impl From<Fields> for Verdict {
    fn from(fields: Fields) -> Self {
        Self { fields, proof: None }
    }
}

impl From<()> for Verdict {
    fn from((): ()) -> Self {
        Fields::default().into()
    }
}

impl From<Provisioning> for Verdict {
    fn from(new: Provisioning) -> Self {
        Fields::default()
            .with_text(TWINLOCK_FIELD_DEVICE_ID, new.device_id)
            .with_text(TWINLOCK_FIELD_SECRET, new.secret)
            .with_text(TWINLOCK_FIELD_URI, new.uri)
            .with_time(TWINLOCK_FIELD_EXPIRES_AT, new.expires_at)
            .into()
    }
}

impl From<Enrolled> for Verdict {
    fn from(enrolled: Enrolled) -> Self {
        let codes = Self::from(enrolled.backup_codes);
        let fields = codes.fields.with_text(TWINLOCK_FIELD_DEVICE_ID, enrolled.device_id);
        Self { fields, proof: Some(enrolled.proof) }
    }
}

impl From<Vec<Zeroizing<String>>> for Verdict {
    fn from(backup_codes: Vec<Zeroizing<String>>) -> Self {
        let add = |fields: Fields, code| fields.with_text(TWINLOCK_FIELD_BACKUP_CODE, code);
        backup_codes.into_iter().fold(Fields::default(), add).into()
    }
}

impl From<SignIn> for Verdict {
    fn from(sign_in: SignIn) -> Self {
        let kind = |kind: i32| Fields::default().with_number(TWINLOCK_FIELD_SIGN_IN, kind.into());
        match sign_in {
            SignIn::NotRequired(proof) => {
                Self { fields: kind(TWINLOCK_SIGN_IN_NOT_REQUIRED), proof: Some(proof) }
            }
            SignIn::Challenge(challenge) => {
                with_challenge(kind(TWINLOCK_SIGN_IN_CHALLENGE), challenge).into()
            }
            SignIn::Send(challenge, SentCode { code, .. }) => {
                let fields = with_challenge(kind(TWINLOCK_SIGN_IN_SEND), challenge);
                fields.with_text(TWINLOCK_FIELD_SENT_CODE, code).into()
            }
            SignIn::Trusted(proof, token) => {
                Self { fields: with_trust(kind(TWINLOCK_SIGN_IN_TRUSTED), token), proof: Some(proof) }
            }
            SignIn::EnrollOnly(token) => with_enrollment(kind(TWINLOCK_SIGN_IN_ENROLL_ONLY), token).into(),
            // A kind that this interface does not know has no fields: neither a way in nor a crash.
            _ => ().into(),
        }
    }
}

fn with_challenge(fields: Fields, challenge: Challenge) -> Fields {
    let gives = match challenge.gives {
        Outcome::SignIn => TWINLOCK_GIVES_SIGN_IN,
        Outcome::Enrollment => TWINLOCK_GIVES_ENROLLMENT,
    };
    fields
        .with_text(TWINLOCK_FIELD_CHALLENGE, challenge.token)
        .with_texts(TWINLOCK_FIELD_METHOD, challenge.methods.into_iter().map(name))
        .with_number(TWINLOCK_FIELD_GIVES, gives.into())
        .with_time(TWINLOCK_FIELD_EXPIRES_AT, challenge.expires_at)
}

fn with_trust(fields: Fields, trust: TrustToken) -> Fields {
    fields
        .with_text(TWINLOCK_FIELD_TRUST_TOKEN, trust.token)
        .with_text(TWINLOCK_FIELD_TRUST_ID, trust.id)
        .with_time(TWINLOCK_FIELD_EXPIRES_AT, trust.expires_at)
}

fn with_enrollment(fields: Fields, token: EnrollmentToken) -> Fields {
    fields
        .with_text(TWINLOCK_FIELD_ENROLLMENT_TOKEN, token.token)
        .with_time(TWINLOCK_FIELD_EXPIRES_AT, token.expires_at)
}

impl From<TrustToken> for Verdict {
    fn from(trust: TrustToken) -> Self {
        with_trust(Fields::default(), trust).into()
    }
}

impl From<EnrollmentToken> for Verdict {
    fn from(token: EnrollmentToken) -> Self {
        with_enrollment(Fields::default(), token).into()
    }
}

impl From<SentCode> for Verdict {
    fn from(sent: SentCode) -> Self {
        Fields::default()
            .with_text(TWINLOCK_FIELD_SENT_CODE, sent.code)
            .with_time(TWINLOCK_FIELD_EXPIRES_AT, sent.expires_at)
            .into()
    }
}

impl From<Removed> for Verdict {
    fn from(removed: Removed) -> Self {
        let last = removed == Removed::Last;
        Fields::default().with_number(TWINLOCK_FIELD_LAST_DEVICE, last.into()).into()
    }
}

/// The id of an imported device.
impl From<String> for Verdict {
    fn from(device_id: String) -> Self {
        Fields::default().with_text(TWINLOCK_FIELD_DEVICE_ID, device_id).into()
    }
}

impl From<Proof> for Verdict {
    fn from(proof: Proof) -> Self {
        Self { fields: Fields::default(), proof: Some(proof) }
    }
}

impl From<&Proof> for Fields {
    fn from(proof: &Proof) -> Self {
        Self::default()
            .with_text(TWINLOCK_FIELD_SUBJECT, proof.subject().as_str().to_owned())
            .with_texts(TWINLOCK_FIELD_METHOD, proof.method().map(name))
            .with_texts(TWINLOCK_FIELD_DEVICE_ID, proof.device_id().map(str::to_owned))
            .with_texts(TWINLOCK_FIELD_PURPOSE, proof.purpose().map(str::to_owned))
            .with_texts(TWINLOCK_FIELD_AMR, proof.amr())
            .with_number(TWINLOCK_FIELD_EPOCH, i64::try_from(proof.epoch()).unwrap_or(i64::MAX))
            .with_time(TWINLOCK_FIELD_AUTH_TIME, proof.auth_time())
    }
}

impl From<Tokens> for Fields {
    fn from(tokens: Tokens) -> Self {
        Self::default()
            .with_text(TWINLOCK_FIELD_ACCESS, tokens.access)
            .with_time(TWINLOCK_FIELD_ACCESS_EXPIRES_AT, tokens.access_expires_at)
            .with_text(TWINLOCK_FIELD_REFRESH, tokens.refresh)
            .with_time(TWINLOCK_FIELD_REFRESH_EXPIRES_AT, tokens.refresh_expires_at)
    }
}

/// An access or sliding token and its end.
impl From<(String, UnixTime)> for Fields {
    fn from((access, expires_at): (String, UnixTime)) -> Self {
        Self::default()
            .with_text(TWINLOCK_FIELD_ACCESS, access)
            .with_time(TWINLOCK_FIELD_ACCESS_EXPIRES_AT, expires_at)
    }
}

/// The first tokens of a session and its state.
impl From<(Tokens, RefreshFamily)> for Fields {
    fn from((tokens, family): (Tokens, RefreshFamily)) -> Self {
        with_session(tokens.into(), &family)
    }
}

/// What is to be stored of a session.
impl From<&RefreshFamily> for Fields {
    fn from(family: &RefreshFamily) -> Self {
        with_session(Self::default(), family)
    }
}

fn with_session(fields: Fields, family: &RefreshFamily) -> Fields {
    fields
        .with_text(TWINLOCK_FIELD_SESSION, family.id().to_owned())
        .with_text(TWINLOCK_FIELD_SESSION_STATE, family.to_json())
        .with_text(TWINLOCK_FIELD_SUBJECT, family.subject().as_str().to_owned())
}

impl From<SignedIn> for Verdict {
    fn from(signed_in: SignedIn) -> Self {
        Fields::from((signed_in.tokens, signed_in.family))
            .with_texts(TWINLOCK_FIELD_METHOD, signed_in.method.map(name))
            .into()
    }
}

/// Whose session it is, and its id.
impl From<(Subject, String)> for Fields {
    fn from((subject, session): (Subject, String)) -> Self {
        Self::default()
            .with_text(TWINLOCK_FIELD_SUBJECT, subject.as_str().to_owned())
            .with_text(TWINLOCK_FIELD_SESSION, session)
    }
}

impl From<ParsedUri> for Fields {
    fn from(mut uri: ParsedUri) -> Self {
        let (issuer, account) = (uri.issuer.take(), std::mem::take(&mut uri.account));
        let device = ImportedDevice::from_uri(uri);
        let mut fields = Self::default()
            .with_texts(TWINLOCK_FIELD_ISSUER, issuer)
            .with_text(TWINLOCK_FIELD_ACCOUNT, account)
            .with_text(TWINLOCK_FIELD_SECRET, device.secret.to_base32())
            .with_number(TWINLOCK_FIELD_KIND, kind_of(&device.params).into())
            .with_number(TWINLOCK_FIELD_ALGORITHM, number_of(device.params.algorithm()).into())
            .with_number(TWINLOCK_FIELD_DIGITS, device.params.digits().into());
        if let Some(seconds) = device.params.period() {
            fields = fields.with_number(TWINLOCK_FIELD_PERIOD, seconds.into());
        }
        if let DeviceParams::Hotp(_) = device.params {
            let counter = i64::try_from(device.counter).unwrap_or(i64::MAX);
            fields = fields.with_number(TWINLOCK_FIELD_COUNTER, counter);
        }
        fields
    }
}

fn name(method: Method) -> String {
    method.name().to_owned()
}
