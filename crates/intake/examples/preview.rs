//! `cargo run -p intake --example preview -- FILE [MAPPING.toml]`: what `orepass intake preview` prints, for
//! work on mappings inside this crate; `--time` prints only how fast reading was.

use std::error::Error;
use std::path::Path;

use intake::{Limits, Mapping, Recognition, recognise, shipped};

fn main() -> Result<(), Box<dyn Error>> {
    let (options, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|one| one.starts_with("--"));
    let [file, rest @ ..] = names.as_slice() else { return Err("name a file".into()) };
    let bytes = std::fs::read(file)?;
    let name = Path::new(file).file_name().map_or(file.clone(), |name| name.to_string_lossy().into_owned());
    let mapping = match rest.first() {
        Some(path) => Mapping::parse(&std::fs::read_to_string(path)?, path)?,
        None => match recognise(&name, &bytes, &shipped()) {
            Recognition::One(chosen) => {
                shipped().into_iter().find(|one| one.name == chosen).ok_or("the mapping vanished")?
            }
            other => return Err(format!("{other:?}").into()),
        },
    };
    let started = std::time::Instant::now();
    let import = intake::read(&name, &bytes, &mapping, &Limits::default())?;
    if options.iter().any(|one| one == "--time") {
        let seconds = started.elapsed().as_secs_f64();
        println!("{} readings, {:.0} rows/s", import.readings.len(), import.rows.len() as f64 / seconds);
        return Ok(());
    }
    println!("{}", serde_json::to_string_pretty(&import)?);
    Ok(())
}
