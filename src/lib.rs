//! Twinlock: a second-factor engine.
#![forbid(unsafe_code)]

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
pub use engine::first_factor::FirstFactor;
pub use engine::pending::{CommitError, Pending};
pub use engine::policy::{Policy, PolicyOption};
pub use engine::proof::{
    Answer, Challenge, DeviceStatus, Enrolled, Method, NewDevice, PresentedChallenge, Proof, Provisioning,
    SignIn, Status,
};
pub use error::{Error, ErrorCode, Fault, Refusal};
pub use host::{HostError, MemoryStore, SecondFactor, Store};
pub use random::{OsRandom, Random};
pub use record::SealedRecord;
pub use secret::{MinimumLength, Secret};
pub use subject::Subject;
pub use time::UnixTime;
pub use token::access::{Claims, JwtAlgorithm, JwtConfig, JwtKey, TokenKind, Tokens};
