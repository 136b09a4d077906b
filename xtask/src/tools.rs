//! Running programs, and where things lie.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

pub type Done = Result<(), String>;

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| ".".into(), Path::to_owned)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The binary of the dev profile.
pub fn binary() -> PathBuf {
    target().join("debug/orepass")
}

/// Runs a program in the checkout and fails when it fails. Says what it runs and how long it took.
pub fn run(program: &str, arguments: &[&str]) -> Done {
    run_with(program, arguments, &[])
}

/// The same, with environment variables.
pub fn run_with(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Done {
    let line = format!("{program} {}", arguments.join(" "));
    println!("\n== {line}");
    let start = Instant::now();
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).envs(variables.iter().copied());
    let status = command.status().map_err(|error| format!("{line}: {error}"))?;
    println!("== {line}: {:.0} s", start.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Whether a program can be started.
pub fn found(program: &str) -> bool {
    let probe = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    probe.is_ok_and(|status| status.success())
}
