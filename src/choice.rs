//! Options that are one of a few words: an enum with its names, made from one table.

/// Makes an enum whose first value is the default, with the words by which hosts name its values.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        $name:ident for $option:literal {
            $(#[doc = $first_doc:literal])+ $first:ident = $first_word:literal,
            $($(#[doc = $value_doc:literal])+ $value:ident = $word:literal,)*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name {
            #[default]
            $(#[doc = $first_doc])+
            $first,
            $($(#[doc = $value_doc])+ $value,)*
        }

        impl $name {
            /// The words, the default's first.
            pub const WORDS: &'static [&'static str] = &[$first_word, $($word,)*];

            /// The word for this value.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$value => $word,)*
                }
            }

            /// Reads a word, written exactly so.
            ///
            /// # Errors
            /// `option_out_of_range` with the option's name for anything else.
            pub fn from_name(word: &str) -> Result<Self, $crate::error::Fault> {
                match word {
                    $first_word => Ok(Self::$first),
                    $($word => Ok(Self::$value),)*
                    _ => Err($crate::error::Fault::about($crate::error::ErrorCode::OptionOutOfRange, $option)),
                }
            }
        }
    };
}

pub(crate) use choice;
