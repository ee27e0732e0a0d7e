//! Tokens, seen from outside: forged ones against the engine, and the engine's own.
// Clippy lets `#[test]` functions unwrap, but not the helpers beside them.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod claims;
mod config;
mod families;
mod family_state;
mod forge;
mod form;
mod header;
mod key_files;
mod kinds;
mod mint;
mod rotation;
mod sliding;
#[path = "../support/mod.rs"]
mod support;
