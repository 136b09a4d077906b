//! Measures what was built, as ratios within one run where a ratio makes sense. Run by `cargo xtask bench`;
//! the figures in `docs/performance.md` come from here. Nothing here passes or fails.

mod balance;
mod import;
mod ledger;
mod pages;
mod start;
mod trace;

use std::time::{Duration, Instant};

/// What one benchmark found: lines of `what`, `measured`, `wanted`, `met`.
pub struct Figure {
    what: String,
    measured: String,
    wanted: String,
    met: bool,
}

impl Figure {
    /// A figure that must not be above a limit.
    pub fn at_most(what: &str, measured: f64, limit: f64, unit: &str) -> Self {
        Figure::new(what, measured, format!("≤ {limit} {unit}"), unit, measured <= limit)
    }

    /// A figure that must not be below a limit.
    pub fn at_least(what: &str, measured: f64, limit: f64, unit: &str) -> Self {
        Figure::new(what, measured, format!("≥ {limit} {unit}"), unit, measured >= limit)
    }

    /// A figure without a limit.
    pub fn noted(what: &str, measured: f64, unit: &str) -> Self {
        Figure::new(what, measured, "–".to_owned(), unit, true)
    }

    fn new(what: &str, measured: f64, wanted: String, unit: &str, met: bool) -> Self {
        let digits = if measured.abs() >= 100.0 { 0 } else { 2 };
        Figure { what: what.to_owned(), measured: format!("{measured:.digits$} {unit}"), wanted, met }
    }
}

/// Runs something and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// The value below which `part` (0 to 1) of the samples lie, in milliseconds.
pub fn percentile(samples: &mut [Duration], part: f64) -> f64 {
    samples.sort_unstable();
    let at = ((samples.len() as f64 * part).ceil() as usize).clamp(1, samples.len()) - 1;
    samples[at].as_secs_f64() * 1e3
}

type Bench = fn() -> Vec<Figure>;

fn main() {
    let all: &[(&str, Bench)] = &[
        ("import", import::run),
        ("pages", pages::run),
        ("trace", trace::run),
        ("ledger", ledger::run),
        ("start", start::run),
        ("balance", balance::run),
    ];
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    println!("| what | measured | wanted | met |\n|---|---:|---:|---|");
    for (name, bench) in all {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            for figure in bench() {
                let met = if figure.met { "yes" } else { "**no**" };
                println!("| {} | {} | {} | {met} |", figure.what, figure.measured, figure.wanted);
            }
        }
    }
}
