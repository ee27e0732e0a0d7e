use minicbor::data::Type;
use proptest::prelude::*;

use super::*;
use crate::otp::hotp::HotpParams;
use crate::otp::totp::TotpParams;
use crate::random::{OsRandom, Random};
use crate::record::backup::BackupSet;
use crate::record::device::{Device, DeviceParams, Motion, PendingDevice};
use crate::record::foreign::{Folding, ForeignCodes, ForeignSet};
use crate::record::steps::SpentSteps;
use crate::record::trusted::Trusted;
use crate::record::{Preference, sent};
use crate::secret::Secret;
use crate::time::UnixTime;
use crate::vault::KeyRing;

fn at(seconds: i64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

/// A record in which every part holds something.
fn full() -> Record {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let now = at(1_800_000_000);
    let spent = SpentSteps { floor: Some(3), recent: vec![5, 9, 1_000] };
    let motions = [
        Motion::Totp(TotpParams::default(), spent),
        Motion::Hotp(HotpParams::default(), 77),
        Motion::Steam(SpentSteps { floor: None, recent: vec![8] }),
    ];
    let secret = || Secret::generate(&OsRandom).unwrap();
    let devices = motions
        .map(|motion| Device::new(Some("日本 phone"), secret(), motion, now, &OsRandom).unwrap())
        .into();
    let pending = Device::generate(None, DeviceParams::default(), now, &OsRandom).unwrap();
    let mut record = Record { epoch: 7, devices, ..Record::default() };
    record.preference = Some(Preference::Sent);
    record.trusted = vec![Trusted::new("Laptop", 3600, now, &OsRandom).unwrap()];
    sent::send(&mut record.sent, ([9; 16], now.plus(300)), "1234567", ring.first(), 3, now).unwrap().unwrap();
    let codes = ForeignCodes::plain(&["12345678", "87654321"], Folding::Loose).unwrap();
    record.foreign_codes = Some(ForeignSet::new(&codes, &ring, now, &OsRandom).unwrap());
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
    let Motion::Totp(_, spent) = &record.devices[0].motion else { panic!("the first is a time device") };
    assert_eq!((spent.floor, spent.recent.as_slice()), (Some(3), [5, 9, 1_000].as_slice()));
    assert!(matches!(record.devices[1].motion, Motion::Hotp(_, 77)));
    assert!(matches!(&record.devices[2].motion, Motion::Steam(spent) if spent.recent == [8]));
    assert_eq!((record.trusted[0].name.as_str(), record.sent[0].sends), ("Laptop", 1));
    assert_eq!(
        (record.preference, record.foreign_codes.as_ref().unwrap().total()),
        (Some(Preference::Sent), 2)
    );
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
    assert_eq!(
        count(&future),
        12,
        "record, 4 devices, pending, 2 sets of codes, guard, challenges, trusted, sent"
    );
    assert_eq!(count(&again), 12);
    assert_eq!(again.len(), future.len());
}

#[test]
fn a_preference_of_a_later_version_is_none_here_and_is_kept() {
    let mut record = full();
    record.preference = None;
    let mut bytes = encode(&record).unwrap().to_vec();
    assert_eq!(bytes[0], 0xa0 + 10, "a map of ten entries");
    bytes[0] += 1;
    bytes.extend_from_slice(&[9, 7]);
    let read = decode(&bytes).unwrap();
    assert!(read.preference.is_none());
    assert!(encode(&read).unwrap().ends_with(&[9, 7]));
}

/// As large as a record can become: the parts that anyone can fill at their bounds, and as many devices and
/// names of the longest kind as there is room for.
#[test]
fn no_record_outgrows_four_kilobytes() {
    let ring = KeyRing::generate(&OsRandom).unwrap();
    let now = at(253_402_300_000);
    let mut record = Record { epoch: u64::MAX, preference: Some(Preference::Otp), ..Record::default() };
    record.guard.in_a_row = u32::MAX;
    record.guard.failures = (0..100).map(|n| at(253_399_000_000 + n * 26_000)).collect();
    for n in 0..24 {
        record.challenges.fail([n; 16], now);
    }
    record.challenges.floor = Some(now);
    for n in 0..3 {
        let challenge = ([n; 16], now.plus(300));
        sent::send(&mut record.sent, challenge, "1234567", ring.first(), 3, now).unwrap().unwrap();
    }
    record.backup = Some(BackupSet::generate(20, &ring, now, &OsRandom).unwrap().0);
    for pepper in record.peppers_mut() {
        *pepper = crate::record::backup::Pepper::Kept(zeroize::Zeroizing::new([7; 32]));
    }
    let name = "é".repeat(64);
    while record.has_room().unwrap() {
        let spent =
            SpentSteps { floor: Some(u64::MAX), recent: (0..16).map(|n| (1 << 40) + n * 70_000).collect() };
        let motion = Motion::Totp(TotpParams::default(), spent);
        let secret = Secret::from_bytes(vec![7; 128], crate::MinimumLength::Legacy).unwrap();
        record.devices.push(Device::new(Some(&name), secret, motion, now, &OsRandom).unwrap());
    }
    record.devices.pop();
    assert!(record.devices.len() >= 3);
    let pending = Device::generate(Some(&name), DeviceParams::default(), now, &OsRandom).unwrap();
    let before = size_of_additions(&record).unwrap();
    record.pending = Some(PendingDevice::new(pending, now));
    assert!(size_of_additions(&record).unwrap() - before <= 256, "what is set aside for a new device");
    let sealed = written_without_growing(&record) + 52;
    assert!(sealed <= 4096, "{sealed} bytes");
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

/// A buffer that grew would hold more than was asked for, or less than was written.
fn written_without_growing(record: &Record) -> usize {
    let bytes = encode(record).unwrap();
    assert_eq!(bytes.capacity(), size::of_record(record), "{} bytes", bytes.len());
    assert!(bytes.len() <= bytes.capacity());
    bytes.len()
}

#[test]
fn the_buffer_never_grows_so_no_copy_of_a_secret_is_left_behind() {
    let length = written_without_growing(&full());
    assert!(size::of_record(&full()) < 3 * length, "and it is not much larger than it has to be");
    written_without_growing(&Record::default());
    written_without_growing(&decode(&from_the_future(&encode(&full()).unwrap())).unwrap());
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
    let made = Device::generate(None, DeviceParams::default(), at(0), &Broken);
    assert_eq!(made.err().unwrap().code, ErrorCode::RandomUnavailable);
}
