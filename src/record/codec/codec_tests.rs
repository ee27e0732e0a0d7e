use minicbor::data::Type;
use proptest::prelude::*;

use super::*;
use crate::random::{OsRandom, Random};
use crate::record::backup::BackupSet;
use crate::record::device::{Device, PendingDevice};
use crate::time::UnixTime;
use crate::vault::KeyRing;

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

/// A record in which every part holds something.
fn full() -> Record {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let now = at(1_800_000_000);
    let mut device = Device::generate(Some("日本 phone"), Default::default(), now, &OsRandom).unwrap();
    for step in [5, 9, 1_000] {
        device.spent.spend(step, step);
    }
    device.spent.floor = Some(3);
    let pending = Device::generate(None, Default::default(), now, &OsRandom).unwrap();
    let mut record = Record { epoch: 7, devices: vec![device], ..Record::default() };
    record.pending = Some(PendingDevice::new(pending, now.plus(900)));
    record.backup = Some(BackupSet::generate(10, &ring, now, &OsRandom).unwrap().0);
    record.guard.fail(now);
    record.guard.fail(now.plus(3));
    record.challenges.fail([7; 16], now);
    record.challenges.spend([8; 16], now);
    record.challenges.floor = Some(at(3));
    record
}

#[test]
fn what_is_written_is_read_back() {
    let bytes = encode(&full()).unwrap();
    let record = decode(&bytes).unwrap();
    assert_eq!(*encode(&record).unwrap(), *bytes);
    assert_eq!(record.epoch, 7);
    assert_eq!(record.devices[0].name, "日本 phone");
    assert_eq!(record.devices[0].spent.recent, [5, 9, 1_000]);
    assert_eq!(record.devices[0].spent.floor, Some(3));
    assert_eq!(record.pending.unwrap().expires_at, at(1_800_000_900));
    assert_eq!(record.backup.unwrap().hashes.len(), 10);
    assert_eq!(record.guard.failures, [at(1_800_000_000), at(1_800_000_003)]);
    assert!(record.challenges.tried[1].spent && !record.challenges.tried[0].spent);
    assert_eq!(record.challenges.floor, Some(at(3)));
}

/// Adds an entry `99: "future"` to every map of a record and a device of kind 9, as a later version might.
fn from_the_future(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let mut out = Vec::new();
    copy(&mut decoder, &mut out);
    out
}

fn copy(decoder: &mut minicbor::Decoder<'_>, out: &mut Vec<u8>) {
    match decoder.datatype().unwrap() {
        Type::Map => {
            let count = decoder.map().unwrap().unwrap();
            minicbor::Encoder::new(&mut *out).map(count + 1).unwrap();
            for _ in 0..count * 2 {
                copy(decoder, out);
            }
            minicbor::Encoder::new(&mut *out).u64(99).unwrap().str("future").unwrap();
        }
        Type::Array => {
            let count = decoder.array().unwrap().unwrap();
            minicbor::Encoder::new(&mut *out).array(count).unwrap();
            for _ in 0..count {
                copy(decoder, out);
            }
        }
        _ => {
            let start = decoder.position();
            decoder.skip().unwrap();
            out.extend_from_slice(&decoder.input()[start..decoder.position()]);
        }
    }
}

#[test]
fn a_record_of_a_newer_minor_version_comes_back_with_nothing_lost() {
    let future = from_the_future(&encode(&full()).unwrap());
    let record = decode(&future).unwrap();
    let again = encode(&record).unwrap();
    let count = |bytes: &[u8]| bytes.windows(6).filter(|window| window == b"future").count();
    assert_eq!(count(&future), 7, "record, two devices, pending, backup set, guard, challenges");
    assert_eq!(count(&again), 7);
    assert_eq!(again.len(), future.len());
}

#[test]
fn a_device_of_an_unknown_kind_is_kept_and_counts() {
    let mut record = Record::default();
    let foreign = [0xa2, 0x00, 0x09, 0x01, 0x43, 1, 2, 3];
    record.foreign_devices.push(foreign.to_vec().into());
    let again = decode(&encode(&record).unwrap()).unwrap();
    assert!(again.is_enrolled());
    assert_eq!(*again.foreign_devices[0], foreign);
}

#[test]
fn another_version_and_damaged_maps_are_faults() {
    let whole = encode(&full()).unwrap();
    for length in 0..whole.len() {
        assert!(decode(&whole[..length]).is_err(), "cut at {length}");
    }
    let mut longer = whole.to_vec();
    longer.push(0);
    assert!(decode(&longer).is_err());
    let version_two = [0xa1, 0x00, 0x02];
    assert!(decode(&version_two).is_err());
    let a_key_twice = [0xa2, 0x00, 0x01, 0x00, 0x01];
    assert!(decode(&a_key_twice).is_err());
}

#[test]
fn the_buffer_never_grows_so_no_copy_of_a_secret_is_left_behind() {
    let bytes = encode(&full()).unwrap();
    assert!(bytes.len() < CAPACITY / 2);
    assert_eq!(bytes.capacity(), CAPACITY);
}

proptest! {
    #[test]
    fn no_bytes_panic_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn no_damage_panics_the_reader(position in 0_usize..1_200, value in any::<u8>()) {
        static WHOLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| encode(&full()).unwrap().to_vec());
        let mut bytes = WHOLE.clone();
        let length = bytes.len();
        bytes[position % length] = value;
        let _ = decode(&bytes);
    }
}

#[test]
fn randomness_that_fails_makes_no_device() {
    struct Broken;
    impl Random for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), Fault> {
            Err(Fault::new(ErrorCode::RandomUnavailable))
        }
    }
    let made = Device::generate(None, Default::default(), at(0), &Broken);
    assert_eq!(made.err().unwrap().code, ErrorCode::RandomUnavailable);
}
