use super::*;
use crate::engine::policy::Policy;
use crate::random::OsRandom;
use crate::token::access::JwtConfig;
use crate::vault::KeyRing;

fn engine() -> Engine {
    let policy = Policy { issuer: "Acme".to_owned(), trusted_devices: 3, ..Policy::default() };
    Engine::new(policy, KeyRing::generate(&OsRandom).unwrap(), JwtConfig::default()).unwrap()
}

/// An older program that does not know trusted devices keeps them as they are when it moves the epoch. The
/// token's own epoch makes them void all the same.
#[test]
fn api_08_a_list_that_outlived_its_epoch_trusts_nobody() {
    let engine = engine();
    let (alice, now) = (Subject::new("alice").unwrap(), UnixTime::new(1_800_000_000).unwrap());
    let device = Trusted::new("Laptop", 3600, now, &OsRandom).unwrap();
    let mut record = Record { epoch: 7, ..Record::default() };
    let token = engine.trust_token(&alice, &record, &device, now).unwrap().token;
    record.trusted.push(device);
    let found = |record: &Record, subject: &Subject, seconds| {
        engine.find_trust(subject, record, &token, now.plus(seconds)).is_some()
    };
    assert!(found(&record, &alice, 3599));
    assert!(!found(&record, &alice, 3600), "over");
    assert!(!found(&record, &Subject::new("bob").unwrap(), 0), "another subject's token");
    record.epoch = 8;
    assert!(!found(&record, &alice, 0), "of an older epoch");
}

/// A time of expiry that no policy of today gives: a clock that was wrong, or a policy that was milder.
#[test]
fn api_08_trust_that_is_longer_than_the_policy_allows_is_over() {
    let engine = engine();
    let (alice, now) = (Subject::new("alice").unwrap(), UnixTime::new(1_800_000_000).unwrap());
    let device = Trusted::new("Laptop", 2_592_000, now.plus(10), &OsRandom).unwrap();
    let mut record = Record::default();
    let token = engine.trust_token(&alice, &record, &device, now.plus(10)).unwrap().token;
    record.trusted.push(device);
    assert!(engine.find_trust(&alice, &record, &token, now).is_none(), "it ends too far ahead");
    assert!(engine.find_trust(&alice, &record, &token, now.plus(10)).is_some());
}
