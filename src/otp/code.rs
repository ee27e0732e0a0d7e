//! A code as a value: what a person typed, or what a secret gives, in one canonical form.

use subtle::{Choice, ConstantTimeEq};

use super::Digits;

/// Longer input is no code, however it is grouped; so input of any size costs the same.
const MAX_TEXT: usize = 64;

/// A code that was checked for its form: exactly N ASCII digits.
///
/// ASCII spaces and hyphens are removed first; this one canonical value is what is compared, counted
/// and remembered. Whatever else was typed is no code, and no cryptography runs on it.
/// `==` takes the same time for equal and unequal codes.
#[derive(Clone, Copy)]
pub struct Code {
    value: u32,
    digits: Digits,
}

impl Code {
    /// Reads what a person typed. `None` if it is anything but N digits.
    #[must_use]
    pub fn parse(text: &str, digits: Digits) -> Option<Self> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let mut value: u32 = 0;
        let mut count: u8 = 0;
        for byte in text.bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
            let digit = char::from(byte).to_digit(10)?;
            count = count.checked_add(1)?;
            value = value.checked_mul(10)?.checked_add(digit)?;
        }
        (count == digits.get()).then_some(Self { value, digits })
    }

    /// The last N decimal digits of a truncated hash (RFC 4226 §5.3).
    pub(super) const fn from_truncated(hash: u32, digits: Digits) -> Self {
        // Constant divisors become multiplications: division by a variable takes a time that depends
        // on the secret number.
        let value = match digits {
            Digits::Six => hash % 1_000_000,
            Digits::Seven => hash % 10_000_000,
            Digits::Eight => hash % 100_000_000,
        };
        Self { value, digits }
    }

    /// The digits as text, zero-padded, to be shown.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:0width$}", self.value, width = usize::from(self.digits.get()))
    }
}

impl ConstantTimeEq for Code {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.value.ct_eq(&other.value) & self.digits.get().ct_eq(&other.digits.get())
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for Code {}
