//! The options of a configuration, by number.

/// Text, required: the service's name as authenticator apps show it.
pub const TWINLOCK_OPT_ISSUER: i32 = 1;
/// Text, required, secret: the key ring. Keys are separated by commas or white space; the first seals
/// and signs, the others only open and verify. `twinlock_keyring_generate` makes one.
pub const TWINLOCK_OPT_KEYS: i32 = 2;
/// Text: the hash of new devices, `SHA1` (the default), `SHA256` or `SHA512`.
pub const TWINLOCK_OPT_ALGORITHM: i32 = 3;
/// Text: what a subject without a second factor gets, `sign_in` (the default), `sent_code` or `enroll`.
pub const TWINLOCK_OPT_FALLBACK: i32 = 4;
/// Text: what a sent code is good for, `off` (the default), `enroll` or `sign_in`.
pub const TWINLOCK_OPT_SENT_CODES: i32 = 5;
/// Text: what sent codes are made of, `digits` (the default) or `letters`.
pub const TWINLOCK_OPT_SENT_ALPHABET: i32 = 6;
/// Text: whether a subject without a device may choose to have no second factor, `refused` (the default) or
/// `allowed`.
pub const TWINLOCK_OPT_OPT_OUT: i32 = 7;
/// Text: how records are sealed and which are opened, `xchacha20-poly1305` (the default), `aes-256-gcm` or
/// `aes-256-gcm-migrating`.
pub const TWINLOCK_OPT_CIPHER: i32 = 8;
/// Text or bytes, secret: adds an HMAC key for JWTs. The first JWT key signs, all verify; without any, keys
/// of the ring do it.
pub const TWINLOCK_OPT_JWT_KEY: i32 = 10;
/// Text: the algorithm of the JWT keys that are added after it: `HS256` (the default), `HS384`, `HS512`; for
/// PEM `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `EdDSA`.
pub const TWINLOCK_OPT_JWT_ALGORITHM: i32 = 11;
/// Text: the claim `iss`, minted and then required.
pub const TWINLOCK_OPT_JWT_ISSUER: i32 = 12;
/// Text: the claim `aud`, minted and then required.
pub const TWINLOCK_OPT_JWT_AUDIENCE: i32 = 13;
/// Text: the name of the claim with the subject beside `sub`. Default `user_id`.
pub const TWINLOCK_OPT_JWT_USER_ID_CLAIM: i32 = 14;
/// Text, secret where the key is private: adds a JWT key in PEM. A public key only verifies.
pub const TWINLOCK_OPT_JWT_KEY_PEM: i32 = 15;
/// Text, secret where the key is private: adds a JWT key as a JWK (RFC 7517), which names its algorithm
/// itself.
pub const TWINLOCK_OPT_JWT_KEY_JWK: i32 = 16;

