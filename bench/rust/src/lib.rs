//! A stop watch for two: the peer and Twinlock take turns in one process, and their ratio is quoted.
//!
//! Absolute times differ from machine to machine and from minute to minute; the ratio of two that ran in
//! turn hardly does. Every run is a batch of calls long enough for the clock, the result is the median of
//! all batches.

use std::error::Error;
use std::time::{Duration, Instant};

/// What a call ends with; an error ends the benchmark.
pub type Outcome = Result<(), Box<dyn Error>>;

type Call<'a> = Box<dyn FnMut() -> Outcome + 'a>;

/// Batches of each side.
const ROUNDS: usize = 101;
/// How long one batch lasts, at least.
const BATCH: Duration = Duration::from_micros(500);

/// One thing to measure.
pub struct Row<'a> {
    name: &'static str,
    ours: Call<'a>,
    peers: Vec<Peer<'a>>,
}

struct Peer<'a> {
    name: &'static str,
    call: Call<'a>,
    target: Option<f64>,
}

impl<'a> Row<'a> {
    /// A call of Twinlock's.
    pub fn new(name: &'static str, ours: impl FnMut() -> Outcome + 'a) -> Self {
        Self { name, ours: Box::new(ours), peers: Vec::new() }
    }

    /// The same work by a peer.
    #[must_use]
    pub fn beside(mut self, name: &'static str, peer: impl FnMut() -> Outcome + 'a) -> Self {
        self.peers.push(Peer { name, call: Box::new(peer), target: None });
        self
    }

    /// The ratio to the last peer that is aimed at.
    #[must_use]
    pub fn within(mut self, ratio: f64) -> Self {
        self.peers.iter_mut().last().into_iter().for_each(|peer| peer.target = Some(ratio));
        self
    }

    /// Measures and prints a line for each peer, or one where there is none. A missed target is said, and
    /// no error.
    ///
    /// # Errors
    /// What a call ended with.
    pub fn run(mut self) -> Outcome {
        let mut sides = vec![Side::new(self.ours.as_mut())?];
        for peer in &mut self.peers {
            sides.push(Side::new(peer.call.as_mut())?);
        }
        for _ in 0..ROUNDS {
            for side in &mut sides {
                side.batch()?;
            }
        }
        let mut times = sides.into_iter().map(Side::median).collect::<Vec<_>>().into_iter();
        let ours = times.next().unwrap_or_default();
        let name = self.name;
        if self.peers.is_empty() {
            println!("{name:<42} {}", nanoseconds(ours));
        }
        for (peer, time) in self.peers.iter().zip(times) {
            let ratio = ours / time;
            let aim = peer.target.map_or_else(String::new, |target| aim(ratio, target));
            let (ours, time, peer) = (nanoseconds(ours), nanoseconds(time), peer.name);
            println!("{name:<42} {ours} {peer:>28} {time} {ratio:>7.2}   {aim}");
        }
        Ok(())
    }
}

/// Prints what the columns are.
pub fn print_head() {
    println!("{:<42} {:>12} {:>28} {:>12} {:>7}   target", "", "Twinlock", "peer", "its time", "ratio");
}

/// One of those who take turns.
struct Side<'a> {
    call: &'a mut dyn FnMut() -> Outcome,
    calls: u32,
    nanoseconds: Vec<f64>,
}

impl<'a> Side<'a> {
    /// Finds out how many calls last as long as a batch should.
    fn new(call: &'a mut dyn FnMut() -> Outcome) -> Result<Self, Box<dyn Error>> {
        let mut side = Self { call, calls: 1, nanoseconds: Vec::with_capacity(ROUNDS) };
        while side.time()? < BATCH {
            side.calls = side.calls.saturating_mul(2);
        }
        Ok(side)
    }

    fn time(&mut self) -> Result<Duration, Box<dyn Error>> {
        let start = Instant::now();
        for _ in 0..self.calls {
            (self.call)()?;
        }
        Ok(start.elapsed())
    }

    fn batch(&mut self) -> Outcome {
        let time = self.time()?;
        self.nanoseconds.push(time.as_secs_f64() * 1e9 / f64::from(self.calls));
        Ok(())
    }

    fn median(mut self) -> f64 {
        self.nanoseconds.sort_by(f64::total_cmp);
        self.nanoseconds.get(ROUNDS / 2).copied().unwrap_or_default()
    }
}

fn nanoseconds(time: f64) -> String {
    if time < 10_000.0 { format!("{time:>9.0} ns") } else { format!("{:>9.1} µs", time / 1e3) }
}

fn aim(ratio: f64, target: f64) -> String {
    let verdict = if ratio <= target { "met" } else { "missed" };
    format!("≤ {target:.2} {verdict}")
}
