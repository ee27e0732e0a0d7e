//! Signed tokens: challenges, access and refresh JWTs. Each kind has its own `typ` and its own key or claim set.

pub mod access;
pub(crate) mod challenge;
mod claims;
mod config;
mod json;
pub(crate) mod jws;
mod keys;
