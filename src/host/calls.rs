//! The calls of [`SecondFactor`]: each is the engine's call of the same name, run over the store.

use zeroize::Zeroizing;

use super::{HostError, SecondFactor, Store};
use crate::engine::devices::Removed;
use crate::engine::first_factor::FirstFactor;
use crate::engine::import::ImportedDevice;
use crate::engine::proof::{Answer, Proof};
use crate::engine::results::{
    Enrolled, EnrollmentToken, NewDevice, PresentedChallenge, Provisioning, SentCode, SignIn, StepUp,
    TrustToken,
};
use crate::error::{ErrorCode, Refusal};
use crate::record::Preference;
use crate::record::foreign::ForeignCodes;
use crate::subject::Subject;
use crate::time::UnixTime;

macro_rules! calls_by_subject {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $value:ty;)*) => {
        impl<S: Store> SecondFactor<S> {
            $(
                #[doc = concat!("See [`Engine::", stringify!($name), "`](crate::Engine::", stringify!($name), ").")]
                ///
                /// # Errors
                /// Its refusals and faults, `contended`, and the store's errors.
                pub fn $name(
                    &self,
                    subject: &Subject,
                    $($argument: $kind,)*
                    now: UnixTime,
                ) -> Result<$value, HostError<S::Error>> {
                    self.run(subject, |record| self.engine.$name(subject, record, $($argument,)* now))
                }
            )*
        }
    };
}

macro_rules! calls_by_challenge {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $value:ty;)*) => {
        impl<S: Store> SecondFactor<S> {
            $(
                #[doc = concat!("See [`Engine::", stringify!($name), "`](crate::Engine::", stringify!($name), ").")]
                ///
                /// # Errors
                /// Its refusals and faults, `contended`, and the store's errors.
                pub fn $name(
                    &self,
                    challenge: PresentedChallenge<'_>,
                    $($argument: $kind,)*
                    now: UnixTime,
                ) -> Result<$value, HostError<S::Error>> {
                    let subject = self.engine.challenge_subject(challenge.token, now)?;
                    self.run(&subject, |record| self.engine.$name(record, challenge, $($argument,)* now))
                }
            )*
        }
    };
}

calls_by_subject! {
    begin_enrollment(device: &NewDevice<'_>) -> Provisioning;
    confirm_enrollment(code: &str) -> Enrolled;
    add_device(answer: Answer<'_>, device: &NewDevice<'_>) -> Provisioning;
    rename_device(id: &str, name: &str) -> ();
    remove_device(id: &str, answer: Answer<'_>) -> Removed;
    resync_device(id: &str, codes: [&str; 2]) -> ();
    import_device(device: &ImportedDevice<'_>) -> String;
    import_backup_codes(codes: &ForeignCodes) -> ();
    begin_sign_in(first_factor: &FirstFactor) -> SignIn;
    set_method(answer: Option<Answer<'_>>, preference: Preference) -> ();
    step_up(answer: Answer<'_>, step_up: StepUp<'_>) -> Proof;
    trust_device(proof: &Proof, name: &str) -> TrustToken;
    revoke_trusted_devices(id: Option<&str>) -> ();
    disable(answer: Answer<'_>) -> ();
    regenerate_backup_codes(answer: Answer<'_>) -> Vec<Zeroizing<String>>;
    admin_regenerate_backup_codes() -> Vec<Zeroizing<String>>;
    unlock() -> ();
    admin_reset() -> ();
    bump_epoch() -> ();
}

calls_by_challenge! {
    finish_sign_in(answer: Answer<'_>) -> Proof;
    finish_for_enrollment(answer: Answer<'_>) -> EnrollmentToken;
    send_code() -> SentCode;
}

impl<S: Store> SecondFactor<S> {
    /// See [`Engine::check_enrollment`](crate::Engine::check_enrollment).
    ///
    /// # Errors
    /// Its refusals and faults, and the store's errors.
    pub fn check_enrollment(&self, token: &str, now: UnixTime) -> Result<Subject, HostError<S::Error>> {
        let subject = self.engine.enrollment_subject(token, now)?;
        Ok(self.engine.check_enrollment(token, self.load(&subject)?.as_deref(), now)?)
    }

    /// See [`Engine::is_trusted`](crate::Engine::is_trusted).
    ///
    /// # Errors
    /// Its faults and the store's errors.
    pub fn is_trusted(
        &self,
        subject: &Subject,
        token: &str,
        now: UnixTime,
    ) -> Result<bool, HostError<S::Error>> {
        Ok(self.engine.is_trusted(subject, self.load(subject)?.as_deref(), token, now)?)
    }

    /// See [`Engine::reseal`](crate::Engine::reseal). Says whether the record was sealed anew; a record that
    /// is not there or needs no other key is left alone.
    ///
    /// # Errors
    /// Its faults; `contended`; the store's errors.
    pub fn reseal(&self, subject: &Subject) -> Result<bool, HostError<S::Error>> {
        for _ in 1..=super::ATTEMPTS {
            let row = self.store.load(subject).map_err(HostError::Store)?;
            let Some((record, version)) = row else { return Ok(false) };
            let Some(anew) = self.engine.reseal(subject, &record)? else { return Ok(false) };
            if self.store.save(subject, anew.as_bytes(), version).map_err(HostError::Store)? {
                return Ok(true);
            }
        }
        Err(HostError::Refused(Refusal::after(ErrorCode::Contended, 1)))
    }
}
