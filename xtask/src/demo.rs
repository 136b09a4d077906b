//! `cargo xtask demo`: a synthetic institute, made by the same commands users give, served on loopback.

use crate::setup;
use crate::tools::{self, Done, binary, target};

/// Builds, makes the institute in the target folder, serves it until interrupted.
pub fn run(words: &[String]) -> Done {
    setup::build()?;
    tools::run("cargo", &["build", "-p", "orepass", "--locked"])?;
    let port = words.iter().position(|word| word == "--port").and_then(|at| words.get(at + 1));
    let listen = format!("127.0.0.1:{}", port.map_or("8480", String::as_str));
    let folder = target().join("demo-institute");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let (program, folder) = (binary().display().to_string(), folder.display().to_string());
    tools::run(&program, &["demo", "--data", &folder])?;
    tools::run(&program, &["serve", "--data", &folder, "--listen", &listen])
}