/// Number: digits of the codes of new devices.
/// From 6 to 8, default 6.
pub const TWINLOCK_OPT_DIGITS: i32 = 100;
/// Number: seconds per step of new devices.
/// From 15 to 120, default 30.
pub const TWINLOCK_OPT_PERIOD: i32 = 101;
/// Number: steps before and after the current one in which a code is accepted.
/// From 0 to 2, default 1.
pub const TWINLOCK_OPT_WINDOW: i32 = 102;
/// Number: seconds that a challenge lives between the first and the second factor.
/// From 10 to 300, default 120.
pub const TWINLOCK_OPT_CHALLENGE_LIFE: i32 = 103;
/// Number: wrong answers after which a challenge is dead.
/// From 1 to 5, default 5.
pub const TWINLOCK_OPT_CHALLENGE_TRIES: i32 = 104;
/// Number: seconds in which a pending enrollment must be confirmed.
/// From 60 to 3600, default 900.
pub const TWINLOCK_OPT_ENROLLMENT_LIFE: i32 = 105;
/// Number: wrong codes after which a pending enrollment is discarded.
/// From 1 to 20, default 10.
pub const TWINLOCK_OPT_ENROLLMENT_TRIES: i32 = 106;
/// Number: backup codes in a set; 0 means none are made.
/// From 0 to 20, default 10.
pub const TWINLOCK_OPT_BACKUP_CODES: i32 = 107;
/// Number: wrong answers in a row that lead to the first lock.
/// From 1 to 20, default 5.
pub const TWINLOCK_OPT_FAILURES_BEFORE_LOCK: i32 = 108;
/// Number: seconds of the first lock; each further failure doubles it.
/// From 1 to 3600, default 30.
pub const TWINLOCK_OPT_LOCK_SECONDS: i32 = 109;
/// Number: seconds of the longest lock that doubling leads to.
/// From 1 to 86400, default 3600.
pub const TWINLOCK_OPT_LOCK_SECONDS_MAX: i32 = 110;
/// Number: wrong answers in 24 hours that lock the factor, whatever succeeded in between.
/// From 1 to 100, default 10.
pub const TWINLOCK_OPT_FAILURES_PER_DAY: i32 = 111;
/// Number: wrong answers in 30 days that lock the factor, whatever succeeded in between.
/// From 1 to 100, default 50.
pub const TWINLOCK_OPT_FAILURES_PER_MONTH: i32 = 112;
/// Number: wrong answers in a row that block the factor until it is unlocked (NIST SP 800-63B: at most 100).
/// From 1 to 100, default 100.
pub const TWINLOCK_OPT_FAILURES_BEFORE_DISABLE: i32 = 113;
/// Number: devices that a subject may have.
/// From 1 to 10, default 5.
pub const TWINLOCK_OPT_DEVICES: i32 = 114;
/// Number: counter values after the expected one in which a code of a counter device is accepted.
/// From 0 to 100, default 10.
pub const TWINLOCK_OPT_LOOK_AHEAD: i32 = 115;
/// Number: counter values that a resynchronisation of a counter device searches.
/// From 10 to 1000, default 100.
pub const TWINLOCK_OPT_RESYNC_WINDOW: i32 = 116;
/// Number: characters of a sent code.
/// From 6 to 12, default 7.
pub const TWINLOCK_OPT_SENT_LENGTH: i32 = 117;
/// Number: seconds that a sent code and its challenge live.
/// From 60 to 300, default 300.
pub const TWINLOCK_OPT_SENT_LIFE: i32 = 118;
/// Number: codes sent for one challenge, the first among them.
/// From 1 to 5, default 3.
pub const TWINLOCK_OPT_SENDS_PER_CHALLENGE: i32 = 119;
/// Number: seconds that an enrollment token lives.
/// From 60 to 900, default 900.
pub const TWINLOCK_OPT_ENROLLMENT_TOKEN_LIFE: i32 = 120;
/// Number: trusted devices that a subject may have; 0 means there are none.
/// From 0 to 10, default 0.
pub const TWINLOCK_OPT_TRUSTED_DEVICES: i32 = 121;
/// Number: seconds that a trusted device is trusted.
/// From 3600 to 2592000, default 2592000.
pub const TWINLOCK_OPT_TRUST_LIFE: i32 = 122;
/// Number: seconds for which an answered second factor is fresh enough for a sensitive action.
/// From 30 to 3600, default 600.
pub const TWINLOCK_OPT_STEP_UP_AGE: i32 = 123;
/// Number: seconds that an access token lives.
/// From 30 to 900, default 300.
pub const TWINLOCK_OPT_JWT_ACCESS_LIFE: i32 = 200;
/// Number: seconds that a refresh token lives.
/// From 60 to 2592000 (30 days), default 86400.
pub const TWINLOCK_OPT_JWT_REFRESH_LIFE: i32 = 201;
/// Number: seconds by which the times of a token may be off.
/// From 0 to 60, default 0.
pub const TWINLOCK_OPT_JWT_LEEWAY: i32 = 202;
/// Number: seconds that a session of rotating refresh tokens lives, however busy it is.
/// From 60 to 2592000 (30 days), default 2592000.
pub const TWINLOCK_OPT_JWT_FAMILY_LIFE: i32 = 203;
/// Number: seconds in which a rotated refresh token still gets the answer that its first use got.
/// From 0 to 60, default 10.
pub const TWINLOCK_OPT_JWT_REUSE_GRACE: i32 = 204;

