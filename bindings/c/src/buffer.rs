//! Buffers: how text, bytes and numbers come in and go out.
//!
//! In: pointer and length; the length is checked against [`TWINLOCK_INPUT_MAX`] before anything is read,
//! and nothing is copied. Out: the caller's buffer, its capacity and a place for the length; a buffer that
//! is too small gets nothing but the needed length, and no other failure writes anything.

use std::ffi::c_char;
use std::slice;

use twinlock_core::ErrorCode;

use crate::status::Failure;

/// The longest text or byte string that any call takes, in bytes. Many take less.
pub const TWINLOCK_INPUT_MAX: usize = 131_072;

/// Reads bytes. NULL with length 0 is the empty input.
///
/// # Safety
/// `data` is NULL or points to `length` readable bytes that nobody changes during `'a`.
pub(crate) unsafe fn bytes<'a>(data: *const u8, length: usize) -> Result<&'a [u8], Failure> {
    if length > TWINLOCK_INPUT_MAX {
        return Err(ErrorCode::InputTooLarge.into());
    }
    match (data.is_null(), length) {
        (_, 0) => Ok(&[]),
        (true, _) => Err(ErrorCode::NullPointer.into()),
        // SAFETY: not NULL, and the caller vouches for the length, which is far below `isize::MAX`.
        (false, _) => Ok(unsafe { slice::from_raw_parts(data, length) }),
    }
}

/// Reads UTF-8 text, which may hold NUL bytes: length alone says where it ends.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(data: *const c_char, length: usize) -> Result<&'a str, Failure> {
    // SAFETY: the caller's promise is the one that `bytes` asks for.
    let read = unsafe { bytes(data.cast(), length)? };
    std::str::from_utf8(read).map_err(|_| ErrorCode::TextNotUtf8.into())
}

/// An optional input: the empty one is none.
pub(crate) fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// A caller's buffer.
pub(crate) struct Out {
    data: *mut u8,
    capacity: usize,
    length: Slot<usize>,
}

impl Out {
    /// A buffer for bytes. `data` may be NULL only where `capacity` is 0, to ask for the needed length.
    ///
    /// # Safety
    /// `data` points to `capacity` writable bytes and `length` to a writable `size_t`, or is NULL, which is
    /// found here; both for as long as the value lives.
    pub(crate) unsafe fn bytes(data: *mut u8, capacity: usize, length: *mut usize) -> Result<Self, Failure> {
        // SAFETY: the caller vouches for `length`.
        let length = unsafe { Slot::new(length)? };
        if data.is_null() && capacity > 0 {
            return Err(ErrorCode::NullPointer.into());
        }
        Ok(Self { data, capacity, length })
    }

    /// A buffer for text, which is written without a terminating NUL.
    ///
    /// # Safety
    /// As [`Out::bytes`].
    pub(crate) unsafe fn text(
        data: *mut c_char,
        capacity: usize,
        length: *mut usize,
    ) -> Result<Self, Failure> {
        // SAFETY: the caller's promise is the one that `bytes` asks for.
        unsafe { Self::bytes(data.cast(), capacity, length) }
    }

    /// Writes all or, where it does not fit, only the needed length.
    pub(crate) fn write(self, content: &[u8]) -> Result<(), Failure> {
        self.length.put(content.len());
        if content.len() > self.capacity {
            return Err(ErrorCode::BufferTooSmall.into());
        }
        if !content.is_empty() {
            // SAFETY: `content` fits into the `capacity` bytes that `Out::bytes` was promised, and a
            // buffer that a C caller owns does not overlap a value of ours.
            unsafe { self.data.copy_from_nonoverlapping(content.as_ptr(), content.len()) };
        }
        Ok(())
    }
}

/// A caller's variable for one result.
pub(crate) struct Slot<T>(*mut T);

impl<T> Slot<T> {
    /// Checks for NULL.
    ///
    /// # Safety
    /// `place` is NULL or points to a writable variable that lives as long as the value made here.
    pub(crate) unsafe fn new(place: *mut T) -> Result<Self, Failure> {
        if place.is_null() {
            return Err(ErrorCode::NullPointer.into());
        }
        Ok(Self(place))
    }

    /// Writes the result over whatever was there.
    pub(crate) fn put(self, value: T) {
        // SAFETY: `Slot::new` was promised a writable variable. `write` does not read the old content.
        unsafe { self.0.write(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{TWINLOCK_E_BUFFER_TOO_SMALL, TWINLOCK_E_INPUT_TOO_LARGE, TWINLOCK_E_NULL_POINTER};

    fn number<T>(result: Result<T, Failure>) -> i32 {
        result.err().map_or(0, Failure::number)
    }

    #[test]
    fn ffi_02_a_length_above_the_limit_is_refused_before_the_memory_is_looked_at() {
        let one = [0_u8; 1];
        for length in [TWINLOCK_INPUT_MAX + 1, 1 << 30, usize::MAX] {
            // SAFETY: the length is wrong on purpose; the point is that nothing is read.
            assert_eq!(number(unsafe { bytes(one.as_ptr(), length) }), TWINLOCK_E_INPUT_TOO_LARGE);
        }
    }

    #[test]
    fn ffi_02_null_is_the_empty_input_only_with_length_zero() {
        // SAFETY: NULL is what is looked for.
        unsafe {
            assert_eq!(bytes(std::ptr::null(), 0).unwrap(), b"");
            assert_eq!(number(bytes(std::ptr::null(), 1)), TWINLOCK_E_NULL_POINTER);
        }
    }

    #[test]
    fn ffi_03_a_buffer_too_small_gets_only_the_needed_length() {
        let (mut data, mut length) = ([7_u8; 4], 99_usize);
        // SAFETY: three of four bytes are offered.
        let out = unsafe { Out::bytes(data.as_mut_ptr(), 3, &raw mut length) }.unwrap();
        assert_eq!(number(out.write(b"long")), TWINLOCK_E_BUFFER_TOO_SMALL);
        assert_eq!((data, length), ([7; 4], 4));
        // SAFETY: as above.
        let out = unsafe { Out::bytes(data.as_mut_ptr(), 3, &raw mut length) }.unwrap();
        out.write(b"abc").unwrap();
        assert_eq!((data, length), (*b"abc\x07", 3));
    }
}
