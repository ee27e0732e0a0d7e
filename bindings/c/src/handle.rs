//! Handles: what C holds of our values, and how a wrong one is found out.
//!
//! A handle points to a shell: a tag that says of which kind it is and whether it lives, and the value.
//! Every call looks at the tag first, so a handle of another kind is `TWINLOCK_E_HANDLE_INVALID`. Freeing
//! marks the shell dead. Debug builds and those with the feature `hardened` keep dead shells for ever
//! (24 bytes each), so that a handle used or freed again is found out for certain; other builds give
//! the memory back, and using a freed handle is undefined there, as with any C library.

use std::ffi::c_void;
use std::ptr;
#[cfg(any(debug_assertions, feature = "hardened"))]
use std::sync::atomic::AtomicPtr;
use std::sync::atomic::{AtomicU64, Ordering};

use twinlock_core::ErrorCode;

use crate::buffer::Slot;
use crate::status::Failure;

/// An opaque type of the header.
pub(crate) trait Kind {
    /// What is behind it.
    type Value;
    /// Eight letters that no other kind has.
    const TAG: &'static [u8; 8];
}

const DEAD: u64 = u64::from_be_bytes(*b"tl-freed");

struct Shell {
    tag: AtomicU64,
    value: *mut c_void,
    /// The shell that died before this one.
    #[cfg(any(debug_assertions, feature = "hardened"))]
    next: AtomicPtr<Shell>,
}

fn tag<K: Kind>() -> u64 {
    u64::from_be_bytes(*K::TAG)
}

/// Gives a value out to C, which must give it back with [`take`] or [`free`].
pub(crate) fn new<K: Kind>(value: K::Value) -> *mut K {
    let value = Box::into_raw(Box::new(value)).cast();
    let shell = Shell {
        tag: AtomicU64::new(tag::<K>()),
        value,
        #[cfg(any(debug_assertions, feature = "hardened"))]
        next: AtomicPtr::new(ptr::null_mut()),
    };
    Box::into_raw(Box::new(shell)).cast()
}

/// Gives a value out to C by the caller's variable.
pub(crate) fn give<K: Kind>(value: K::Value, out: Slot<*mut K>) -> Result<(), Failure> {
    out.put(new(value));
    Ok(())
}

/// # Safety
/// `handle` is NULL, or a handle of ours that lives; in hardened builds it may be dead.
unsafe fn shell<'a, K: Kind>(handle: *const K) -> Result<&'a Shell, Failure> {
    let shell: *const Shell = handle.cast();
    if shell.is_null() {
        return Err(ErrorCode::NullPointer.into());
    }
    if !shell.is_aligned() {
        return Err(ErrorCode::HandleInvalid.into());
    }
    // SAFETY: not NULL, aligned, and a shell by the caller's promise; all kinds have the same shell.
    let shell = unsafe { &*shell };
    if shell.tag.load(Ordering::Acquire) != tag::<K>() {
        return Err(ErrorCode::HandleInvalid.into());
    }
    Ok(shell)
}

/// Looks at a handle's value.
///
/// # Safety
/// As [`shell`], and nobody changes or frees the handle during `'a`.
pub(crate) unsafe fn get<'a, K: Kind>(handle: *const K) -> Result<&'a K::Value, Failure> {
    // SAFETY: the caller's promise is the one that `shell` asks for.
    let shell = unsafe { shell(handle)? };
    // SAFETY: a living shell of this kind holds a value that `new` boxed.
    Ok(unsafe { &*shell.value.cast() })
}

/// Changes a handle's value.
///
/// # Safety
/// As [`shell`], and nobody else uses the handle during `'a`.
pub(crate) unsafe fn get_mut<'a, K: Kind>(handle: *mut K) -> Result<&'a mut K::Value, Failure> {
    // SAFETY: the caller's promise is the one that `shell` asks for.
    let shell = unsafe { shell(handle.cast_const())? };
    // SAFETY: a living shell of this kind holds a value that `new` boxed, and the handle is used here only.
    Ok(unsafe { &mut *shell.value.cast() })
}

/// Ends a handle and drops its value. NULL is fine; what is not a living handle of the kind stays as it is.
///
/// # Safety
/// As [`shell`], and nobody else uses the handle.
pub(crate) unsafe fn free<K: Kind>(handle: *mut K) {
    // SAFETY: the caller's promise is the one that `take` asks for.
    drop(unsafe { take(handle) });
}

/// Ends a handle and gives its value back.
///
/// # Safety
/// As [`free`].
unsafe fn take<K: Kind>(handle: *mut K) -> Result<Box<K::Value>, Failure> {
    // SAFETY: the caller's promise is the one that `shell` asks for.
    let shell = unsafe { shell(handle.cast_const())? };
    // Two threads that free the same handle both get here; one of them wins.
    shell
        .tag
        .compare_exchange(tag::<K>(), DEAD, Ordering::AcqRel, Ordering::Acquire)
        .map_err(|_| ErrorCode::HandleInvalid)?;
    // SAFETY: `new` boxed the value, and the exchange above lets one call alone get here.
    let value = unsafe { Box::from_raw(shell.value.cast()) };
    // SAFETY: `new` boxed the shell, and it is marked dead: nobody else retires it.
    unsafe { retire(handle.cast()) };
    Ok(value)
}

