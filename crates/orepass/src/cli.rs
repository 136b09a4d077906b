//! The arguments. Commands of the areas are made from their schemas, so that a new command is here at once.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Command};
use server::schema::{self, Field, Shape};
use store::CommandKind;

use crate::exit::Exit;

/// Flags that every subcommand has; a field of that name becomes `--field-NAME`.
const GLOBAL: [&str; 8] = ["data", "config", "database", "server", "token", "as", "format", "lang"];
/// Flags that every command of an area has.
pub const OWN: [&str; 3] = ["json", "key", "why"];

/// The whole command line.
pub fn command() -> Command {
    let flag = |name: &'static str, variable: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .env(variable)
            .value_name(value)
            .help(help)
            .global(true)
            .help_heading("Everywhere")
            .hide_env_values(true)
    };
    let mut root = Command::new("orepass")
        .version(env!("CARGO_PKG_VERSION"))
        .about("From the ore to the certificate: every number proved")
        .long_about(
            "From the ore to the certificate: every number proved.\n\nCommands of the laboratory are `orepass RECORD \
             VERB`, as `orepass lot receive`. They act on a data folder (--data, with --as LOGIN and \
             OREPASS_PASSWORD) or on a running server (--server, with --token).",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(flag("data", "OREPASS_DATA", "FOLDER", "The data folder [default: orepass-data]"))
        .arg(flag("config", "OREPASS_CONFIG", "FILE", "The configuration [default: orepass.toml in the data folder]"))
        .arg(flag("database", "OREPASS_DATABASE", "URL", "A PostgreSQL database instead of the embedded one"))
        .arg(flag("server", "OREPASS_SERVER", "URL", "Ask this running server, not a data folder"))
        .arg(flag("token", "OREPASS_TOKEN", "TOKEN", "Act by this token"))
        .arg(flag("as", "OREPASS_AS", "LOGIN", "Act as this person; the password is OREPASS_PASSWORD or asked for"))
        .arg(flag("format", "OREPASS_FORMAT", "FORMAT", "How to print").value_parser(["table", "json"]))
        .arg(flag("lang", "OREPASS_LANG", "LANG", "Language of messages").value_parser(["en", "zh"]));
    for sub in own() {
        root = root.subcommand(sub);
    }
    for (group, kinds) in groups() {
        let mut sub =
            Command::new(group.clone()).about(format!("Commands on: {group}")).subcommand_required(true);
        for kind in kinds {
            sub = sub.subcommand(of(&kind));
        }
        root = root.subcommand(sub);
    }
    root
}

/// The commands that people may give, by the record they are on.
pub fn groups() -> BTreeMap<String, Vec<CommandKind>> {
    let mut groups: BTreeMap<String, Vec<CommandKind>> = BTreeMap::new();
    for kind in kinds() {
        let group = kind.name.split('.').next().unwrap_or_default();
        groups.entry(group.to_owned()).or_default().push(kind);
    }
    groups
}

/// All commands that people may give, by name.
pub fn kinds() -> Vec<CommandKind> {
    let mut kinds: Vec<CommandKind> = server::areas().iter().flat_map(|area| (area.commands)()).collect();
    kinds.retain(|kind| !kind.roles.is_empty());
    kinds.sort_by_key(|kind| kind.name);
    kinds
}

/// `lot.receive` → `receive`, with dashes for what else a name may hold.
pub fn verb(kind: &CommandKind) -> String {
    let rest = kind.name.split_once('.').map_or(kind.name, |(_, rest)| rest);
    rest.replace(['.', '_'], "-")
}

fn of(kind: &CommandKind) -> Command {
    let mut sub = Command::new(verb(kind)).about(schema::summary(kind)).after_help(after(kind));
    for (flag, field) in flags(kind) {
        sub = sub.arg(argument(&flag, &field));
    }
    with_own(sub)
}

fn with_own(command: Command) -> Command {
    command
        .arg(
            Arg::new("json")
                .long("json")
                .value_name("JSON")
                .help("All fields at once: JSON, @FILE, or - for standard input"),
        )
        .arg(
            Arg::new("key")
                .long("key")
                .value_name("KEY")
                .help("Idempotency key: sent twice, it happens once"),
        )
        .arg(Arg::new("why").long("why").value_name("TEXT").help("The reason, kept in the ledger"))
}

