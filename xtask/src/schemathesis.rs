//! The programming interface against its own document: schemathesis reads the OpenAPI document of a served
//! demo institute and asks what it allows, and what it does not. No answer may be a failure of ours, and none
//! may be one that the document does not name.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::setup;
use crate::tools::{Done, binary, run, run_with, target};

/// The version the tests use.
const VERSION: &str = "4.32.5";

/// How many examples it makes up of each operation, beside the document's own and the borders.
const EXAMPLES: &str = "5";
const EXAMPLES_LONG: &str = "50";

/// Who asks: somebody with every role, made for this.
const LOGIN: &str = "prober";
const PASSWORD: &str = "ore to certificate";

/// Makes its Python environment in the target folder.
pub fn install() -> Done {
    let folder = target().join("tools/schemathesis");
    let stamp = folder.join("version");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == VERSION) {
        return Ok(());
    }
    let path = folder.display().to_string();
    run("python3", &["-m", "venv", "--clear", &path])?;
    let pip = folder.join("bin/pip").display().to_string();
    let wanted = format!("schemathesis=={VERSION}");
    run(&pip, &["install", "--quiet", "--disable-pip-version-check", &wanted])?;
    std::fs::write(&stamp, VERSION).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Serves a demo institute and asks it.
pub fn ask(long: bool) -> Done {
    setup::python()?;
    install()?;
    let folder = target().join("schemathesis-institute");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let data = folder.display().to_string();
    told(&["demo", "--data", &data], "")?;
    let token = prober(&data)?;
    let (server, address) = Server::start(&data)?;
    let document = format!("http://{address}/api/v1/openapi.json");
    let program = target().join("tools/schemathesis/bin/schemathesis").display().to_string();
    let authorization = format!("Authorization: Bearer {token}");
    let password = format!("X-Orepass-Password: {PASSWORD}");
    let arguments = [
        "run",
        &document,
        "--header",
        &authorization,
        "--header",
        &password,
        "--checks",
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        if long { EXAMPLES_LONG } else { EXAMPLES },
        "--seed",
        "7",
        "--suppress-health-check",
        "all",
        "--no-color",
    ];
    let home = target().display().to_string();
    let done = run_with(&program, &arguments, &[("HYPOTHESIS_STORAGE_DIRECTORY", &home)]);
    drop(server);
    done?;
    // What was asked has left nothing that does not verify.
    told(&["ledger", "verify", "--data", &data], "").map(|_| ())
}

/// Registers somebody in every role; gives a token for every command.
fn prober(data: &str) -> Result<String, String> {
    let give = |login: &str, words: &[&str]| {
        let own = ["--data", data, "--format", "json"];
        let mut all = own.to_vec();
        if !login.is_empty() {
            all.extend(["--as", login]);
        }
        all.extend(words);
        told(&all, PASSWORD)
    };
    let made =
        give("admin", &["person", "register", "--code", "PB", "--names.en", "Prober", "--names.zh", "试"])?;
    let person = word(&made, "person-").ok_or_else(|| format!("nobody was registered: {made}"))?;
    give("admin", &["account", "open", "--person", &person, "--login", LOGIN, "--password", PASSWORD])?;
    let roles = "analyst laboratory-head receiver shift-supervisor metallurgist quality-manager \
                 talent-officer director administrator";
    for role in roles.split(' ') {
        give("admin", &["role", "grant", "--person", &person, "--role", role])?;
    }
    let commands = give("", &["commands"])?;
    let names = commands.lines().filter_map(|line| line.strip_prefix("    \"name\": \""));
    let names: Vec<&str> = names.filter_map(|rest| rest.split('"').next()).collect();
    let names = names.join(", ");
    let words = ["token", "issue", "--name", "schemathesis", "--commands", &names];
    let tomorrow = Command::new("date").args(["-u", "-d", "+1 day", "+%Y-%m-%dT%H:%M:%SZ"]).output();
    let tomorrow = tomorrow.map_err(|error| format!("date: {error}"))?.stdout;
    let tomorrow = String::from_utf8_lossy(&tomorrow).trim().to_owned();
    let until = ["--expires-at", tomorrow.as_str()];
    let made = give(LOGIN, &[&words[..], &until[..]].concat())?;
    let secret = made.split("\"secret\": \"").nth(1).and_then(|rest| rest.split('"').next());
    secret.map(str::to_owned).ok_or_else(|| format!("no token was issued: {made}"))
}

fn word(text: &str, start: &str) -> Option<String> {
    let rest = text.split(start).nth(1)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("{start}{digits}"))
}

/// Runs the program; gives what it prints.
fn told(arguments: &[&str], password: &str) -> Result<String, String> {
    let mut command = Command::new(binary());
    command.args(arguments).env("OREPASS_PASSWORD", password);
    let out = command.output().map_err(|error| format!("orepass {}: {error}", arguments.join(" ")))?;
    if !out.status.success() {
        let said = String::from_utf8_lossy(&out.stderr);
        return Err(format!("orepass {}: {}: {said}", arguments.join(" "), out.status));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// A server on a port of the system's choice, ended when dropped.
struct Server(Child);

impl Server {
    fn start(data: &str) -> Result<(Self, String), String> {
        let mut command = Command::new(binary());
        command.args(["serve", "--data", data, "--listen", "127.0.0.1:0"]).env("OREPASS_LOG", "warn");
        let started = command.stdout(Stdio::piped()).spawn();
        let mut server = Server(started.map_err(|error| format!("orepass serve: {error}"))?);
        let out = server.0.stdout.take().ok_or("the server prints nothing")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map_err(|error| format!("orepass serve: {error}"))?;
        let address = line.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        if address.is_empty() { Err("the server did not start".to_owned()) } else { Ok((server, address)) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
