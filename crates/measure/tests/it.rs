//! The reader of cells against the answer keys of real instrument exports, made by an independent reading.

use std::path::PathBuf;

use measure::{NumberFormat, Qualifier, Unit, text};

/// One row of a key; rows with quoted cells are left to the tests of the intake.
struct KeyRow {
    raw: String,
    qualifier: String,
    value: String,
    unit: String,
}

fn key_rows() -> Option<Vec<KeyRow>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/instruments");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        assert!(std::env::var_os("CI").is_none(), "{} must be present where CI is set", folder.display());
        println!("skipped: {} is absent", folder.display());
        return None;
    };
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    // In a workbook the cell format is part of the value (percent); the text alone does not say it.
    paths.retain(|path| {
        let name = path.to_string_lossy();
        name.ends_with(".key.csv") && !name.ends_with(".xlsx.key.csv")
    });
    paths.sort();
    assert_eq!(paths.len(), 8, "text exports with a key");
    let mut rows = Vec::new();
    for path in paths {
        for line in std::fs::read_to_string(path)
            .expect("a key is text")
            .lines()
            .skip(1)
            .filter(|line| !line.contains('"'))
        {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |index: usize| cells[index].to_owned();
            rows.push(KeyRow { raw: cell(5), qualifier: cell(6), value: cell(7), unit: cell(8) });
        }
    }
    Some(rows)
}

#[test]
fn every_keyed_cell_reads_as_the_key_says() {
    let Some(rows) = key_rows() else { return };
    let mut values = 0;
    for KeyRow { raw, qualifier, value, unit } in rows {
        if qualifier == "value" {
            let token = text::read(&raw, NumberFormat::default()).unwrap();
            assert_eq!(token.qualifier, Qualifier::Value, "{raw}");
            assert_eq!(token.number.unwrap().as_str(), value, "digits of {raw}");
            if let Some(read) = token.unit {
                assert_eq!(Some(read), Unit::parse(&unit).ok(), "unit of {raw}");
            }
            values += 1;
        } else if let Ok(token) = text::read(&raw, NumberFormat::default()) {
            // Some instruments say it in another column; then the cell alone may be a plain number.
            let said = token.qualifier.as_str();
            assert!(
                said == qualifier || said == "value" || said == "missing",
                "{raw} is {said}, not {qualifier}"
            );
        }
        assert!(unit.is_empty() || Unit::parse(&unit).is_ok(), "{unit}");
    }
    assert!(values > 700, "only {values} cells were compared");
}
