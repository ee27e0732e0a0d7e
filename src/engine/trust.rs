//! Step-up and trusted devices: what a second factor is good for after sign-in.

use zeroize::Zeroizing;

use super::Engine;
use super::answer::{Accepted, Accepts, Action};
use super::first_factor::FirstFactor;
use super::pending::Pending;
use super::proof::{Answer, Grant, Proof};
use super::results::{StepUp, TrustToken};
use crate::error::{ErrorCode, Fault, Refusal};
use crate::record::Record;
use crate::record::device::check_device_name;
use crate::record::trusted::{self, Trusted};
use crate::subject::Subject;
use crate::time::UnixTime;
use crate::token::trust::TrustClaims;

impl Engine {
    /// Asks a signed-in user for the second factor once more. The proof mints a fresh access token
    /// ([`Engine::mint_access`]) for this purpose, and no refresh token.
    ///
    /// Refusals: as [`Engine::disable`]; `method_not_allowed` for [`Answer::StepUp`]; `second_factor_required`
    /// when the session is another subject's or over.
    ///
    /// # Errors
    /// `argument_invalid` for the purpose; the faults of opening a record.
    pub fn step_up(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        answer: Answer<'_>,
        step_up: StepUp<'_>,
        now: UnixTime,
    ) -> Result<Pending<Proof>, Fault> {
        if !is_purpose(step_up.purpose) {
            return Err(Fault::about(ErrorCode::ArgumentInvalid, "purpose"));
        }
        if let Answer::StepUp(_) = answer {
            return Ok(Pending::nothing_to_store(Err(Refusal::new(ErrorCode::MethodNotAllowed))));
        }
        if let Some(session) = step_up.session {
            let opened = self.open(subject, record, now)?;
            if let Err(refusal) = self.session_is_current(subject, &opened, session, now) {
                return self.refuse(subject, &opened, refusal);
            }
        }
        let action = Action { purpose: "step_up", accepts: Accepts::BackupCodes };
        let grant = Grant { purpose: step_up.purpose.to_owned(), session: step_up.session.cloned() };
        self.after_answer(
            (subject, record),
            action,
            answer,
            now,
            |_| Ok(()),
            |record, accepted| Ok(step_up_proof(subject, record, accepted, grant, now)),
        )
    }

    /// Trusts the device on which a second factor has just been shown: with its token, sign-in on it needs no
    /// second factor until the trust ends, the epoch moves or it is revoked. Where there are as many as the
    /// policy allows, the one not used for longest makes room.
    ///
    /// Refusals: `method_not_allowed` where the policy has no trusted devices; `second_factor_required` when the
    /// proof is another subject's, of an older epoch, or without a second factor.
    ///
    /// # Errors
    /// `name_invalid`; the faults of opening a record; `random_unavailable`.
    pub fn trust_device(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        proof: &Proof,
        name: &str,
        now: UnixTime,
    ) -> Result<Pending<TrustToken>, Fault> {
        check_device_name(name)?;
        let mut opened = self.open(subject, record, now)?;
        let allowed = usize::try_from(self.policy.trusted_devices).unwrap_or(usize::MAX);
        let shown = proof.subject == *subject && proof.epoch == opened.record.epoch && proof.method.is_some();
        let refusal = match (allowed, shown) {
            (0, _) => Some(ErrorCode::MethodNotAllowed),
            (_, false) => Some(ErrorCode::SecondFactorRequired),
            _ => None,
        };
        if let Some(code) = refusal {
            return self.refuse(subject, &opened, Refusal::new(code));
        }
        let device = Trusted::new(name, self.policy.trust_life.into(), now, self.random.as_ref())?;
        let token = self.trust_token(subject, &opened.record, &device, now)?;
        trusted::add(&mut opened.record.trusted, device, allowed);
        self.store_if_it_fits(subject, &opened.record, token)
    }

    /// Whether a token is that of a trusted device of the subject. Sign-in asks this itself
    /// ([`FirstFactor::on_trusted_device`]).
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn is_trusted(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        token: &str,
        now: UnixTime,
    ) -> Result<bool, Fault> {
        let opened = self.open(subject, record, now)?;
        Ok(self.find_trust(subject, &opened.record, token, now).is_some())
    }

    /// Ends the trust in one device, or in all (`None`).
    ///
    /// Refusals: `device_unknown`.
    ///
    /// # Errors
    /// The faults of opening a record.
    pub fn revoke_trusted_devices(
        &self,
        subject: &Subject,
        record: Option<&[u8]>,
        id: Option<&str>,
        now: UnixTime,
    ) -> Result<Pending<()>, Fault> {
        let mut opened = self.open(subject, record, now)?;
        let before = opened.record.trusted.len();
        opened.record.trusted.retain(|trusted| id.is_some_and(|id| trusted.id_text() != id));
        if id.is_some() && opened.record.trusted.len() == before {
            return self.refuse(subject, &opened, Refusal::new(ErrorCode::DeviceUnknown));
        }
        self.store(subject, &opened.record, Ok(()))
    }

    /// The devices that are trusted at present.
    pub(super) fn living_trust<'r>(
        &self,
        record: &'r Record,
        now: UnixTime,
    ) -> impl Iterator<Item = &'r Trusted> {
        let living = self.policy.trusted_devices > 0;
        record.trusted.iter().filter(move |trusted| living && trusted.is_alive(&self.policy, now))
    }

    /// Takes a trusted device's token in place of a second factor and gives the next one.
    pub(super) fn use_trust(
        &self,
        subject: &Subject,
        record: &mut Record,
        token: &str,
        now: UnixTime,
    ) -> Result<Option<TrustToken>, Fault> {
        let Some(index) = self.find_trust(subject, record, token, now) else { return Ok(None) };
        let ticket = self.random_bytes()?;
        let Some(device) = record.trusted.get_mut(index) else { return Ok(None) };
        (device.ticket, device.last_used_at) = (ticket, now);
        let Some(device) = record.trusted.get(index) else { return Ok(None) };
        self.trust_token(subject, record, device, now).map(Some)
    }

    fn find_trust(&self, subject: &Subject, record: &Record, token: &str, now: UnixTime) -> Option<usize> {
        let claims = TrustClaims::verify(token, &self.ring, &self.policy.issuer, now)?;
        if claims.subject != *subject || claims.epoch != record.epoch || self.policy.trusted_devices == 0 {
            return None;
        }
        record
            .trusted
            .iter()
            .position(|device| device.ticket == claims.id && device.is_alive(&self.policy, now))
    }

    fn trust_token(
        &self,
        subject: &Subject,
        record: &Record,
        device: &Trusted,
        now: UnixTime,
    ) -> Result<TrustToken, Fault> {
        let claims = TrustClaims {
            subject: subject.clone(),
            issued_at: now,
            expires_at: device.expires_at,
            id: device.ticket,
            epoch: record.epoch,
        };
        let token = Zeroizing::new(claims.sign(&self.ring, &self.policy.issuer)?);
        Ok(TrustToken { id: device.id_text(), token, expires_at: device.expires_at })
    }
}

fn step_up_proof(
    subject: &Subject,
    record: &Record,
    accepted: Accepted,
    grant: Grant,
    now: UnixTime,
) -> Proof {
    Proof {
        subject: subject.clone(),
        epoch: record.epoch,
        first_factor: FirstFactor::none(now),
        method: Some(accepted.method),
        device: accepted.device,
        grant: Some(grant),
    }
}

fn is_purpose(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.:".contains(&b);
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
