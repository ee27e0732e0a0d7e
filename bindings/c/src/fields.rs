//! Fields: the results of a call as C reads them, by number of field and index.

use twinlock_core::{ErrorCode, UnixTime};
use zeroize::Zeroizing;

use crate::buffer::{Out, Slot};
use crate::status::Failure;

/// Text: the id of the device; of a proof, of the one whose code was accepted.
pub const TWINLOCK_FIELD_DEVICE_ID: i32 = 1;
/// Text, secret: a device's shared secret in base32; a new one's is to be shown once.
pub const TWINLOCK_FIELD_SECRET: i32 = 2;
/// Text, secret: the `otpauth://` URI to be shown once as a QR code.
pub const TWINLOCK_FIELD_URI: i32 = 3;
/// Texts, secret: the backup codes, to be shown once.
pub const TWINLOCK_FIELD_BACKUP_CODE: i32 = 4;
/// Text: the challenge to hand to the client.
pub const TWINLOCK_FIELD_CHALLENGE: i32 = 5;
/// Texts: the methods that may answer the challenge (`otp`, `backup`, `sent`); of a proof, the one that did.
pub const TWINLOCK_FIELD_METHOD: i32 = 6;
/// Text: the subject of a proof or a session.
pub const TWINLOCK_FIELD_SUBJECT: i32 = 7;
/// Texts: the methods of both factors of a proof, as the claim `amr` has them (RFC 8176).
pub const TWINLOCK_FIELD_AMR: i32 = 8;
/// Text: the access token, or the sliding one.
pub const TWINLOCK_FIELD_ACCESS: i32 = 9;
/// Text: the refresh token.
pub const TWINLOCK_FIELD_REFRESH: i32 = 10;
/// Text, secret: the code to deliver by mail or SMS, once.
pub const TWINLOCK_FIELD_SENT_CODE: i32 = 11;
/// Text: the token that opens enrollment and nothing else.
pub const TWINLOCK_FIELD_ENROLLMENT_TOKEN: i32 = 12;
/// Text, secret: the token that a trusted device keeps, for instance in a cookie that scripts cannot read. It
/// takes the place of the one that was shown.
pub const TWINLOCK_FIELD_TRUST_TOKEN: i32 = 13;
/// Text: the id by which a trusted device is listed and revoked.
pub const TWINLOCK_FIELD_TRUST_ID: i32 = 14;
/// Text: what the step-up of a proof was for.
pub const TWINLOCK_FIELD_PURPOSE: i32 = 15;
/// Text: the id of a session: 32 hexadecimal digits, the claim `fam` of all its tokens.
pub const TWINLOCK_FIELD_SESSION: i32 = 16;
/// Text: the state of a session, to be stored.
pub const TWINLOCK_FIELD_SESSION_STATE: i32 = 17;
/// Text: the issuer of an account.
pub const TWINLOCK_FIELD_ISSUER: i32 = 18;
/// Text: the name of an account.
pub const TWINLOCK_FIELD_ACCOUNT: i32 = 19;

/// Number: when the enrollment, the challenge, the trust or the enrollment token ends, in Unix seconds.
pub const TWINLOCK_FIELD_EXPIRES_AT: i32 = 100;
/// Number: one of `TWINLOCK_SIGN_IN_*`.
pub const TWINLOCK_FIELD_SIGN_IN: i32 = 101;
/// Number: the epoch of the record that a proof belongs to.
pub const TWINLOCK_FIELD_EPOCH: i32 = 102;
/// Number: when the first factor of a proof was passed, in Unix seconds; of a step-up or an enrollment, when
/// its answer was accepted.
pub const TWINLOCK_FIELD_AUTH_TIME: i32 = 103;
/// Number: when the access or sliding token ends, in Unix seconds.
pub const TWINLOCK_FIELD_ACCESS_EXPIRES_AT: i32 = 104;
/// Number: when the refresh token ends, in Unix seconds.
pub const TWINLOCK_FIELD_REFRESH_EXPIRES_AT: i32 = 105;
/// Number: what a right answer to a challenge gives, one of `TWINLOCK_GIVES_*`.
pub const TWINLOCK_FIELD_GIVES: i32 = 106;
/// Number: 1 where the removed device was the last, so that the second factor is off; else 0.
pub const TWINLOCK_FIELD_LAST_DEVICE: i32 = 107;
/// Number: the kind of a device, one of `TWINLOCK_DEVICE_*`.
pub const TWINLOCK_FIELD_KIND: i32 = 108;
/// Number: the hash of a device, one of `TWINLOCK_ALGORITHM_*`.
pub const TWINLOCK_FIELD_ALGORITHM: i32 = 109;
/// Number: how many characters the codes of a device have.
pub const TWINLOCK_FIELD_DIGITS: i32 = 110;
/// Number: seconds per step of a time device.
pub const TWINLOCK_FIELD_PERIOD: i32 = 111;
/// Number: the counter that a counter device shows next.
pub const TWINLOCK_FIELD_COUNTER: i32 = 112;
/// Number: equal in all QR codes of one export of an app.
pub const TWINLOCK_FIELD_BATCH_ID: i32 = 113;
/// Number: which QR code of its export an account comes from, counted from 0.
pub const TWINLOCK_FIELD_BATCH_INDEX: i32 = 114;
/// Number: how many QR codes the export has.
pub const TWINLOCK_FIELD_BATCH_SIZE: i32 = 115;

/// No second factor is due: take the proof.
pub const TWINLOCK_SIGN_IN_NOT_REQUIRED: i32 = 0;
/// A second factor has to be shown: hand out the challenge.
pub const TWINLOCK_SIGN_IN_CHALLENGE: i32 = 1;
/// Deliver the code, and hand out the challenge that it answers.
pub const TWINLOCK_SIGN_IN_SEND: i32 = 2;
/// The subject is on a trusted device: take the proof, and hand out the new trust token.
pub const TWINLOCK_SIGN_IN_TRUSTED: i32 = 3;
/// An authenticator has to be set up first: hand out the enrollment token, and nothing else.
pub const TWINLOCK_SIGN_IN_ENROLL_ONLY: i32 = 4;

/// A proof, by `twinlock_engine_finish_sign_in`.
pub const TWINLOCK_GIVES_SIGN_IN: i32 = 0;
/// An enrollment token, by `twinlock_engine_finish_for_enrollment`.
pub const TWINLOCK_GIVES_ENROLLMENT: i32 = 1;

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

    pub(crate) fn with_text(mut self, field: i32, text: impl Into<Zeroizing<String>>) -> Self {
        self.texts.push((field, text.into()));
        self
    }

    pub(crate) fn with_texts(self, field: i32, texts: impl IntoIterator<Item = String>) -> Self {
        texts.into_iter().fold(self, |fields, text| fields.with_text(field, text))
    }

    pub(crate) fn with_number(mut self, field: i32, number: i64) -> Self {
        self.numbers.push((field, number));
        self
    }

    pub(crate) fn with_time(self, field: i32, time: UnixTime) -> Self {
        self.with_number(field, time.to_i64())
    }
}
