//! The binary: arguments, configuration, wiring.
//!
//! Every command of every area is a subcommand here, made from its schema, as are the questions that can be
//! asked of any record. They go through the same programming interface as programs do: in this process when
//! a data folder is given, over the network when a server is.

mod ask;
mod balance;
mod cli;
mod client;
mod config;
mod demo;
mod exit;
mod face;
mod fetch;
mod files;
mod give;
mod init;
mod intake;
mod own;
mod preview;
mod print;
mod proof;
mod reference;
mod system;
mod testwork;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::ArgMatches;

pub use cli::command as command_line;
pub use exit::Exit;
pub use reference::reference;

use crate::config::Settings;

/// Runs the program with its arguments.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let matches = match cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    match run(&matches) {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("orepass: {error:#}");
            Exit::Failed.into()
        }
    }
}

fn run(matches: &ArgMatches) -> Result<Exit> {
    let Some((name, own)) = matches.subcommand() else { return Ok(Exit::Usage) };
    match name {
        "help-all" => {
            print!("{}", reference());
            return Ok(Exit::Ok);
        }
        "completions" => return cli::completions(own),
        "verify" => return proof::verify_dossier(own, matches),
        "testwork" => return testwork::run(own),
        "balance" if own.subcommand_name().is_some_and(|name| balance::ALONE.contains(&name)) => {
            return balance::run(own);
        }
        "intake" if own.subcommand_name() == Some("preview") => return intake::preview(own),
        _ => {}
    }
    let settings = Settings::read(matches)?;
    match name {
        "demo" => demo::run(own, &settings),
        "init" => init::run(own, &settings),
        "serve" => files::serve(own, &settings),
        "backup" => files::backup(own, &settings),
        "restore" => files::restore(own, &settings),
        "ledger" => proof::ledger(own, &settings),
        "list" | "show" | "search" | "explain" | "trace" | "impact" | "history" | "commands" | "openapi" => {
            ask::run(name, own, &settings)
        }
        "intake" => intake::take(own, &settings),
        "do" => give::named(own, &settings),
        group => give::grouped(group, own, &settings),
    }
}
