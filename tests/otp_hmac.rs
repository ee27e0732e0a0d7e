//! Codes against the HMAC of another crate, for every hash, length of secret and counter.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use hmac::{EagerHash, Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use twinlock::otp::hotp::{self, HotpParams};
use twinlock::otp::{Algorithm, Digits};
use twinlock::{MinimumLength, Secret};

/// Eight digits as RFC 4226 §5.3 makes them.
fn expected<H: EagerHash>(secret: &[u8], counter: u64) -> String {
    let mut mac = Hmac::<H>::new_from_slice(secret).unwrap();
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let start = usize::from(hash.last().unwrap() % 16);
    let bytes = hash[start..start + 4].try_into().unwrap();
    format!("{:08}", u32::from_be_bytes(bytes) % (1 << 31) % 100_000_000)
}

proptest! {
    #[test]
    fn otp_01_codes_are_those_of_another_hmac(
        secret in prop::collection::vec(any::<u8>(), 10..=128),
        counter in any::<u64>(),
    ) {
        for (algorithm, code) in [
            (Algorithm::Sha1, expected::<Sha1>(&secret, counter)),
            (Algorithm::Sha256, expected::<Sha256>(&secret, counter)),
            (Algorithm::Sha512, expected::<Sha512>(&secret, counter)),
        ] {
            let params = HotpParams { algorithm, digits: Digits::Eight };
            let secret = Secret::from_bytes(secret.clone(), MinimumLength::Legacy).unwrap();
            prop_assert_eq!(hotp::generate(&secret, &params, counter).to_text(), code);
        }
    }

    #[test]
    fn otp_13_every_counter_of_a_window_is_tried(counter in 0..u64::MAX - 30, ahead in 0_u8..30, window in 0_u8..30) {
        let secret = Secret::from_bytes(vec![7; 20], MinimumLength::Legacy).unwrap();
        let params = HotpParams { algorithm: Algorithm::Sha512, digits: Digits::Eight };
        let code = hotp::generate(&secret, &params, counter.saturating_add(ahead.into()));
        let found = hotp::verify(&secret, &params, &code, counter, window).unwrap();
        prop_assert_eq!(found, (ahead <= window).then_some(counter + u64::from(ahead)));
    }
}
