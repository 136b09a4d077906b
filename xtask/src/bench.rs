//! `cargo xtask bench`: builds for release and lets `crates/bench` measure. No timed tests.

use crate::setup;
use crate::tools::{self, Done, target};

/// Runs all benchmarks, or those whose names are given.
pub fn run(words: &[String]) -> Done {
    setup::build()?;
    run_cargo()?;
    let program = target().join("release/bench").display().to_string();
    let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    tools::run(&program, &arguments)
}

fn run_cargo() -> Done {
    tools::run("cargo", &["build", "-p", "bench", "-p", "orepass", "--release", "--locked"])
}
