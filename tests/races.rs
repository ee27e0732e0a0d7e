//! Many at once: one code, one challenge, one proof. And hosts that lose any write.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use support::{Owner, START, Site, at, engine, policy, refused};
use twinlock::{Answer, CommitError, ErrorCode, MemoryStore, SecondFactor, Store, Subject};

const NOW: i64 = START + 30;
const THREADS: usize = 16;

/// Runs the same thing on all threads at once and counts the successes.
fn successes(work: impl Fn(usize) -> bool + Sync) -> usize {
    let barrier = Barrier::new(THREADS);
    let count = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for index in 0..THREADS {
            let (barrier, count, work) = (&barrier, &count, &work);
            scope.spawn(move || {
                barrier.wait();
                if work(index) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    count.into_inner()
}

#[test]
fn ver_02_many_threads_with_one_code_get_one_proof() {
    for round in 0..20 {
        let site = Site::new();
        let owner = site.enroll("alice", START);
        let code = owner.code(NOW);
        let challenges: Vec<String> = (0..THREADS).map(|_| site.challenge(&owner, NOW)).collect();
        let won = successes(|index| site.answer(&challenges[index], Answer::Otp(&code), NOW).is_ok());
        assert_eq!(won, 1, "round {round}");
    }
}

#[test]
fn chl_02_many_threads_with_one_challenge_and_different_factors_get_one_proof() {
    for round in 0..20 {
        let site = Site::new();
        let owner = site.enroll("alice", START);
        let challenge = site.challenge(&owner, NOW);
        let won = successes(|index| {
            let answer = Answer::Backup(&owner.backup_codes[index % 10]);
            site.answer(&challenge, answer, NOW).is_ok()
        });
        assert_eq!(won, 1, "round {round}");
        assert_eq!(site.auth.status(&owner.subject, at(NOW)).unwrap().backup_codes_left, 9);
    }
}

#[test]
fn bak_04_many_threads_with_one_backup_code_get_one_proof() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let challenges: Vec<String> = (0..THREADS).map(|_| site.challenge(&owner, NOW)).collect();
    let answer = Answer::Backup(&owner.backup_codes[0]);
    let won = successes(|index| site.answer(&challenges[index], answer, NOW).is_ok());
    assert_eq!(won, 1);
}

#[test]
fn ver_05_of_many_wrong_codes_at_once_only_the_allowed_number_is_looked_at() {
    let site = Site::new();
    let owner = site.enroll("alice", START);
    let wrong = owner.wrong_code(NOW);
    let challenges: Vec<String> = (0..THREADS).map(|_| site.challenge(&owner, NOW)).collect();
    let looked_at = successes(|index| {
        let result = site.answer(&challenges[index], Answer::Otp(&wrong), NOW);
        refused(result) == ErrorCode::WrongCode
    });
    assert!(looked_at <= 5, "{looked_at}");
    let status = site.auth.status(&owner.subject, at(NOW)).unwrap();
    assert_eq!(
        usize::try_from(status.failures_in_a_row).unwrap(),
        looked_at,
        "each answer given was counted"
    );
}

/// A store whose writes fail as a script says: `true` is "another request was faster".
struct Lossy {
    inner: MemoryStore,
    lose: Mutex<Vec<bool>>,
}

impl Store for Lossy {
    type Error = Infallible;

    fn load(&self, subject: &Subject) -> Result<Option<(Vec<u8>, u64)>, Infallible> {
        self.inner.load(subject)
    }

    fn save(&self, subject: &Subject, record: &[u8], version: u64) -> Result<bool, Infallible> {
        if self.lose.lock().unwrap().pop().unwrap_or(false) {
            return Ok(false);
        }
        self.inner.save(subject, record, version)
    }
}

fn lossy() -> (Site<Lossy>, Owner) {
    let store = Lossy { inner: MemoryStore::default(), lose: Mutex::default() };
    let site = Site { auth: SecondFactor::new(engine(policy()), store) };
    let owner = site.enroll("alice", START);
    (site, owner)
}

#[test]
fn sto_02_a_lost_write_grants_nothing_and_leaves_the_user_able_to_try_again() {
    for losses in 1..=7 {
        let (site, owner) = lossy();
        let challenge = site.challenge(&owner, NOW);
        *site.auth.store().lose.lock().unwrap() = vec![true; losses];
        assert!(site.answer(&challenge, Answer::Otp(&owner.code(NOW)), NOW).is_ok(), "{losses} losses");
    }
    let (site, owner) = lossy();
    let challenge = site.challenge(&owner, NOW);
    *site.auth.store().lose.lock().unwrap() = vec![true; 8];
    let code = owner.code(NOW);
    assert_eq!(refused(site.answer(&challenge, Answer::Otp(&code), NOW)), ErrorCode::Contended);
    assert!(site.answer(&challenge, Answer::Otp(&code), NOW).is_ok(), "nothing was used up");
}

#[test]
fn nothing_comes_out_of_a_commit_that_was_lost_not_even_a_refusal() {
    let (site, owner) = lossy();
    let challenge = site.challenge(&owner, NOW);
    let record = site.record_of(&owner);
    for code in [owner.code(NOW), owner.wrong_code(NOW)] {
        let pending = site
            .auth
            .engine()
            .finish_sign_in(Some(&record), challenge.as_str().into(), Answer::Otp(&code), at(NOW))
            .unwrap();
        assert!(pending.record().is_some());
        assert_eq!(pending.commit(false).err(), Some(CommitError::Lost));
    }
}

impl Site<Lossy> {
    fn record_of(&self, owner: &Owner) -> Vec<u8> {
        self.auth.store().load(&owner.subject).unwrap().unwrap().0
    }
}