fn after(kind: &CommandKind) -> String {
    let roles: Vec<&str> = kind.roles.iter().map(|role| role.word()).collect();
    let signs = kind.signs.map(|meaning| format!("\nSigns: {meaning}. Your password is asked for again."));
    let example: serde_json::Value = serde_json::from_str(kind.example).unwrap_or_default();
    let (group, verb) = (kind.name.split('.').next().unwrap_or_default(), verb(kind));
    format!(
        "Roles: {}{}\n\nExample:\n  orepass {group} {verb} --json '{example}'",
        roles.join(", "),
        signs.unwrap_or_default()
    )
}

/// Flag and field of each argument; names in two languages are two arguments.
pub fn flags(kind: &CommandKind) -> Vec<(String, Field)> {
    let mut all = Vec::new();
    for field in schema::fields(kind) {
        match &field.shape {
            Shape::Group(parts) if parts.iter().all(|part| !nested(&part.shape)) => {
                all.extend(parts.iter().map(|part| {
                    let name = format!("{}.{}", field.name, part.name);
                    (flag(&name), Field { name, ..part.clone() })
                }));
            }
            _ => all.push((flag(&field.name), field)),
        }
    }
    all
}

fn nested(shape: &Shape) -> bool {
    matches!(shape, Shape::Group(_) | Shape::Lines(_) | Shape::Json)
}

fn flag(name: &str) -> String {
    let plain = name.replace('_', "-");
    let taken = GLOBAL.contains(&plain.as_str()) || OWN.contains(&plain.as_str()) || plain == "help";
    if taken { format!("field-{plain}") } else { plain }
}

fn argument(flag: &str, field: &Field) -> Arg {
    let (value, many) = match &field.shape {
        Shape::Lines(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| format!("{}=…", part.name)).collect();
            (parts.join(","), true)
        }
        Shape::List(_) => ("VALUE".to_owned(), true),
        Shape::Group(_) | Shape::Json => ("JSON".to_owned(), false),
        Shape::Record(Some(kind)) => (format!("{}-ID", kind.word().to_uppercase()), false),
        Shape::Record(None) => ("RECORD-ID".to_owned(), false),
        Shape::Day => ("YYYY-MM-DD".to_owned(), false),
        Shape::Instant => ("INSTANT".to_owned(), false),
        Shape::Choice(words) if words.len() <= 6 => (words.join("|"), false),
        Shape::Integer => ("NUMBER".to_owned(), false),
        Shape::Flag => ("yes|no".to_owned(), false),
        _ => ("TEXT".to_owned(), false),
    };
    let mut help = field.doc.replace('\n', " ");
    if field.required {
        help.push_str(" [required]");
    }
    if many {
        help.push_str(" [may be repeated]");
    }
    Arg::new(field.name.clone())
        .long(flag.to_owned())
        .value_name(value)
        .help(help.trim().to_owned())
        .allow_hyphen_values(true)
        .action(if many { ArgAction::Append } else { ArgAction::Set })
}