/// A caller's variable that holds a handle which the call consumes.
pub(crate) struct Place<K> {
    place: *mut *mut K,
}

impl<K: Kind> Place<K> {
    /// Checks variable and handle; nothing is consumed by that.
    ///
    /// # Safety
    /// `place` is NULL or points to a variable that stays; what it holds is as for [`free`].
    pub(crate) unsafe fn new(place: *mut *mut K) -> Result<Self, Failure> {
        if place.is_null() {
            return Err(ErrorCode::NullPointer.into());
        }
        // SAFETY: not NULL; the caller vouches for the variable and for the handle in it.
        unsafe { shell((*place).cast_const())? };
        Ok(Self { place })
    }

    /// Looks at the value.
    pub(crate) fn value(&self) -> Result<&K::Value, Failure> {
        // SAFETY: `Place::new` was promised a variable with a handle that nobody else uses.
        unsafe { get((*self.place).cast_const()) }
    }

    /// Takes the value and sets the caller's variable to NULL.
    pub(crate) fn take(self) -> Result<K::Value, Failure> {
        // SAFETY: `Place::new` was promised a variable with a handle that nobody else uses.
        unsafe {
            let value = take(*self.place)?;
            self.place.write(ptr::null_mut());
            Ok(*value)
        }
    }
}

/// # Safety
/// `shell` came from [`new`], is marked dead, and is retired once.
#[cfg(not(any(debug_assertions, feature = "hardened")))]
unsafe fn retire(shell: *mut Shell) {
    // SAFETY: the caller's promise.
    drop(unsafe { Box::from_raw(shell) });
}

/// Keeps the shell, marked dead, in a list that only grows, so that no lock is needed and a leak
/// checker finds it reachable.
///
/// # Safety
/// `shell` came from [`new`], is marked dead, and is retired once.
#[cfg(any(debug_assertions, feature = "hardened"))]
unsafe fn retire(shell: *mut Shell) {
    static RETIRED: AtomicPtr<Shell> = AtomicPtr::new(ptr::null_mut());
    let mut newest = RETIRED.load(Ordering::Relaxed);
    loop {
        // SAFETY: a shell that is kept for ever can be looked at.
        unsafe { &*shell }.next.store(newest, Ordering::Relaxed);
        match RETIRED.compare_exchange_weak(newest, shell, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(other) => newest = other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Number;
    impl Kind for Number {
        type Value = u32;
        const TAG: &'static [u8; 8] = b"tl-test1";
    }
    struct Word;
    impl Kind for Word {
        type Value = String;
        const TAG: &'static [u8; 8] = b"tl-test2";
    }

    fn failure<T>(result: Result<T, Failure>) -> Option<Failure> {
        result.err()
    }

    #[test]
    fn ffi_05_a_handle_of_another_kind_and_a_freed_one_are_found_out() {
        let handle = new::<Number>(7);
        // SAFETY: shells of one layout, kept after their death in this build.
        unsafe {
            assert_eq!(get(handle).copied(), Ok(7));
            assert_eq!(failure(get(handle.cast::<Word>())), Some(ErrorCode::HandleInvalid.into()));
            free(handle.cast::<Word>());
            assert_eq!(get(handle).copied(), Ok(7));
            free(handle);
            assert_eq!(failure(get(handle)), Some(ErrorCode::HandleInvalid.into()));
            free(handle);
            free::<Number>(ptr::null_mut());
        }
    }

    #[test]
    fn ffi_05_of_two_threads_that_free_one_handle_one_drops_the_value() {
        for _ in 0..200 {
            let address = new::<Word>("text".to_owned()).expose_provenance();
            let free_it = move || {
                let handle = ptr::with_exposed_provenance_mut::<Word>(address);
                // SAFETY: shells are kept after their death in this build.
                unsafe { take(handle) }.is_ok()
            };
            let other = std::thread::spawn(free_it);
            assert!(free_it() != other.join().unwrap());
        }
    }

    #[test]
    fn a_place_gives_its_handle_up_and_becomes_null() {
        let mut handle = new::<Number>(7);
        // SAFETY: a variable of this test with a living handle.
        let place = unsafe { Place::new(&raw mut handle) }.unwrap();
        assert_eq!(place.value(), Ok(&7));
        assert_eq!(place.take(), Ok(7));
        assert!(handle.is_null());
        // SAFETY: NULL is what is looked for.
        let again = unsafe { Place::new(&raw mut handle) };
        assert_eq!(failure(again), Some(ErrorCode::NullPointer.into()));
    }
}
