//! `orepass`: see the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    orepass::main(std::env::args_os())
}
