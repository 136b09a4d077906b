//! Every reading of the thirteen real files against the key that was made by reading them.

use std::path::{Path, PathBuf};

use intake::{Import, Limits, Mapping, Outcome, Reading, Recognition, recognise, shipped};

fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/instruments");
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "the instrument files are missing: {}", path.display());
    println!("skipped: {} is not here", path.display());
    None
}

/// File here, and the name it was published under, which some mappings read the id from.
const FILES: &[(&str, &str)] = &[
    ("varian-vista-pro-icp.csv", "varian-vista-pro-icp.csv"),
    ("perkinelmer-syngistix-icp.xlsx", "perkinelmer-syngistix-icp.xlsx"),
    ("rigaku-supermini-xrf.csv", "rigaku-supermini-xrf.csv"),
    ("bruker-s8-tiger-xrf.csv", "DU-0001.csv"),
    ("bruker-s8-tiger-xrf.xlsx", "DU-0001-234987347.xlsx"),
    ("eltra-cs2000.txt", "eltra-cs2000.txt"),
    ("agilent-flame-aas-over.csv", "agilent-flame-aas-over.csv"),
    ("agilent-flame-aas-over.prn", "agilent-flame-aas-over.prn"),
    ("agilent-flame-aas-over.xlsx", "agilent-flame-aas-over.xlsx"),
    ("agilent-flame-aas-same-id.csv", "agilent-flame-aas-same-id.csv"),
    ("agilent-flame-aas-same-id.xlsx", "agilent-flame-aas-same-id.xlsx"),
    ("agilent-flame-aas-many-analyses.csv", "agilent-flame-aas-many-analyses.csv"),
    ("agilent-flame-aas-many-analyses.xlsx", "agilent-flame-aas-many-analyses.xlsx"),
];

fn import(folder: &Path, file: &str, name: &str) -> (Import, Mapping) {
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let mappings = shipped();
    let Recognition::One(chosen) = recognise(name, &bytes, &mappings) else {
        panic!("{file}: {:?}", recognise(name, &bytes, &mappings));
    };
    let mapping = mappings.into_iter().find(|one| one.name == chosen).unwrap();
    (intake::read(name, &bytes, &mapping, &Limits::default()).unwrap(), mapping)
}

fn named(file: &str) -> Option<Import> {
    let name = FILES.iter().find(|(one, _)| *one == file).unwrap().1;
    folder().map(|folder| import(&folder, file, name).0)
}

/// Key lines hold no quoted commas except in quoted cells; this is enough for them.
fn cells(line: &str) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    out.push(cell);
    out
}

fn unit(text: &str) -> String {
    match text.to_lowercase().as_str() {
        "mass%" => "%".to_owned(),
        other => other.to_owned(),
    }
}

fn as_key(reading: &Reading) -> [String; 10] {
    [
        reading.row.clone(),
        reading.sample_id.clone(),
        reading.class.as_str().to_owned(),
        reading.analyte.clone(),
        reading.channel.clone(),
        reading.raw.clone(),
        reading.qualifier.as_str().to_owned(),
        reading.value.clone().unwrap_or_default(),
        reading.unit.to_lowercase(),
        reading.flags.join(";"),
    ]
}

#[test]
fn every_reading_of_every_file_is_as_keyed() {
    let Some(folder) = folder() else { return };
    for (file, name) in FILES {
        let (import, _) = import(&folder, file, name);
        let key = std::fs::read_to_string(folder.join(format!("{file}.key.csv"))).unwrap();
        let keyed: Vec<[String; 10]> = key
            .lines()
            .skip(1)
            .map(|line| {
                let mut row = cells(line);
                row[8] = unit(&row[8]);
                row[9] = row[9].split(';').filter(|one| !one.starts_with('~')).collect::<Vec<_>>().join(";");
                row.try_into().unwrap()
            })
            .collect();
        let read: Vec<[String; 10]> = import.readings.iter().map(as_key).collect();
        for (at, (read, keyed)) in read.iter().zip(&keyed).enumerate() {
            assert_eq!(read, keyed, "{file}, reading {}", at + 1);
        }
        assert_eq!(read.len(), keyed.len(), "{file}");
        assert!(import.refusals.is_empty(), "{file}: {:?}", import.refusals);
    }
}

#[test]
fn accounts_add_up_to_the_rows_of_the_file() {
    let Some(folder) = folder() else { return };
    for (file, name) in FILES {
        let (import, _) = import(&folder, file, name);
        let account = &import.account;
        let parts = account.reading
            + account.attribute
            + account.header
            + account.statistics
            + account.skipped
            + account.blank
            + account.refused
            + account.needs_decision;
        assert_eq!(parts, account.rows, "{file}");
        assert_eq!(account.refused + account.skipped, 0, "{file}: {:?}", import.rows);
        if import.encoding != "workbook" {
            let bytes = std::fs::read(folder.join(file)).unwrap();
            let text = if bytes.starts_with(&[0xFF, 0xFE]) {
                let units: Vec<u16> =
                    bytes.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
                String::from_utf16(&units).unwrap()
            } else {
                String::from_utf8(bytes).unwrap()
            };
            assert_eq!(account.rows, text.lines().count() as u64, "{file}");
        }
    }
}

