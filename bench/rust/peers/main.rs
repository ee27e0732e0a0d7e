//! The core beside its peers: `cargo bench -p twinlock-bench`. Ends with an error only if a call fails.

mod engine;
mod otp;
mod tokens;
mod vault;

use std::process::ExitCode;

use twinlock_bench::{Outcome, print_head};

fn main() -> ExitCode {
    print_head();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    otp::run()?;
    vault::run()?;
    tokens::run()?;
    engine::run()
}

/// An error where a result is not what the row is about.
fn want(is_right: bool, what: &'static str) -> Outcome {
    if is_right { Ok(()) } else { Err(what.into()) }
}
