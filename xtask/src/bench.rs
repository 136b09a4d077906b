//! `cargo xtask bench`: builds for release and lets `crates/bench` measure. No timed tests.

use crate::setup;
use crate::tools::{self, Done, target};

/// Runs all benchmarks, or those whose names are given.
pub fn run(words: &[String]) -> Done {
    setup::build()?;
    run_cargo()?;
    let program = target().join("release/bench").display().to_string();
    let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
    let python = if words.is_empty() || words.iter().any(|word| word == "balance") { scipy() } else { None };
    match python {
        Some(python) => tools::run_with(&program, &arguments, &[("OREPASS_BENCH_PYTHON", &python)]),
        None => tools::run(&program, &arguments),
    }
}

/// An interpreter with scipy in an environment of its own; none where Python or the registry is out of reach.
fn scipy() -> Option<String> {
    let folder = target().join("bench-python");
    let python = folder.join("bin/python").display().to_string();
    let ready = || tools::run(&python, &["-c", "import numpy, scipy.sparse.linalg"]).is_ok();
    if folder.exists() && ready() {
        return Some(python);
    }
    let made = tools::run("python3", &["-m", "venv", &folder.display().to_string()])
        .and_then(|()| tools::run(&python, &["-m", "pip", "install", "--quiet", "numpy", "scipy"]));
    if made.is_err() || !ready() {
        println!("without scipy: only the own times are measured");
        return None;
    }
    Some(python)
}

fn run_cargo() -> Done {
    tools::run("cargo", &["build", "-p", "bench", "-p", "orepass", "--release", "--locked"])
}
