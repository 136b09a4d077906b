//! `cargo xtask bench`: builds for release and lets the binary measure itself. No timed tests.

use crate::setup;
use crate::tools::{self, Done, target};

/// Runs all benchmarks, or those whose names are given.
pub fn run(words: &[String]) -> Done {
    setup::build()?;
    run_cargo()?;
    let program = target().join("release/orepass").display().to_string();
    let mut arguments = vec!["bench"];
    arguments.extend(words.iter().map(String::as_str));
    tools::run(&program, &arguments)
}

fn run_cargo() -> Done {
    tools::run("cargo", &["build", "-p", "orepass", "--release", "--locked"])
}
