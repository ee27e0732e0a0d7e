//! Sealing 20 bytes, beside the ciphers below it without key ring, header and associated data.

use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use twinlock_bench::{Outcome, Row};
use twinlock_core::{KeyRing, OsRandom, Subject, vault};

use crate::want;

const KEY: [u8; 32] = [7; 32];
const TEXT: &[u8; 20] = b"12345678901234567890";

pub fn run() -> Outcome {
    let ring = KeyRing::generate(&OsRandom)?;
    let subject = Subject::new("42")?;
    let envelope = vault::seal(&ring, &subject, TEXT, &OsRandom)?;
    let xchacha = XChaCha20Poly1305::new(&KEY.into());
    let boxed = xchacha.encrypt(&XNonce::default(), &TEXT[..]).map_err(|_| "no box")?;
    let aes = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &KEY)?);
    let nonce = || Nonce::assume_unique_for_key([0; 12]);
    let mut gcm = TEXT.to_vec();
    aes.seal_in_place_append_tag(nonce(), Aad::empty(), &mut gcm)?;

    let seal = || want(vault::seal(&ring, &subject, black_box(TEXT), &OsRandom)?.len() > 60, "no envelope");
    let seal_xchacha = || {
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce)?;
        let boxed = xchacha.encrypt(&nonce.into(), black_box(&TEXT[..])).map_err(|_| "no box")?;
        want(boxed.len() == 36, "no box")
    };
    let seal_gcm = || {
        let mut bytes = [0; 12];
        getrandom::fill(&mut bytes)?;
        let mut text = black_box(TEXT).to_vec();
        aes.seal_in_place_append_tag(Nonce::assume_unique_for_key(bytes), Aad::empty(), &mut text)?;
        want(text.len() == 36, "no box")
    };
    Row::new("seal 20 bytes", seal)
        .beside("bare XChaCha20-Poly1305", seal_xchacha)
        .beside("bare AES-256-GCM, aws-lc", seal_gcm)
        .run()?;

    let open = || want(vault::open(&ring, &subject, black_box(&envelope))?.len() == 20, "another text");
    let open_xchacha = || {
        let text = xchacha.decrypt(&XNonce::default(), black_box(&boxed[..])).map_err(|_| "no text")?;
        want(text.len() == 20, "another text")
    };
    let open_gcm = || {
        let mut copy = black_box(&gcm).clone();
        want(aes.open_in_place(nonce(), Aad::empty(), &mut copy)?.len() == 20, "another text")
    };
    Row::new("open 20 bytes", open)
        .beside("bare XChaCha20-Poly1305", open_xchacha)
        .beside("bare AES-256-GCM, aws-lc", open_gcm)
        .run()
}
