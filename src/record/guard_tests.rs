use super::*;

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

#[test]
fn ver_12_failures_from_the_future_count_as_now() {
    let policy = Policy::default();
    let mut guard = Guard::default();
    let ahead = at(1_000_000_000);
    for _ in 0..10 {
        guard.fail(ahead);
    }
    let now = at(1_000);
    assert!(guard.settle(now), "the move has to be stored, or the wait would never end");
    assert_eq!(guard.locked_until(&policy, now), Some(now.plus(DAY)));
    assert!(!guard.settle(now));
}

#[test]
fn settling_forgets_only_what_is_older_than_the_longest_window() {
    let mut guard = Guard::default();
    guard.fail(at(0));
    guard.fail(at(10));
    guard.settle(at(10).plus(MONTH - 1));
    assert_eq!(guard.failures, [at(10)]);
    assert_eq!(guard.in_a_row, 2, "a row has no end but a success");
}

#[test]
fn the_list_of_failures_is_bounded() {
    let mut guard = Guard::default();
    for second in 0..1_000 {
        guard.fail(at(second));
    }
    assert_eq!(guard.failures.len(), MAX_FAILURES);
    assert_eq!(guard.in_a_row, 1_000);
}

#[test]
fn the_doubling_of_locks_ends_at_its_maximum_without_overflow() {
    let policy = Policy { failures_before_disable: 100, ..Policy::default() };
    for in_a_row in [5, 36, 37, 68, 69, 99, 100, u32::MAX] {
        let guard = Guard { in_a_row, ..Guard::default() };
        assert!(guard.row_lock_seconds(&policy) <= 3600);
    }
}
