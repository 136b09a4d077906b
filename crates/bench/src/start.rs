//! How large the binary is and how soon it answers.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Figure;

/// Of the release binary beside this one, on a demo institute it makes itself.
pub fn run() -> Vec<Figure> {
    let binary = beside();
    let Ok(size) = binary.metadata().map(|file| file.len()) else {
        println!("| start: {} is not built | – | – | **no** |", binary.display());
        return Vec::new();
    };
    let folder = std::env::temp_dir().join(format!("orepass-start-{}", std::process::id()));
    let made = Instant::now();
    let demo = Command::new(&binary).args(["demo", "--data"]).arg(&folder).stdout(Stdio::null()).status();
    let made = made.elapsed().as_secs_f64();
    assert!(demo.is_ok_and(|status| status.success()), "the demo is made");
    let start = answers(&binary, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    vec![
        Figure::at_most("binary", size as f64 / 1e6, 60.0, "MB"),
        Figure::at_most("start: from exec to the first answered page, demo institute", start, 1.0, "s"),
        Figure::at_most("demo institute made", made, 30.0, "s"),
    ]
}

fn beside() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.with_file_name("orepass")
}

fn answers(binary: &Path, folder: &Path) -> f64 {
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
    let address = format!("127.0.0.1:{port}");
    let start = Instant::now();
    let mut child: Child = Command::new(binary)
        .args(["serve", "--listen", &address, "--data"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let took = loop {
        if answered(&address) {
            break start.elapsed().as_secs_f64();
        }
        assert!(start.elapsed() < Duration::from_secs(60), "no answer within a minute");
        std::thread::sleep(Duration::from_millis(2));
    };
    let _ = child.kill();
    let _ = child.wait();
    took
}

fn answered(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let request = format!("GET /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 200")
}
