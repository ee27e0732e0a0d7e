//! Signed tokens: challenges, enrollment and trust tokens, access and refresh JWTs. Each kind has its own `typ` and its own key or claim set.

pub mod access;
mod algorithm;
mod asymmetric;
pub(crate) mod challenge;
mod claims;
mod config;
pub(crate) mod enroll;
pub mod family;
mod json;
mod jwk;
pub(crate) mod jws;
mod keys;
mod mac;
mod minted;
mod own;
mod payload;
mod pem;
pub(crate) mod trust;

#[cfg(test)]
#[path = "matrix_tests.rs"]
mod tests;
