//! A private PostgreSQL cluster for the tests: made in a temporary folder, ended when dropped.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::tools::found;

/// A running cluster. Ends its own server when dropped, and removes its folder.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    as_postgres: bool,
    /// How to reach it.
    pub url: String,
}

/// The folder of initdb and pg_ctl, newest version first.
pub fn server_folder() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop()
}

impl Cluster {
    /// Makes and starts one on a free port of loopback.
    pub fn start() -> Result<Self, String> {
        let programs = server_folder().ok_or("PostgreSQL's initdb is not installed")?;
        let folder = std::env::temp_dir().join(format!("orepass-pg-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let as_postgres = found("runuser") && is_root();
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = free.map_err(|error| format!("no free port: {error}"))?.port();
        let url = format!("postgres://orepass@127.0.0.1:{port}/postgres");
        let cluster = Cluster { folder, programs, as_postgres, url };
        if as_postgres {
            let path = cluster.folder.display().to_string();
            quiet(Command::new("chown").args(["postgres", &path]))?;
        }
        let data = cluster.folder.join("data").display().to_string();
        cluster
            .program("initdb", &["-D", &data, "-U", "orepass", "-A", "trust", "-E", "UTF8", "--locale=C"])?;
        let socket = cluster.folder.display().to_string();
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={socket} \
             -c max_connections=200 -c fsync=off"
        );
        let log = cluster.folder.join("log").display().to_string();
        cluster.program("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &settings, "start"])?;
        Ok(cluster)
    }

    fn program(&self, name: &str, arguments: &[&str]) -> Result<(), String> {
        let program = self.programs.join(name).display().to_string();
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", &program]);
            command
        } else {
            Command::new(&program)
        };
        quiet(command.args(arguments).current_dir(&self.folder))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.join("data").display().to_string();
        if let Err(why) = self.program("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]) {
            eprintln!("xtask: the PostgreSQL of the tests did not stop: {why}");
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

fn quiet(command: &mut Command) -> Result<(), String> {
    let name = format!("{command:?}");
    let status = command.stdout(Stdio::null()).status().map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}
