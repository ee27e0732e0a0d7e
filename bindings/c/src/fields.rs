//! Fields: the results of a call as C reads them, by number of field and index.

use twinlock_core::{Challenge, Enrolled, ErrorCode, Method, Proof, Provisioning, SignIn, Tokens, UnixTime};
use zeroize::Zeroizing;

use crate::buffer::{Out, Slot};
use crate::status::Failure;

/// Text: the id of the device.
pub const TWINLOCK_FIELD_DEVICE_ID: i32 = 1;
/// Text, secret: the new device's shared secret in base32, to be shown once.
pub const TWINLOCK_FIELD_SECRET: i32 = 2;
/// Text, secret: the `otpauth://` URI to be shown once as a QR code.
pub const TWINLOCK_FIELD_URI: i32 = 3;
/// Texts, secret: the backup codes, to be shown once.
pub const TWINLOCK_FIELD_BACKUP_CODE: i32 = 4;
/// Text: the challenge to hand to the client.
pub const TWINLOCK_FIELD_CHALLENGE: i32 = 5;
/// Texts: the methods that may answer the challenge (`otp`, `backup`); of a proof, the one that did.
pub const TWINLOCK_FIELD_METHOD: i32 = 6;
/// Text: the subject of a proof.
pub const TWINLOCK_FIELD_SUBJECT: i32 = 7;
/// Texts: the methods of both factors of a proof, as the claim `amr` has them (RFC 8176).
pub const TWINLOCK_FIELD_AMR: i32 = 8;
/// Text: the access token.
pub const TWINLOCK_FIELD_ACCESS: i32 = 9;
/// Text: the refresh token.
pub const TWINLOCK_FIELD_REFRESH: i32 = 10;

/// Number: when the enrollment or the challenge ends, in Unix seconds.
pub const TWINLOCK_FIELD_EXPIRES_AT: i32 = 100;
/// Number: one of `TWINLOCK_SIGN_IN_*`.
pub const TWINLOCK_FIELD_SIGN_IN: i32 = 101;
/// Number: the epoch of the record that a proof belongs to.
pub const TWINLOCK_FIELD_EPOCH: i32 = 102;
/// Number: when the first factor of a proof was passed, in Unix seconds.
pub const TWINLOCK_FIELD_AUTH_TIME: i32 = 103;
/// Number: when the access token ends, in Unix seconds.
pub const TWINLOCK_FIELD_ACCESS_EXPIRES_AT: i32 = 104;
/// Number: when the refresh token ends, in Unix seconds.
pub const TWINLOCK_FIELD_REFRESH_EXPIRES_AT: i32 = 105;

/// The subject has no second factor: take the proof.
pub const TWINLOCK_SIGN_IN_NOT_REQUIRED: i32 = 0;
/// A second factor has to be shown: hand out the challenge.
pub const TWINLOCK_SIGN_IN_CHALLENGE: i32 = 1;

/// Texts and numbers by field; texts of one field stand in the order of their index. All texts are wiped
/// on drop, since some are secret.
#[derive(Default)]
pub(crate) struct Fields {
    texts: Vec<(i32, Zeroizing<String>)>,
    numbers: Vec<(i32, i64)>,
}

impl Fields {
    pub(crate) fn write_text(&self, field: i32, index: usize, out: Out) -> Result<(), Failure> {
        let text = self.texts_of(field).nth(index).ok_or(ErrorCode::FieldUnknown)?;
        out.write(text.as_bytes())
    }

    pub(crate) fn write_number(&self, field: i32, out: Slot<i64>) -> Result<(), Failure> {
        let found = self.numbers.iter().find(|(name, _)| *name == field);
        let (_, number) = found.ok_or(ErrorCode::FieldUnknown)?;
        out.put(*number);
        Ok(())
    }

    pub(crate) fn count(&self, field: i32) -> usize {
        self.texts_of(field).count()
    }

    fn texts_of(&self, field: i32) -> impl Iterator<Item = &Zeroizing<String>> {
        self.texts.iter().filter(move |(name, _)| *name == field).map(|(_, text)| text)
    }

    fn with_text(mut self, field: i32, text: impl Into<Zeroizing<String>>) -> Self {
        self.texts.push((field, text.into()));
        self
    }

    fn with_texts(self, field: i32, texts: impl IntoIterator<Item = String>) -> Self {
        texts.into_iter().fold(self, |fields, text| fields.with_text(field, text))
    }

    fn with_number(mut self, field: i32, number: i64) -> Self {
        self.numbers.push((field, number));
        self
    }

    fn with_time(self, field: i32, time: UnixTime) -> Self {
        self.with_number(field, time.to_i64())
    }
}

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
            SignIn::Challenge(Challenge { token, methods, expires_at, .. }) => {
                kind(TWINLOCK_SIGN_IN_CHALLENGE)
                    .with_text(TWINLOCK_FIELD_CHALLENGE, token)
                    .with_texts(TWINLOCK_FIELD_METHOD, methods.into_iter().map(name))
                    .with_time(TWINLOCK_FIELD_EXPIRES_AT, expires_at)
                    .into()
            }
            // A kind that this interface does not know has no fields: neither a way in nor a crash.
            _ => ().into(),
        }
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

/// What a refresh gives: an access token and its end.
impl From<(String, UnixTime)> for Fields {
    fn from((access, expires_at): (String, UnixTime)) -> Self {
        Self::default()
            .with_text(TWINLOCK_FIELD_ACCESS, access)
            .with_time(TWINLOCK_FIELD_ACCESS_EXPIRES_AT, expires_at)
    }
}

fn name(method: Method) -> String {
    method.name().to_owned()
}
