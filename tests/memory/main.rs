//! Secrets in memory that was given back: none is left there by any public call (SEA-11). And what the hot path
//! allocates: nothing.
//!
//! Every flow runs with counted randomness, so that each run has the same secrets. A first run tells which they
//! are; in the next one the allocator looks for each of them in every block that is freed.
//!
//! Not seen here: the stack and registers; the memory of the C library below the ciphers, which wipes what it
//! frees; and QR codes, in whose data the secret has another form. The picture goes to the host as plain text or
//! bytes, and `qrcode` wipes nothing.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod engine;
mod factors;
mod primitives;
#[path = "../support/mod.rs"]
mod support;
mod watch;

use std::fmt::Write as _;
use std::sync::Mutex;

use twinlock::otp::totp::{self, TotpParams, Window};
use twinlock::{Fault, MinimumLength, Random, Secret};
use watch::{Find, Pieces, Watching, allocations_in, finds_in};

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// Random enough that no secret has pieces in common with anything, and the same in each run.
struct Repeatable(Mutex<u64>);

impl Repeatable {
    /// Two of them with different seeds have nothing in common.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed << 32))
    }
}

impl Random for Repeatable {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Fault> {
        let mut state = self.0.lock().unwrap();
        for byte in buffer {
            // SplitMix64; the seed is the upper half of the state.
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB).to_be_bytes()[0];
        }
        Ok(())
    }
}

/// Where a flow says what its secrets are. While the allocator watches, nothing is kept.
enum Notes {
    Taking(Vec<(&'static str, Vec<u8>)>),
    Off,
}

impl Notes {
    pub const fn is_taking(&self) -> bool {
        matches!(self, Self::Taking(_))
    }

    pub fn secret(&mut self, name: &'static str, bytes: impl AsRef<[u8]>) {
        if let Self::Taking(secrets) = self {
            secrets.push((name, bytes.as_ref().to_vec()));
        }
    }
}

type Flow = fn(&mut Notes);

fn secrets_of(flow: Flow) -> Vec<(&'static str, Vec<u8>)> {
    let mut notes = Notes::Taking(Vec::new());
    flow(&mut notes);
    match notes {
        Notes::Taking(secrets) => secrets,
        Notes::Off => Vec::new(),
    }
}

fn finds_of(flow: Flow) -> Vec<Find> {
    let secrets = secrets_of(flow);
    assert!(!secrets.is_empty());
    assert_eq!(secrets, secrets_of(flow), "each run has the same secrets");
    finds_in(Pieces::new(&secrets), || flow(&mut Notes::Off))
}

fn assert_leaves_nothing(flow: Flow) {
    let mut told = String::new();
    for Find { secret, block, trace } in finds_of(flow) {
        writeln!(told, "{secret} in a freed block of {block} bytes:\n{}", shortened(&trace)).unwrap();
    }
    assert!(told.is_empty(), "{told}");
}

/// The frames between the allocator and the test.
fn shortened(trace: &str) -> String {
    let frames = trace.lines().map(str::trim_start).skip_while(|line| !line.contains("dealloc"));
    let frames = frames.filter(|line| !line.starts_with("at ")).take_while(|line| !line.contains("finds_in"));
    frames.map(|line| format!("    {line}\n")).collect()
}

#[test]
fn sea_11_no_call_of_the_engine_leaves_a_secret_in_freed_memory() {
    assert_leaves_nothing(engine::enrollment);
    assert_leaves_nothing(engine::sign_in);
    assert_leaves_nothing(engine::management);
    assert_leaves_nothing(engine::own_jwt_key);
    assert_leaves_nothing(factors::devices);
    assert_leaves_nothing(factors::imports);
    assert_leaves_nothing(factors::sent_codes);
    assert_leaves_nothing(factors::step_up_and_trust);
    assert_leaves_nothing(factors::resealing);
}

#[test]
fn sea_11_no_primitive_leaves_a_secret_in_freed_memory() {
    assert_leaves_nothing(primitives::keys);
    assert_leaves_nothing(primitives::jwt_keys);
    assert_leaves_nothing(primitives::envelopes);
    assert_leaves_nothing(primitives::secrets);
    assert_leaves_nothing(primitives::codes);
}

#[test]
fn sea_11_what_is_left_is_seen() {
    fn whole(notes: &mut Notes) {
        let secret = Secret::generate(&Repeatable::new(1)).unwrap();
        notes.secret("the secret", secret.expose());
        drop(secret.expose().to_vec());
    }
    fn outgrown(notes: &mut Notes) {
        let secret = Secret::generate(&Repeatable::new(1)).unwrap();
        notes.secret("the secret", secret.expose());
        let mut copy = zeroize::Zeroizing::new(Vec::with_capacity(12));
        copy.extend_from_slice(&secret.expose()[..12]);
        copy.extend_from_slice(&secret.expose()[12..]);
    }
    for flow in [whole, outgrown] {
        let finds = finds_of(flow);
        assert_eq!(finds.len(), 1);
        assert_eq!(finds[0].secret, "the secret");
        assert!(finds[0].trace.contains("memory::sea_11_what_is_left_is_seen"), "{}", finds[0].trace);
    }
}

#[test]
fn a_totp_verification_allocates_nothing() {
    let secret = Secret::generate(&Repeatable::new(1)).unwrap();
    let (params, now) = (TotpParams::default(), support::at(support::START));
    let code = totp::generate(&secret, &params, now);
    let window = Window::default();
    let (step, allocations) = allocations_in(|| totp::verify(&secret, &params, &code, window, now));
    assert!(step.is_some());
    assert_eq!(allocations, 0);
    let long = Secret::from_bytes(vec![7; 128], MinimumLength::Rfc4226).unwrap();
    let (_, allocations) = allocations_in(|| totp::verify(&long, &params, &code, window, now));
    assert_eq!(allocations, 0);
    assert!(allocations_in(|| code.to_text()).1 > 0, "the count counts");
}
