//! The only places where the real clock, real randomness and the terminal come in.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use kernel::{Clock, Instant};

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one clock that the binary hands to the store")]
    fn now(&self) -> Instant {
        Instant::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// Fills bytes from the system's source.
pub fn entropy() -> store::Entropy {
    Box::new(|bytes| getrandom::fill(bytes).expect("the system gives random bytes"))
}

/// A password: from `OREPASS_PASSWORD`, else asked for. It is never an argument, which others could see.
pub fn password(of: &str) -> Result<String> {
    if let Ok(password) = std::env::var("OREPASS_PASSWORD") {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        bail!("no password for {of}: set OREPASS_PASSWORD, or run in a terminal to be asked");
    }
    eprint!("Password of {of}: ");
    std::io::stderr().flush().ok();
    let hidden = echo("-echo");
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).context("read the password");
    if hidden {
        echo("echo");
        eprintln!();
    }
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Whether the terminal was told to show, or not to show, what is typed.
fn echo(how: &str) -> bool {
    std::process::Command::new("stty").arg(how).status().is_ok_and(|status| status.success())
}
