//! The reference of the command line, `docs/cli.md`, written from the arguments themselves.

use clap::{Arg, Command};

use crate::cli;
use crate::config::LISTEN;
use crate::exit::Exit;

const HEAD: &str = "\
# The command line

Written by `cargo xtask docs` from the program itself; do not edit.

Commands act on a data folder (`--data`, with `--as LOGIN` and the password in `OREPASS_PASSWORD`), or on a
running server (`--server http://…`, with `--token`). Reading a data folder directly needs neither: whoever
can read the folder can read all of it. One process changes a data folder at a time; `backup` and `ledger
verify` only read, and work beside it. On a data folder, a command also does the work that follows from it (a
file is read to its end, a certificate typeset), as a server does by itself.

";

/// All of it, as Markdown.
pub fn reference() -> String {
    let root = cli::command();
    let mut out = String::from(HEAD);
    out.push_str("## How it ends\n\n| code | meaning |\n|---|---|\n");
    for (exit, meaning) in Exit::ALL {
        out.push_str(&format!("| {} | {meaning} |\n", exit as u8));
    }
    out.push_str(
        "\n## Configuration\n\nFlags come before `OREPASS_*` variables, these before `orepass.toml`\n",
    );
    out.push_str("(in the data folder, or `--config`).\n\n");
    out.push_str("| key of `orepass.toml` | meaning |\n|---|---|\n");
    for (key, meaning) in SETTINGS {
        out.push_str(&format!("| `{key}` | {} |\n", meaning.replace("{LISTEN}", LISTEN)));
    }
    out.push_str("\n## For every command\n\n");
    arguments(&root, &mut out);
    for sub in root.get_subcommands() {
        section(sub, "orepass", 2, &mut out);
    }
    out
}

/// Every key of the configuration file; a test holds this to the reader.
pub const SETTINGS: [(&str, &str); 7] = [
    ("listen", "the address to listen on; default `{LISTEN}`"),
    ("database", "a PostgreSQL URL; the embedded database when left out"),
    (
        "public_url",
        "the address people use, as `https://lab.example.org`, when a proxy stands before the server",
    ),
    ("origin", "the name the ledger signs under; taken when its key is made"),
    ("log", "what is logged (`OREPASS_LOG`): `info`, `warn`, `server=debug`"),
    ("log_format", "`text` or `json` (`OREPASS_LOG_FORMAT`)"),
    (
        "fonts",
        "a folder of fonts for scripts that the embedded ones lack, beside `fonts/` of the data folder; a \
         character that no font has is refused before a certificate is issued",
    ),
];

fn section(command: &Command, above: &str, level: usize, out: &mut String) {
    let name = format!("{above} {}", command.get_name());
    out.push_str(&format!("\n{} `{name}`\n\n", "#".repeat(level)));
    if let Some(about) = command.get_about() {
        out.push_str(&format!("{about}\n"));
    }
    if command.get_arguments().any(|arg| !arg.is_global_set()) {
        out.push('\n');
        arguments(command, out);
    }
    if let Some(after) = command.get_after_help() {
        let after = after.to_string();
        let (text, example) = after.split_once("Example:\n").unwrap_or((&after, ""));
        out.push_str(&format!("\n{}\n", text.trim()));
        if !example.is_empty() {
            out.push_str(&format!("\n```sh\n{}\n```\n", example.trim()));
        }
    }
    for sub in command.get_subcommands() {
        section(sub, &name, (level + 1).min(4), out);
    }
}

fn arguments(command: &Command, out: &mut String) {
    out.push_str("| argument | meaning |\n|---|---|\n");
    for arg in command.get_arguments() {
        if arg.get_id() == "help" || arg.get_id() == "version" {
            continue;
        }
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        out.push_str(&format!("| `{}` | {} |\n", shown(arg), help.replace('|', "\\|")));
    }
}

fn shown(arg: &Arg) -> String {
    let value = arg
        .get_value_names()
        .map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    let value = value.unwrap_or_default().replace('|', "/");
    let takes = arg.get_action().takes_values();
    match arg.get_long() {
        Some(long) if takes => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    }
}