/// The numeric options of the core's policy, under their names there.
pub(crate) const NUMBERS: &[(i32, &str)] = &[
    (TWINLOCK_OPT_DIGITS, "digits"),
    (TWINLOCK_OPT_PERIOD, "period"),
    (TWINLOCK_OPT_WINDOW, "window"),
    (TWINLOCK_OPT_CHALLENGE_LIFE, "challenge_life"),
    (TWINLOCK_OPT_CHALLENGE_TRIES, "challenge_tries"),
    (TWINLOCK_OPT_ENROLLMENT_LIFE, "enrollment_life"),
    (TWINLOCK_OPT_ENROLLMENT_TRIES, "enrollment_tries"),
    (TWINLOCK_OPT_BACKUP_CODES, "backup_codes"),
    (TWINLOCK_OPT_FAILURES_BEFORE_LOCK, "failures_before_lock"),
    (TWINLOCK_OPT_LOCK_SECONDS, "lock_seconds"),
    (TWINLOCK_OPT_LOCK_SECONDS_MAX, "lock_seconds_max"),
    (TWINLOCK_OPT_FAILURES_PER_DAY, "failures_per_day"),
    (TWINLOCK_OPT_FAILURES_PER_MONTH, "failures_per_month"),
    (TWINLOCK_OPT_FAILURES_BEFORE_DISABLE, "failures_before_disable"),
    (TWINLOCK_OPT_DEVICES, "devices"),
    (TWINLOCK_OPT_LOOK_AHEAD, "look_ahead"),
    (TWINLOCK_OPT_RESYNC_WINDOW, "resync_window"),
    (TWINLOCK_OPT_SENT_LENGTH, "sent_length"),
    (TWINLOCK_OPT_SENT_LIFE, "sent_life"),
    (TWINLOCK_OPT_SENDS_PER_CHALLENGE, "sends_per_challenge"),
    (TWINLOCK_OPT_ENROLLMENT_TOKEN_LIFE, "enrollment_token_life"),
    (TWINLOCK_OPT_TRUSTED_DEVICES, "trusted_devices"),
    (TWINLOCK_OPT_TRUST_LIFE, "trust_life"),
    (TWINLOCK_OPT_STEP_UP_AGE, "step_up_age"),
];

/// Its options that are a word.
pub(crate) const CHOICES: &[(i32, &str)] = &[
    (TWINLOCK_OPT_ALGORITHM, "algorithm"),
    (TWINLOCK_OPT_FALLBACK, "fallback"),
    (TWINLOCK_OPT_SENT_CODES, "sent_codes"),
    (TWINLOCK_OPT_SENT_ALPHABET, "sent_alphabet"),
    (TWINLOCK_OPT_OPT_OUT, "opt_out"),
    (TWINLOCK_OPT_CIPHER, "cipher"),
];

#[cfg(test)]
mod tests {
    use twinlock_core::Policy;

    use super::*;

    #[test]
    fn every_option_of_the_policy_has_a_constant() {
        let names = |all: &[(i32, &'static str)]| all.iter().map(|(_, name)| *name).collect::<Vec<_>>();
        let numbers: Vec<&str> = Policy::OPTIONS.iter().map(|row| row.name).collect();
        let words: Vec<&str> = Policy::CHOICES.iter().map(|row| row.name).collect();
        assert_eq!((names(NUMBERS), names(CHOICES)), (numbers, words));
        let all = NUMBERS.iter().chain(CHOICES).map(|(number, _)| *number);
        assert_eq!(all.collect::<std::collections::HashSet<i32>>().len(), NUMBERS.len() + CHOICES.len());
    }
}
