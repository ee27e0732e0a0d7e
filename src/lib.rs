//! Twinlock: a second-factor engine without I/O.
//!
//! It holds every rule of a TOTP login — codes, replay, locks, backup codes, challenges, tokens — and
//! nothing else: it takes the time, a user's sealed record and what the user typed, and returns a new
//! record and a decision. It reads no clock, opens no file and starts no thread.
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`Engine`] | enrollment, sign-in, management, tokens over a sealed record |
//! | [`SecondFactor`], [`Store`] | the loop that loads, decides, writes conditionally and commits |
//! | [`otp`] | HOTP, TOTP, `otpauth://` URIs and QR codes, for those who want only them |
//! | [`vault`] | key ring, sub-keys and the envelope that seals records and a host's own secrets |
//! | [`ErrorCode`] | the one table of refusals and faults |
//!
//! # A login
//!
//! ```text
//! password right ──► begin_sign_in ──► challenge token ──► the user types a code
//!                                                                  │
//!   tokens ◄── mint ◄── Proof ◄── commit(true) ◄── stored? ◄── finish_sign_in: Pending
//!                                 commit(false) ──► load again, repeat
//! ```
//!
//! # What the host must do
//!
//! 1. Check the first factor itself, and only then call `begin_sign_in`.
//! 2. Store [`Pending::record`] with a conditional write on the version it loaded, in a transaction of
//!    its own, and pass to [`Pending::commit`] whether exactly one row changed.
//! 3. Keep the key ring out of the database, and give the right time.
//!
//! ```
//! use twinlock::otp::totp::{self, TotpParams};
//! use twinlock::{
//!     Answer, Engine, FirstFactor, JwtConfig, KeyRing, MemoryStore, MinimumLength, NewDevice, OsRandom, Policy,
//!     Secret, SecondFactor, SignIn, Subject, TokenKind, UnixTime,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy { issuer: "Acme".into(), ..Policy::default() };
//! let engine = Engine::new(policy, KeyRing::generate(&OsRandom)?, JwtConfig::default())?;
//! let auth = SecondFactor::new(engine, MemoryStore::default());
//! let alice = Subject::new("42")?;
//! let now = UnixTime::new(1_800_000_000)?;
//!
//! let device = NewDevice { account: "alice@example.com", ..NewDevice::default() };
//! let setup = auth.begin_enrollment(&alice, &device, now)?; // show setup.uri as a QR code
//! let phone = Secret::from_base32(&setup.secret, MinimumLength::Rfc4226)?; // what the app scans
//! let code = totp::generate(&phone, &TotpParams::default(), now).to_text();
//! let enrolled = auth.confirm_enrollment(&alice, &code, now)?; // show enrolled.backup_codes once
//! assert_eq!(enrolled.backup_codes.len(), 10);
//!
//! let later = now.plus(60);
//! let SignIn::Challenge(challenge) = auth.begin_sign_in(&alice, &FirstFactor::password(later), later)? else {
//!     unreachable!("alice has a second factor")
//! };
//! let code = totp::generate(&phone, &TotpParams::default(), later).to_text();
//! let proof = auth.finish_sign_in(challenge.token.as_str().into(), Answer::Otp(&code), later)?;
//! let tokens = auth.engine().mint(proof, &Default::default(), later)?;
//! let claims = auth.engine().verify(&tokens.access, TokenKind::Access, later)?;
//! assert_eq!(claims.get("sub").and_then(|sub| sub.as_str()), Some("42"));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::arithmetic_side_effects))]

mod choice;
mod encoding;
mod engine;
mod error;
mod host;
pub mod otp;
mod random;
mod record;
mod secret;
mod subject;
mod time;
mod token;
pub mod vault;

pub use engine::Engine;
pub use engine::devices::Removed;
pub use engine::first_factor::FirstFactor;
pub use engine::import::ImportedDevice;
pub use engine::pending::{CommitError, Pending};
pub use engine::policy::{Fallback, OptOut, Policy, PolicyChoice, PolicyOption, SentAlphabet, SentCodes};
pub use engine::proof::{Answer, Method, Proof};
pub use engine::results::{
    Challenge, Enrolled, EnrollmentToken, NewDevice, Outcome, PresentedChallenge, Provisioning, SentCode,
    SignIn, StepUp, TrustToken,
};
pub use engine::sessions::{PendingRotation, SignedIn};
pub use engine::status::{DeviceStatus, Status, TrustedDevice};
pub use error::{Error, ErrorCode, Fault, Refusal};
pub use host::{HostError, MemoryStore, SecondFactor, Store};
pub use random::{OsRandom, Random};
pub use record::device::DeviceParams;
pub use record::foreign::{Folding, ForeignCodes, HmacKey};
pub use record::{Preference, SealedRecord};
pub use secret::{MinimumLength, Secret};
pub use subject::Subject;
pub use time::UnixTime;
pub use token::access::{Claims, JwtAlgorithm, JwtConfig, JwtKey, TokenKind, Tokens};
pub use token::family::RefreshFamily;
pub use vault::{Cipher, KeyId, KeyProvider, KeyRing, KeyUsage, ProviderError};
pub use zeroize::Zeroizing;
