//! Challenge tokens.
