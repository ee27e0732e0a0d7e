use proptest::prelude::*;

use super::*;

#[test]
fn ver_01_no_step_is_spent_twice_nor_after_a_younger_one() {
    let mut spent = SpentSteps::default();
    assert!(spent.spend(100, 101));
    assert!(!spent.spend(100, 101));
    assert!(!spent.spend(99, 101));
    assert!(spent.spend(101, 101));
}

#[test]
fn ver_12_steps_from_a_clock_that_ran_ahead_shut_nobody_out() {
    let mut spent = SpentSteps::default();
    assert!(spent.spend(100, 101));
    assert!(spent.spend(5_000, 5_001), "the clock ran ahead");
    assert!(spent.spend(101, 102), "and was put right");
    assert!(!spent.spend(100, 102));
    assert!(!spent.spend(5_000, 5_001), "the early one stays spent");
}

proptest! {
    /// Against a model that remembers every accepted step for ever: whatever the clock does, no step is
    /// accepted twice.
    #[test]
    fn ver_01_no_clock_makes_a_step_be_accepted_twice(moves in prop::collection::vec((0_u64..200, 0_u64..3), 1..200)) {
        let mut spent = SpentSteps::default();
        let mut accepted = std::collections::HashSet::new();
        for (now, offset) in moves {
            let step = now.saturating_add(offset).saturating_sub(1);
            if spent.spend(step, now.saturating_add(1)) {
                prop_assert!(accepted.insert(step), "step {step} twice");
            }
            prop_assert!(spent.recent.len() <= MAX_RECENT);
            prop_assert!(spent.recent.is_sorted());
        }
    }

    /// With a clock that only goes forward the rule is the RFC's: younger than the last accepted step.
    #[test]
    fn ver_01_with_an_honest_clock_only_younger_steps_are_accepted(steps in prop::collection::vec((0_u64..4, 0_u64..3), 1..100)) {
        let mut spent = SpentSteps::default();
        let (mut now, mut last) = (10_u64, None);
        for (forward, offset) in steps {
            now = now.saturating_add(forward);
            let step = now.saturating_add(offset).saturating_sub(1);
            let accepted = spent.spend(step, now.saturating_add(1));
            prop_assert_eq!(accepted, last.is_none_or(|last| step > last));
            if accepted { last = Some(step); }
        }
    }
}