#[test]
fn varian_repeats_are_numbered_and_a_missing_line_is_told() {
    let Some(import) = named("varian-vista-pro-icp.csv") else { return };
    // eight samples of three lines are measured twice
    let second =
        import.readings.iter().filter(|one| one.occurrence == 2 && one.class == intake::Class::Sample);
    assert_eq!(second.count(), 24);
    assert!(
        import.warnings.iter().any(|text| text == "Standard 4: no reading of Al 396.152"),
        "{:?}",
        import.warnings
    );
    let question = import.date_question.as_ref().unwrap();
    assert_eq!((question.rows, question.certain.len()), (import.account.readings, 0));
    let means: Vec<_> = question.examples[0].means.iter().map(|one| one.at.as_str()).collect();
    assert_eq!(means, ["2016-02-08T14:11:28", "2016-08-02T14:11:28"]);
    assert!(import.readings.iter().all(|one| one.measured_at.is_none() && one.needs_decision.is_some()));
    let flagged = import.readings.iter().find(|one| one.row == "197").unwrap();
    assert_eq!(flagged.flags, ["uv"]);
    assert_eq!(flagged.replicates.len(), 2);
    assert_eq!(flagged.replicates[1].flag, "u");
    assert_eq!(flagged.attributes["rsd"], "180.651");
    assert_eq!(import.readings[20].sample_id_verbatim.trim_end(), import.readings[20].sample_id);
}

#[test]
fn agilent_ranges_are_chosen_or_asked_about() {
    let Some(import) = named("agilent-flame-aas-over.csv") else { return };
    let chosen: Vec<(&str, &str, Option<&str>)> = import
        .readings
        .iter()
        .filter(|one| one.chosen == Some(true))
        .map(|one| (one.row.as_str(), one.qualifier.as_str(), one.value.as_deref()))
        .collect();
    assert_eq!(chosen, [("16", "value", Some("1.5")), ("21", "value", Some("2")), ("22", "above", None)]);
    assert!(import.readings.iter().all(|one| one.needs_decision.is_none()));
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2021-03-01T23:25:00"));

    let import = named("agilent-flame-aas-same-id.xlsx").unwrap();
    let asked: Vec<&str> = import
        .readings
        .iter()
        .filter(|one| one.needs_decision.is_some())
        .map(|one| one.row.as_str())
        .collect();
    assert_eq!(asked, ["Sheet1!11", "Sheet1!17"]);
    let reason = import.readings[2].needs_decision.as_deref().unwrap();
    assert!(
        reason.contains("1.5 on Au Aqua Regia Echelle1") && reason.contains("5 on Au Aqua Regia Echelle2")
    );
    assert_eq!(import.account.needs_decision, 2);

    let import = named("agilent-flame-aas-many-analyses.csv").unwrap();
    let reason = import.readings[1].needs_decision.as_deref().unwrap();
    assert!(reason.contains("the list in the file says Mg here, the block says Au"), "{reason}");

    let import = named("agilent-flame-aas-over.prn").unwrap();
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2022-03-15T21:28:00"));
    assert_eq!(import.attributes["methods"], "Au,Au,Au");
}

#[test]
fn bruker_contradictions_are_questions() {
    let Some(import) = named("bruker-s8-tiger-xrf.csv") else { return };
    for (at, analyte) in [(0, "Ag"), (1, "Al")] {
        let reason = import.readings[at].needs_decision.as_deref().unwrap();
        assert!(reason.contains(&format!("{analyte} contradicts itself")), "{reason}");
        assert!(reason.contains("above 100 %"), "{reason}");
    }
    assert!(import.readings[2..].iter().all(|one| one.needs_decision.is_none()));
    assert!(
        import.warnings.iter().any(|text| text.contains("Tb4O7 231 PPM is below its own detection limit"))
    );
    assert!(matches!(import.rows[1].outcome, Outcome::NeedsDecision { readings: 1, .. }));
    let import = named("bruker-s8-tiger-xrf.xlsx").unwrap();
    assert_eq!(import.readings[4].attributes["stat_error"], "3.64%");
}

#[test]
fn eltra_reports_two_of_four_channels() {
    let Some(import) = named("eltra-cs2000.txt") else { return };
    let reported: Vec<&Reading> = import.readings.iter().filter(|one| one.reported).collect();
    assert_eq!(reported.len(), 28);
    for one in reported {
        let same = if one.analyte == "C" { "reported_first" } else { "reported_second" };
        assert_eq!(one.attributes[same], one.raw);
        assert_eq!(one.marks, ["unit from mapping"]);
    }
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2015-03-24T07:55:00"));
    assert_eq!(import.readings[0].attributes["furnace"], "IND");
}

#[test]
fn rigaku_footer_agrees_with_its_columns() {
    let Some(import) = named("rigaku-supermini-xrf.csv") else { return };
    assert!(!import.warnings.iter().any(|text| text.contains("is stated as")), "{:?}", import.warnings);
    assert_eq!(import.account.statistics, 7);
}
