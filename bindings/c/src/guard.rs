//! The guard: no panic of Rust ever crosses into C.
//!
//! Every export runs its body in here. A panic becomes `TWINLOCK_E_PANIC`; the library stays usable.

use std::panic::{AssertUnwindSafe, catch_unwind};

use twinlock_core::ErrorCode;

use crate::status::{Failure, TWINLOCK_OK};

/// Runs the body of an export and gives its status.
///
/// `AssertUnwindSafe`: what a body may leave half changed is a handle, and handles change by whole
/// values that are put back only when they are right (see [`Pending`](crate::pending)).
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => TWINLOCK_OK,
        Ok(Err(failure)) => failure.number(),
        Err(payload) => {
            discard(payload);
            ErrorCode::Panic.number()
        }
    }
}

/// The body of an export: reads the arguments line by line, then makes the call, all inside the guard.
///
/// Each line is an unsafe reader of the modules `buffer`, `handle` and `engine`, which see to NULL, lengths
/// and kinds of handles. The call after the arrow touches no pointer of the caller's any more.
macro_rules! export {
    ($($name:ident = $read:expr;)+ => $call:expr) => {
        $crate::guard::guard(|| {
            $(
                // SAFETY: the header's rules on pointers bind the caller.
                let $name = unsafe { $read }?;
            )+
            $call
        })
    };
}

pub(crate) use export;

/// Runs the body of an export that gives no status: `_free` and its like.
pub(crate) fn guard_void(body: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(body)) {
        discard(payload);
    }
}

/// Drops what a panic carried. That may panic again, with a payload that nobody must touch any more.
fn discard(payload: Box<dyn std::any::Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

/// Panics inside the guard, so that a C program can see what becomes of that.
#[cfg(feature = "test-hooks")]
#[unsafe(no_mangle)]
#[allow(clippy::panic, reason = "it is what this export is for")]
pub extern "C" fn twinlock_test_panic() -> i32 {
    guard(|| panic!("a panic on purpose"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::TWINLOCK_E_PANIC;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("in the payload's drop");
        }
    }

    #[test]
    fn ffi_04_a_panic_is_a_status() {
        assert_eq!(guard(|| panic!("on purpose")), TWINLOCK_E_PANIC);
        assert_eq!(guard(|| Ok(())), TWINLOCK_OK);
    }

    #[test]
    fn ffi_04_a_panic_in_the_payload_of_a_panic_does_not_escape() {
        assert_eq!(guard(|| std::panic::panic_any(PanicsWhenDropped)), TWINLOCK_E_PANIC);
        guard_void(|| std::panic::panic_any(PanicsWhenDropped));
    }

    #[test]
    fn a_failure_gives_its_number() {
        assert_eq!(guard(|| Err(ErrorCode::Locked.into())), ErrorCode::Locked.number());
    }
}
