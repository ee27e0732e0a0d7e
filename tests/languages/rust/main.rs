//! The actor in Rust as a program. `python/tests/support/languages/cast.py` says what lines come in and go out.
// What cannot be is a panic here, as in a test.
#![allow(clippy::panic)]

mod actor;

use std::error::Error;
use std::io::{BufRead, Write};

use actor::{Auth, Fields};

fn main() -> Result<(), Box<dyn Error>> {
    let mut auth: Option<Auth> = None;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (call, fields) = Fields::read(&line);
        if call == "configure" {
            auth = Some(actor::configure(&fields)?);
        } else {
            let answer = actor::play(auth.as_ref().ok_or("not configured")?, call, &fields)?;
            writeln!(std::io::stdout(), "{answer}")?;
        }
    }
    Ok(())
}
