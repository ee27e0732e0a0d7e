use super::*;

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

#[test]
fn the_epoch_always_moves_forward_and_past_the_time() {
    let mut record = Record::default();
    record.bump_epoch(at(1_000));
    assert_eq!(record.epoch, 1_000);
    record.bump_epoch(at(1_000));
    assert_eq!(record.epoch, 1_001);
    record.bump_epoch(at(10));
    assert_eq!(record.epoch, 1_002);
}

#[test]
fn devices_of_unknown_kinds_count_as_enrolled_and_go_with_a_reset() {
    let mut record = Record::default();
    record.foreign_devices.push(vec![0xa1, 0x00, 0x09].into());
    assert!(record.is_enrolled());
    record.remove_factors(at(1));
    assert!(!record.is_enrolled());
}
