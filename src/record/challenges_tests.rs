use super::*;

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

fn id(n: u8) -> [u8; 16] {
    [n; 16]
}

#[test]
fn a_spent_challenge_stays_spent_when_it_is_forgotten() {
    let mut challenges = Challenges::default();
    challenges.spend(id(1), at(100));
    challenges.prune(at(100 + 360));
    assert_eq!(challenges.tried.len(), 1);
    challenges.prune(at(100 + 361));
    assert!(challenges.tried.is_empty());
    assert!(challenges.check(&id(1), at(100), 5).is_err());
    assert!(challenges.check(&id(2), at(100), 5).is_err(), "as old as the forgotten one");
    assert!(challenges.check(&id(2), at(101), 5).is_ok());
}

#[test]
fn the_list_is_bounded_and_dropping_refuses_rather_than_revives() {
    let mut challenges = Challenges::default();
    for n in 0..40 {
        challenges.spend(id(n), at(1_000 + i64::from(n)));
        assert!(challenges.tried.len() <= MAX_CHALLENGES);
    }
    for n in 0..40 {
        assert!(challenges.check(&id(n), at(1_000 + i64::from(n)), 5).is_err());
    }
    assert!(challenges.check(&id(99), at(1_050), 5).is_ok());
}

#[test]
fn tries_add_up_and_stay_with_their_challenge() {
    let mut challenges = Challenges::default();
    for _ in 0..4 {
        challenges.fail(id(1), at(5));
        challenges.fail(id(2), at(6));
    }
    assert!(challenges.check(&id(1), at(5), 5).is_ok());
    challenges.fail(id(1), at(5));
    assert!(challenges.check(&id(1), at(5), 5).is_err());
    assert!(challenges.check(&id(2), at(6), 5).is_ok());
}

#[test]
fn a_floor_from_the_future_tells_that_the_clock_went_back() {
    let challenges = Challenges { floor: Some(at(1_000)), ..Challenges::default() };
    assert!(!challenges.are_ahead_of(at(940)));
    assert!(challenges.are_ahead_of(at(939)));
}