fn own() -> Vec<Command> {
    let word = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).value_name(value).help(help)
    };
    let needed = |name, value, help| word(name, value, help).required(true);
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let pairs = || {
        Arg::new("where")
            .long("where")
            .value_name("NAME=VALUE")
            .action(ArgAction::Append)
            .help("A facet of the list")
    };
    vec![
        Command::new("init")
            .about("Make a data folder, its signing key, the institute and its first administrator")
            .arg(option("name-en", "TEXT", "The institute's English name").default_value("Institute"))
            .arg(option("name-zh", "TEXT", "Its Chinese name").default_value("研究院"))
            .arg(option("address-en", "TEXT", "Its address in English").default_value("—"))
            .arg(option("address-zh", "TEXT", "Its address in Chinese").default_value("—"))
            .arg(option("zone", "ZONE", "Its time zone").default_value("Asia/Shanghai"))
            .arg(
                option("origin", "NAME", "The name its ledger signs under")
                    .default_value("orepass.local/ledger"),
            )
            .arg(option("login", "LOGIN", "The first administrator's login").default_value("admin"))
            .arg(option("admin-code", "CODE", "Their staff number").default_value("AD"))
            .arg(option("admin-en", "TEXT", "Their name in Latin letters").default_value("Administrator"))
            .arg(option("admin-zh", "TEXT", "Their name in Chinese").default_value("管理员"))
            .after_help("The administrator's password is OREPASS_PASSWORD, or asked for."),
        Command::new("serve")
            .about("Serve pages and the programming interface until interrupted")
            .arg(option("listen", "ADDRESS", "Where [default: 127.0.0.1:8480]").env("OREPASS_LISTEN")),
        with_own(
            Command::new("do")
                .about("Give any command by its full name")
                .arg(needed("name", "NAME", "As lot.receive"))
                .arg(
                    Arg::new("field")
                        .long("field")
                        .value_name("NAME=VALUE")
                        .action(ArgAction::Append)
                        .help("One field, as outputs[0].mass_kg=12.5"),
                ),
        ),
        Command::new("list")
            .about("Print a list; without a name, the names of all lists")
            .arg(word("name", "NAME", "As lots"))
            .arg(option("filter", "TEXT", "Words to be found"))
            .arg(
                option("sort", "COLUMN", "Column; with - before it, from high to low")
                    .allow_hyphen_values(true),
            )
            .arg(option("page", "N", "Which page"))
            .arg(option("page-size", "N", "Rows on a page, 500 at most"))
            .arg(pairs()),
        Command::new("show").about("Print a record").arg(needed("record", "RECORD", "As lot-12")),
        Command::new("search")
            .about("Find records by number, code or name")
            .arg(needed("query", "WORDS", "What to find").num_args(1..)),
        Command::new("explain").about("Where does it come from, down to the raw token?").arg(needed(
            "record",
            "RECORD",
            "As result-12",
        )),
        Command::new("trace").about("What went into it, and where did it go?").arg(needed(
            "record",
            "RECORD",
            "As lot-12",
        )),
        Command::new("impact").about("If it is wrong, what else is wrong, and who was told?").arg(needed(
            "record",
            "RECORD",
            "As calibration-12",
        )),
        Command::new("history").about("What happened to it: who, when, why").arg(needed(
            "record",
            "RECORD",
            "As lot-12",
        )),
        Command::new("commands").about("Print all commands with their roles and examples"),
        Command::new("openapi").about("Print the OpenAPI 3.1 document"),
        crate::intake::command(),
        Command::new("verify")
            .about("Check a dossier offline; needs no data folder and no network")
            .arg(needed("dossier", "FILE", "dossier.zip"))
            .arg(
                option("key", "VKEY", "The issuer's public key, or a file that holds it")
                    .action(ArgAction::Append),
            ),
        Command::new("ledger")
            .about("Verify the ledger of a data folder, print its head, prove an entry")
            .subcommand_required(true)
            .subcommand(
                Command::new("verify")
                    .about("Recompute the tree, fold every entry again, compare every row and file")
                    .arg(
                        Arg::new("tree-only")
                            .long("tree-only")
                            .action(ArgAction::SetTrue)
                            .help("Do not compare rows and files"),
                    ),
            )
            .subcommand(Command::new("checkpoint").about("Print the signed head"))
            .subcommand(Command::new("key").about("Print the public key"))
            .subcommand(
                Command::new("prove").about("Print the proof that an entry is in the log").arg(needed(
                    "entry",
                    "SEQ",
                    "Its number",
                )),
            ),
        Command::new("backup").about("Copy a consistent state into a new folder, and verify it").arg(needed(
            "to",
            "FOLDER",
            "A new folder",
        )),
        Command::new("restore")
            .about("Copy a backup into a new data folder, and verify it")
            .arg(needed("from", "FOLDER", "The backup"))
            .arg(needed("to", "FOLDER", "The new data folder")),
        Command::new("completions")
            .about("Print completions for a shell")
            .arg(needed("shell", "SHELL", "Which").value_parser(clap::value_parser!(clap_complete::Shell))),
        Command::new("help-all").about("Print the reference of all commands (docs/cli.md)"),
    ]
}

/// Prints completions.
pub fn completions(own: &ArgMatches) -> Result<Exit> {
    if let Some(shell) = own.get_one::<clap_complete::Shell>("shell") {
        clap_complete::generate(*shell, &mut command(), "orepass", &mut std::io::stdout());
    }
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        command().debug_assert();
    }
}
