//! The program's own subcommands, beside those of the areas.

use clap::{Arg, ArgAction, Command};

use crate::cli::with_own;

/// All of them, in the order of the help.
pub fn subcommands() -> Vec<Command> {
    let parts = [
        setting_up(),
        questions(),
        vec![crate::intake::command(), crate::balance::command(), crate::testwork::command()],
        proofs(),
        the_rest(),
    ];
    parts.into_iter().flatten().collect()
}

fn needed(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).value_name(value).help(help).required(true)
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn setting_up() -> Vec<Command> {
    let texts = [
        ("name-en", "The institute's English name", "Institute"),
        ("name-zh", "Its Chinese name", "研究院"),
        ("address-en", "Its address in English", "—"),
        ("address-zh", "Its address in Chinese", "—"),
        ("zone", "Its time zone", "Asia/Shanghai"),
        ("origin", "The name its ledger signs under", "orepass.local/ledger"),
        ("login", "The first administrator's login", "admin"),
        ("admin-code", "Their staff number", "AD"),
        ("admin-en", "Their name in Latin letters", "Administrator"),
        ("admin-zh", "Their name in Chinese", "管理员"),
    ];
    let init = Command::new("init")
        .about("Make a data folder, its signing key, the institute and its first administrator")
        .args(texts.map(|(name, help, usual)| option(name, "TEXT", help).default_value(usual)))
        .after_help("The administrator's password is OREPASS_PASSWORD, or asked for.");
    let demo = "Make an invented institute with a season of work in a new data folder, and print a tour";
    let field =
        option("field", "NAME=VALUE", "One field, as outputs[0].mass_kg=12.5").action(ArgAction::Append);
    vec![
        init,
        Command::new("demo").about(demo).arg(
            Arg::new("receipts")
                .long("receipts")
                .action(ArgAction::SetTrue)
                .help("Print of each command the last entry it committed"),
        ),
        Command::new("serve")
            .about("Serve pages and the programming interface until interrupted")
            .arg(option("listen", "ADDRESS", "Where [default: 127.0.0.1:8480]").env("OREPASS_LISTEN")),
        with_own(
            Command::new("do")
                .about("Give any command by its full name")
                .arg(needed("name", "NAME", "As lot.receive"))
                .arg(field),
        ),
    ]
}

fn questions() -> Vec<Command> {
    let sort =
        option("sort", "COLUMN", "Column; with - before it, from high to low").allow_hyphen_values(true);
    let list = Command::new("list")
        .about("Print a list; without a name, the names of all lists")
        .arg(needed("name", "NAME", "As lots").required(false))
        .arg(option("filter", "TEXT", "Words to be found"))
        .arg(sort)
        .arg(option("page", "N", "Which page"))
        .arg(option("page-size", "N", "Rows on a page, 500 at most"))
        .arg(option("where", "NAME=VALUE", "A facet of the list").action(ArgAction::Append));
    let search = Command::new("search")
        .about("Find records by number, code or name")
        .arg(needed("query", "WORDS", "What to find").num_args(1..));
    let of_a_record = [
        ("show", "Print a record"),
        ("explain", "Where does it come from, down to the raw token?"),
        ("trace", "What went into it, and where did it go?"),
        ("impact", "If it is wrong, what else is wrong, and who was told?"),
        ("history", "What happened to it: who, when, why"),
    ];
    let of_a_record = of_a_record
        .map(|(name, about)| Command::new(name).about(about).arg(needed("record", "RECORD", "As lot-12")));
    let mut all = vec![list, search];
    all.extend(of_a_record);
    all
}

fn proofs() -> Vec<Command> {
    let keys =
        option("key", "VKEY", "The issuer's public key, or a file that holds it").action(ArgAction::Append);
    let verify = Command::new("verify")
        .about("Check a dossier offline; needs no data folder and no network")
        .arg(needed("dossier", "FILE", "dossier.zip"))
        .arg(keys);
    let tree_only = Arg::new("tree-only")
        .long("tree-only")
        .action(ArgAction::SetTrue)
        .help("Do not compare rows and files");
    let prove = "Print the proof that an entry is in the log";
    let ledger = Command::new("ledger")
        .about("Verify the ledger of a data folder, print its head, prove an entry")
        .subcommand_required(true)
        .subcommand(
            Command::new("verify")
                .about("Recompute the tree, fold all entries, compare every tile, row and file; only reads")
                .arg(tree_only),
        )
        .subcommand(Command::new("checkpoint").about("Print the signed head"))
        .subcommand(Command::new("key").about("Print the public key"))
        .subcommand(Command::new("prove").about(prove).arg(needed("entry", "SEQ", "Its number")));
    let backup = Command::new("backup")
        .about("Copy a consistent state into a new folder, and verify it; a server may go on working")
        .arg(needed("to", "FOLDER", "A new folder"))
        .after_help(
            "Of a data folder, in use or not: --data FOLDER. From a running server: --server URL --as LOGIN, \
             an administrator, with the password in OREPASS_PASSWORD; such a backup has no signing key.",
        );
    let restore = Command::new("restore")
        .about("Copy a backup into a new data folder, and verify it")
        .arg(needed("from", "FOLDER", "The backup"))
        .arg(needed("to", "FOLDER", "The new data folder").required(false).required_unless_present("drill"))
        .arg(
            Arg::new("drill")
                .long("drill")
                .action(ArgAction::SetTrue)
                .conflicts_with("to")
                .help("Restore into a temporary folder, verify it, say how long it took, and remove it"),
        );
    vec![verify, ledger, backup, restore]
}

fn the_rest() -> Vec<Command> {
    let shell = needed("shell", "SHELL", "Which").value_parser(clap::value_parser!(clap_complete::Shell));
    vec![
        Command::new("commands").about("Print all commands with their roles and examples"),
        Command::new("openapi").about("Print the OpenAPI 3.1 document"),
        Command::new("completions").about("Print completions for a shell").arg(shell),
        Command::new("help-all").about("Print the reference of all commands (docs/cli.md)"),
    ]
}
