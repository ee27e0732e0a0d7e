//! Which challenges were tried or spent. A challenge is stateless until its first answer.

use crate::error::{ErrorCode, Refusal};
use crate::record::codec::Unknown;
use crate::time::UnixTime;

/// The longest life of a challenge and the clock difference allowed between two servers, in seconds:
/// what was issued longer ago than both is dead by its own `exp`.
const FORGET_AFTER: u64 = 300 + 60;
const CLOCK_SKEW: u64 = 60;
/// Remembered challenges. The account's budget allows about 20 answers within a challenge's life.
pub(crate) const MAX_CHALLENGES: usize = 24;

/// A challenge that was answered at least once.
pub(crate) struct Tried {
    pub id: [u8; 16],
    pub issued_at: UnixTime,
    /// Wrong answers.
    pub tries: u32,
    /// Whether a right answer was given.
    pub spent: bool,
}

/// The challenges that were answered, with a floor below which none is accepted.
#[derive(Default)]
pub(crate) struct Challenges {
    pub tried: Vec<Tried>,
    /// The latest time of issue among those forgotten: whatever is not younger is refused, so that
    /// forgetting never brings a spent challenge back.
    pub floor: Option<UnixTime>,
    pub unknown: Unknown,
}

impl Challenges {
    /// Refuses a challenge that was spent, tried too often, or may have been and is forgotten.
    pub fn check(&self, id: &[u8; 16], issued_at: UnixTime, allowed_tries: u32) -> Result<(), Refusal> {
        let usable = match self.tried.iter().find(|tried| tried.id == *id) {
            Some(tried) => !tried.spent && tried.tries < allowed_tries,
            None => self.floor.is_none_or(|floor| issued_at > floor),
        };
        if usable { Ok(()) } else { Err(Refusal::new(ErrorCode::ChallengeSpent)) }
    }

    /// Counts a wrong answer to a challenge.
    pub fn fail(&mut self, id: [u8; 16], issued_at: UnixTime) {
        let tried = self.entry(id, issued_at);
        tried.tries = tried.tries.saturating_add(1);
    }

    /// Marks a challenge as answered rightly.
    pub fn spend(&mut self, id: [u8; 16], issued_at: UnixTime) {
        self.entry(id, issued_at).spent = true;
    }

    /// Whether something was forgotten that the present time says was not issued yet.
    pub fn are_ahead_of(&self, now: UnixTime) -> bool {
        self.floor.is_some_and(|floor| floor > now.plus(CLOCK_SKEW))
    }

    /// Forgets what is dead by its own age.
    pub fn prune(&mut self, now: UnixTime) {
        let floor = &mut self.floor;
        self.tried.retain(|tried| {
            let keep = now.since(tried.issued_at) <= FORGET_AFTER;
            if !keep {
                *floor = (*floor).max(Some(tried.issued_at));
            }
            keep
        });
    }

    fn entry(&mut self, id: [u8; 16], issued_at: UnixTime) -> &mut Tried {
        let known = self.tried.iter().position(|tried| tried.id == id);
        let mut tried = match known {
            Some(index) => self.tried.remove(index),
            None => Tried { id, issued_at, tries: 0, spent: false },
        };
        self.make_room();
        tried.issued_at = issued_at;
        self.tried.push_mut(tried)
    }

    fn make_room(&mut self) {
        while self.tried.len() >= MAX_CHALLENGES {
            let oldest = self.tried.iter().enumerate().min_by_key(|(_, tried)| tried.issued_at);
            let Some((index, _)) = oldest else { return };
            let dropped = self.tried.remove(index);
            self.floor = self.floor.max(Some(dropped.issued_at));
        }
    }
}

#[cfg(test)]
#[path = "challenges_tests.rs"]
mod tests;
