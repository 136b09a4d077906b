//! The arguments. Commands of the areas are made from their schemas, so that a new command is here at once.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Command};
use server::schema::{self, Field, Shape};
use store::CommandKind;

use crate::exit::Exit;
use crate::own;

/// The flag of the reason, whatever a command calls it.
pub const WHY: &str = "why";

/// Flags that every subcommand has; a field of that name becomes `--field-NAME`.
const GLOBAL: [&str; 8] = ["data", "config", "database", "server", "token", "as", "format", "lang"];
/// Flags that every command of an area has.
pub const OWN: [&str; 3] = ["json", "key", "why"];

const ABOUT: &str = "From the ore to the certificate: every number proved.

Commands of the laboratory are `orepass RECORD VERB`, as `orepass lot receive`. They act on a data folder
(--data, with --as LOGIN and OREPASS_PASSWORD) or on a running server (--server, with --token).";

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
    let folder = "The configuration [default: orepass.toml in the data folder]";
    let person = "Act as this person; the password is OREPASS_PASSWORD or asked for";
    let mut root = Command::new("orepass")
        .version(env!("CARGO_PKG_VERSION"))
        .about("From the ore to the certificate: every number proved")
        .long_about(ABOUT)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(flag("data", "OREPASS_DATA", "FOLDER", "The data folder [default: orepass-data]"))
        .arg(flag("config", "OREPASS_CONFIG", "FILE", folder))
        .arg(flag("database", "OREPASS_DATABASE", "URL", "A PostgreSQL database instead of the embedded one"))
        .arg(flag("server", "OREPASS_SERVER", "URL", "Ask this running server, not a data folder"))
        .arg(flag("token", "OREPASS_TOKEN", "TOKEN", "Act by this token"))
        .arg(flag("as", "OREPASS_AS", "LOGIN", person))
        .arg(flag("format", "OREPASS_FORMAT", "FORMAT", "How to print").value_parser(["table", "json"]))
        .arg(flag("lang", "OREPASS_LANG", "LANG", "Language of messages").value_parser(["en", "zh"]));
    for sub in own::subcommands() {
        root = root.subcommand(sub);
    }
    for (group, kinds) in groups() {
        let verbs = kinds.iter().map(of);
        root = if root.find_subcommand(&group).is_some() {
            // a subcommand of the program's own takes the area's verbs in beside its own
            root.mut_subcommand(&group, |own| own.subcommands(verbs))
        } else {
            let about = format!("Commands on: {group}");
            root.subcommand(Command::new(group).about(about).subcommand_required(true).subcommands(verbs))
        };
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
    match schema::fields(kind).iter().find(|field| field.name == WHY) {
        Some(field) => with_own(sub).mut_arg(WHY, |_| argument(WHY, field).id(WHY)),
        None => with_own(sub),
    }
}

/// The flags that every command of an area has.
pub fn with_own(command: Command) -> Command {
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

/// Flag and field of each argument; names in two languages are two arguments. A field for the reason is none:
/// it is what `--why` gives.
pub fn flags(kind: &CommandKind) -> Vec<(String, Field)> {
    let mut all = Vec::new();
    for field in schema::fields(kind).into_iter().filter(|field| field.name != WHY) {
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

/// Under which id an argument's values are found; apart from those of the program's own flags.
pub fn id(field: &str) -> String {
    format!("field:{field}")
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
    Arg::new(id(&field.name))
        .long(flag.to_owned())
        .value_name(value)
        .help(help.trim().to_owned())
        .allow_hyphen_values(true)
        .action(if many { ArgAction::Append } else { ArgAction::Set })
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
