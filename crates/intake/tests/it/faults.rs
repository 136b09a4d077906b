//! The small files on which intake was wrong, each with its right answer, and the kinds they stand for.

use std::path::{Path, PathBuf};

use intake::{Import, Limits, Mapping, Outcome, Reading, Recognition, read, recognise, shipped};

use crate::foreign::{import, lines};

fn folder() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/intake-faults");
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "the files are missing: {}", path.display());
    println!("skipped: {} is not here", path.display());
    None
}

/// The file by the mapping of the same name, else by the shipped mapping that knows it.
fn fault(file: &str) -> Option<Result<Import, String>> {
    let folder = folder()?;
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let stem = file.rsplit_once('.').unwrap().0;
    let mapping = match std::fs::read_to_string(folder.join(format!("{stem}.toml"))) {
        Ok(text) => match Mapping::parse(&text, stem) {
            Ok(mapping) => mapping,
            Err(error) => return Some(Err(error.to_string())),
        },
        Err(_) => {
            let all = shipped();
            let Recognition::One(name) = recognise(file, &bytes, &all) else { panic!("{file} is not known") };
            all.into_iter().find(|one| one.name == name).unwrap()
        }
    };
    Some(read(file, &bytes, &mapping, &Limits::default()).map_err(|error| error.to_string()))
}

fn of<'a>(import: &'a Import, row: &str) -> Vec<&'a Reading> {
    import.readings.iter().filter(|one| one.row.rsplit('!').next() == Some(row)).collect()
}

fn asks(import: &Import, row: &str) -> bool {
    let own = of(import, row);
    let outcome = import.rows.iter().find(|one| one.row.rsplit('!').next() == Some(row)).unwrap();
    !own.is_empty()
        && own.iter().all(|one| one.needs_decision.is_some())
        && matches!(outcome.outcome, Outcome::NeedsDecision { .. })
}

fn values(import: &Import, row: &str) -> Vec<(String, Option<String>)> {
    of(import, row).iter().map(|one| (one.analyte.clone(), one.value.clone())).collect()
}

fn pair(analyte: &str, value: &str) -> (String, Option<String>) {
    (analyte.to_owned(), Some(value.to_owned()))
}

#[test]
fn f01_a_second_header_gives_its_own_names() {
    let Some(import) = fault("f01-second-header.csv") else { return };
    let import = import.unwrap();
    assert_eq!(values(&import, "2"), [pair("Fe", "1.1"), pair("Mn", "2.2")]);
    assert_eq!(values(&import, "4"), [pair("Ce", "3.3"), pair("La", "4.4")]);
    assert!(import.readings.iter().all(|one| one.needs_decision.is_none()));
    assert!(matches!(import.rows[2].outcome, Outcome::Header));
}

#[test]
fn f01_syngistix_reads_its_second_header_and_its_time() {
    let Some(import) = fault("f01-shipped-syngistix.xlsx") else { return };
    let import = import.unwrap();
    assert_eq!(values(&import, "2"), [pair("Fe", "1.1"), pair("Mn", "2.2")]);
    assert_eq!(values(&import, "4"), [pair("Ce", "3.3"), pair("La", "4.4")]);
    assert!(of(&import, "5").is_empty());
    assert!(
        matches!(&import.rows[4].outcome, Outcome::Skipped { rule } if rule.contains("calibration curves"))
    );
    let time = import.readings[0].measured_at.as_deref();
    assert_eq!(time, Some("2026-07-23T01:34:00"));
}

#[test]
fn syngistix_calls_its_controls_controls() {
    let all = shipped();
    let mapping = all.iter().find(|one| one.name == "perkinelmer-syngistix").unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Conc. in Sample Units").unwrap();
    for (column, name) in
        (0_u16..).zip(["Sample Id", "Acquisition Time", "Dataset File", "Method File", "Fe 259.940\n(mg/L)"])
    {
        sheet.write_string(0, column, name).unwrap();
    }
    let ids = ["QC1", "QC 2", "QC_3", "CCV", "Quarry 1", "Blank 1", "Std 2"];
    for (row, id) in (1_u32..).zip(ids) {
        sheet.write_string(row, 0, id).unwrap();
        sheet.write_string(row, 1, "2026-07-23 01:34:00").unwrap();
        sheet.write_number(row, 4, 1.5).unwrap();
    }
    let import = read("a.xlsx", &book.save_to_buffer().unwrap(), mapping, &Limits::default()).unwrap();
    let classes: Vec<&str> = import.readings.iter().map(|one| one.class.as_str()).collect();
    assert_eq!(classes, ["control", "control", "control", "control", "sample", "blank", "standard"]);
}

#[test]
fn f02_count_rates_below_the_results_are_no_concentrations() {
    let Some(import) = fault("f02-shipped-rigaku-intensity-section.csv") else { return };
    let import = import.unwrap();
    assert_eq!(values(&import, "3"), [pair("U3O8", "320.006"), pair("SiO2", "61.2")]);
    for row in ["13", "14", "15", "16"] {
        assert!(of(&import, row).is_empty(), "{row}: {:?}", of(&import, row));
    }
}

#[test]
fn f03_an_unknown_heading_ends_the_block() {
    let Some(import) = fault("f03-unknown-heading-analyte.csv") else { return };
    let import = import.unwrap();
    assert!(!asks(&import, "2") && asks(&import, "4"), "{:#?}", import.rows);
    let import = fault("f03-unknown-heading-sample.csv").unwrap().unwrap();
    assert!(!asks(&import, "2") && !asks(&import, "3"), "{:#?}", import.rows);
    assert!(asks(&import, "5") && asks(&import, "6"), "{:#?}", import.rows);
}

#[test]
fn f06_statistics_ask() {
    let Some(import) = fault("f06-statistics-words.csv") else { return };
    let import = import.unwrap();
    assert!(!asks(&import, "2"));
    for row in 3..=12 {
        assert!(asks(&import, &row.to_string()), "row {row}: {:?}", import.rows[row - 1]);
    }
}

#[test]
fn f08_the_unit_stands_over_the_value() {
    let Some(import) = fault("f08-analyte-over-first-of-several.csv") else { return };
    let import = import.unwrap();
    let one = &import.readings[0];
    assert_eq!((one.analyte.as_str(), one.value.as_deref(), one.unit.as_str()), ("Li", Some("0.108"), "ppb"));
    assert_eq!((import.readings.len(), &one.needs_decision), (1, &None));
    let import = fault("f08-trap.csv").unwrap().unwrap();
    assert!(asks(&import, "3"), "{:?}", import.readings);
    let reason = import.readings[0].needs_decision.as_deref().unwrap();
    assert!(reason.contains("the header says cps over this value, the mapping says ppb"), "{reason}");
}

/// The value stands in the third column of each group, as the manual shows.
#[test]
fn the_analyte_stands_over_the_first_and_the_value_in_the_third_column() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/intake.md")).unwrap();
    let part = text.split("#### Groups of columns").nth(1).unwrap();
    let file = part.split("```").nth(1).unwrap().trim_start_matches('\n');
    let mapping = part.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let analyte = "[analyte]\npattern = '^(?<channel>\\d+ (?<analyte>[A-Z][a-z]?))$'\n";
    let found = import("a.csv", file.as_bytes(), &format!("{mapping}{analyte}"));
    assert_eq!(
        lines(&found),
        ["3|S1|sample|Li|7 Li|value|0.108|ppb|", "3|S1|sample|Mn|55 Mn|value|3.2|ppb|"]
    );
    assert!(found.readings.iter().all(|one| one.needs_decision.is_none()));
}

#[test]
fn f09_a_key_that_does_nothing_is_refused() {
    let Some(import) = fault("f09-value-ignored-in-wide.txt") else { return };
    let error = import.unwrap_err();
    assert!(error.contains("value.column") && error.contains("layout wide"), "{error}");
}

#[test]
fn f10_a_computed_sum_is_no_component() {
    let Some(import) = fault("f10-sum-check-double.csv") else { return };
    assert_eq!(import.unwrap().warnings, Vec::<String>::new());
}

#[test]
fn f14_filled_columns_that_nothing_reads_are_named() {
    let Some(import) = fault("f14-unread-column-long.csv") else { return };
    let import = import.unwrap();
    for name in ["Error/Warning", "Dilution"] {
        let told = import.warnings.iter().filter(|text| text.contains(name)).count();
        assert_eq!(told, 1, "{name}: {:?}", import.warnings);
    }
}

const WIDE: &str =
    "[sample]\ncolumn = \"Id\"\n[columns]\nmatches = '^[A-Z][a-z]?$'\n[unit]\nconstant = \"mg/L\"\n";
const LONG: &str = "[sample]\ncolumn = \"Id\"\n[analyte]\ncolumn = \"El\"\n[value]\ncolumn = \"Conc\"\n\
                    unit_column = \"Unit\"\n";

/// Every way in which a row may break off a table: nothing below is taken without a question.
#[test]
fn what_stands_below_a_row_that_nobody_understands_is_never_taken_silently() {
    let wide = |between: &str| (WIDE, format!("Id,Type,Fe,Mn\na,s,1,2\n{between}\nb,s,3,4\n"));
    let long = |between: &str| (LONG, format!("Id,El,Conc,Unit\na,Fe,1,%\n{between}\nb,Fe,3,%\n"));
    let cases = [
        wide("Intensities"),
        wide("Intensities,,,"),
        wide("Id,Type,X-1,X-2"),
        wide("Probe,Art,Cu,Zn"),
        wide(",,kcps,kcps"),
        wide(",,Cu,Zn"),
        wide("Sample:,7,,"),
        wide("Peak,Area,Net,Sigma"),
        wide("Run 2,,batch B,"),
        long("Intensities"),
        long("Intensities,,,"),
        long("Probe,Linie,Netto,Einheit"),
        long("Sample:,A-2,,"),
        long("Id,El,Net,kcps"),
        long("Recoveries,,in,percent"),
    ];
    for (mapping, text) in cases {
        let import = import("a.csv", text.as_bytes(), mapping);
        assert!(import.readings.iter().any(|one| one.row == "2" && one.needs_decision.is_none()), "{text}");
        let below = import.readings.iter().filter(|one| one.row != "2");
        let taken: Vec<&Reading> = below.filter(|one| one.needs_decision.is_none()).collect();
        assert!(taken.is_empty(), "{text}: {taken:#?}");
        assert!(!matches!(import.rows[3].outcome, Outcome::Reading { .. }), "{text}");
    }
}

/// A header or a heading that is known begins a new context.
#[test]
fn a_known_header_or_heading_begins_again() {
    let text = "Id,Type,Fe,Mn\na,s,1,2\nSecond batch\nId,Type,Mn,Cu\nb,s,3,4\n";
    let found = import("a.csv", text.as_bytes(), WIDE);
    assert_eq!(lines(&found)[2..], ["5|b|sample|Mn||value|3|mg/L|", "5|b|sample|Cu||value|4|mg/L|"]);
    assert!(found.readings.iter().all(|one| one.needs_decision.is_none()), "{:#?}", found.rows);
    let blocks = "[[heading]]\npattern = '^Sample: (?<sample_id>.+)$'\n\
        [header]\nnames = [\"el\", \"conc\", \"unit\"]\n\
                  [analyte]\ncolumn = \"el\"\n[value]\ncolumn = \"conc\"\nunit_column = \"unit\"\n";
    let text = "Sample: A\nFe,1,%\nProbe: B\nFe,2,%\nSample: C\nFe,3,%\n";
    let found = import("a.csv", text.as_bytes(), blocks);
    let asked: Vec<bool> = found.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, true, false]);
}

/// Samples without values, unknown tokens beside times: rows of data, not ends of tables.
#[test]
fn rows_of_data_that_give_nothing_end_no_table() {
    let mapping = format!("{WIDE}[time]\ncolumn = \"Type\"\nformat = \"%Y-%m-%d\"\n");
    let text = "Id,Type,Fe,Mn\na,2026-01-01,1,2\nb,2026-01-01,,\nc,2026-01-01,OVR,OVR\nd,2026-01-01,3,4\n";
    let found = import("a.csv", text.as_bytes(), &mapping);
    assert!(found.readings.iter().all(|one| one.needs_decision.is_none()), "{:#?}", found.rows);
    let text = "Id,El,Conc,Unit\na,Fe,1,%\nb,Mn,what,%\nc,Fe,,\nd,Fe,2,%\n";
    let found = import("a.csv", text.as_bytes(), LONG);
    assert!(found.readings.iter().all(|one| one.needs_decision.is_none()), "{:#?}", found.rows);
    let text = "Id,Type,Fe,Mn\na,core,1,2\nb,core,,\nd,core,3,4\n";
    let found = import("a.csv", text.as_bytes(), WIDE);
    assert!(found.readings.iter().all(|one| one.needs_decision.is_none()), "{:#?}", found.rows);
}

/// An id that merely holds the letters of a statistic is read.
#[test]
fn ids_like_words_are_samples() {
    let text = "Id,Type,Fe,Mn\nMEANDER-3,,1,2\nRange Creek 12,,3,4\nSD-12,,5,6\nTotal Hill 4,,1,1\n";
    let found = import("a.csv", text.as_bytes(), WIDE);
    assert_eq!(found.readings.len(), 8);
    assert!(found.readings.iter().all(|one| one.needs_decision.is_none()), "{:#?}", found.rows);
}

/// A mapping that names the rule keeps its class; an analyte that is a statistic asks.
#[test]
fn statistics_by_rule_and_among_the_analytes() {
    let rule = "[[class]]\nwhen = { field = \"sample_id\", equals = \"Mean Creek\" }\nis = \"sample\"\n";
    let found = import("a.csv", b"Id,Type,Fe\nMean Creek,,1\nMean,,1\n", &format!("{WIDE}{rule}"));
    let asked: Vec<bool> = found.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, true]);
    let all = WIDE.replace("matches = '^[A-Z][a-z]?$'\n", "");
    let found = import("a.csv", b"Id,Fe,Mean,Sum\na,1,2,3\n", &all);
    let asked: Vec<bool> = found.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, true, false]);
}

#[test]
fn carried_ids_carry_their_time() {
    let mapping = "[sample]\ncolumn = \"Id\"\ncarry = true\n[analyte]\n\
        column = \"El\"\n[value]\ncolumn = \"Conc\"\n\
                   [unit]\nconstant = \"%\"\n[time]\ncolumn = \"At\"\nformat = \"%Y-%m-%d %H:%M\"\n";
    let text = "Id,At,El,Conc\na,2026-01-02 10:00,Fe,1\n,,Mn,2\nb,,Fe,3\n,2026-01-03 11:00,Mn,4\n";
    let found = import("a.csv", text.as_bytes(), mapping);
    let times: Vec<Option<&str>> = found.readings.iter().map(|one| one.measured_at.as_deref()).collect();
    let (first, last) = (Some("2026-01-02T10:00:00"), Some("2026-01-03T11:00:00"));
    assert_eq!(times, [first, first, None, last]);
}

#[test]
fn a_unit_in_the_header_that_contradicts_the_mapping_asks() {
    let cases = [
        ("Id,Fe (ppm)\na,1\n", "%", true),
        ("Id,Fe %\na,1\n", "%", false),
        ("Id,Fe (ppm)\na,1\n", "mg/kg", false),
        ("Id,Fe [ug/l]\na,1\n", "mg/L", true),
        ("Id,Fe cps\na,1\n", "mg/L", true),
        ("Id,Fe\na,1\n", "mg/L", false),
    ];
    for (text, unit, asked) in cases {
        let mapping = format!(
            "[sample]\ncolumn = \"Id\"\n[columns]\n[analyte]\npattern = '^(?<analyte>[A-Z][a-z]?)'\n\
             [unit]\nconstant = \"{unit}\"\n"
        );
        let found = import("a.csv", text.as_bytes(), &mapping);
        assert_eq!(found.readings[0].needs_decision.is_some(), asked, "{text} {unit}");
    }
    let long = "[sample]\ncolumn = \"Id\"\n[analyte]\ncolumn = \"El\"\n[value]\ncolumn = \"Conc (ppm)\"\n";
    let text = b"Id,El,Conc (ppm)\na,Fe,1\n";
    let found = import("a.csv", text, &format!("{long}unit = \"%\"\n"));
    assert!(found.readings[0].needs_decision.is_some());
    let found = import("a.csv", text, long);
    assert_eq!(found.readings[0].unit, "ppm", "the unit over the value counts");
}

#[test]
fn elements_beside_oxides_and_lines_far_apart_warn() {
    let text = "Id,Fe,Fe2O3,Mn,MnO\na,69.94,100.0,1.0,1.0\n";
    let mapping = "[sample]\ncolumn = \"Id\"\n[columns]\n[unit]\nconstant = \"%\"\n";
    let found = import("a.csv", text.as_bytes(), mapping);
    assert_eq!(found.warnings.len(), 1, "{:?}", found.warnings);
    assert!(
        found.warnings[0].contains("MnO is 1.0000 times Mn, the formula says 1.2912"),
        "{:?}",
        found.warnings
    );
    let text = "Id,Fe 1,Fe 2\na,10,11\nb,10,20\n";
    let pattern = "[analyte]\npattern = '^(?<analyte>[A-Z][a-z]?) (?<channel>\\d)$'\n";
    let found = import("a.csv", text.as_bytes(), &format!("{mapping}{pattern}"));
    assert_eq!(
        found.warnings,
        ["the lines of Fe differ by more than 20 % in 1 samples, first in b: 10 to 20"]
    );
}

/// Which row decided stands in the message.
#[test]
fn no_column_holds_values_names_the_row_that_decided() {
    let head = "name = \"x\"\nversion = 1\ninstrument = \"X\"\n";
    let text = format!("{head}[header]\nrow = 3\n[columns]\nfrom = 2\n[sample]\ncolumn = 1\n");
    let mapping = Mapping::parse(&text, "x").unwrap();
    let error = read("a.csv", b"t,\n,\nId,\na,1\n", &mapping, &Limits::default()).unwrap_err().to_string();
    assert!(error.contains("row 3 is taken as the header ([header] row)"), "{error}");
    assert!(error.contains("no column holds values"), "{error}");
}

/// Keys that do nothing in a layout, all of them.
#[test]
fn keys_that_do_nothing_are_refused_with_key_and_layout() {
    const LONG: &str = "layout = \"long\"\n[value]\ncolumn = \"V\"\n";
    const WIDE: &str = "[columns]\n";
    const ACROSS: &str = "layout = \"transposed\"\n[columns]\nfrom = 2\n";
    let cases = [
        ("[columns]\n", LONG, "columns", "layout long"),
        ("[value]\ncolumn = \"A\"\n", WIDE, "value.column", "layout wide"),
        ("[value]\nanalyte = \"A\"\n", WIDE, "value.analyte", "layout wide"),
        ("[value]\nanalyte_column = \"A\"\n", WIDE, "value.analyte_column", "layout wide"),
        ("[[value]]\nunit = \"%\"\n[[value]]\nunit = \"ppm\"\n", WIDE, "value.", "layout wide"),
        ("[analyte]\ncolumn = \"A\"\n", WIDE, "analyte.column", "layout wide"),
        ("[analyte]\nattribute = \"A\"\n", WIDE, "analyte.attribute", "layout wide"),
        ("[analyte]\nconstant = \"A\"\n", WIDE, "analyte.constant", "layout wide"),
        ("[analyte.list]\nattribute = \"A\"\nuse = \"source\"\n", WIDE, "analyte.list.use", "layout wide"),
        ("[replicates]\nmatches = 'R'\n", WIDE, "replicates", "layout wide"),
        ("[value]\ncolumn = \"A\"\n", ACROSS, "value.column", "layout transposed"),
        ("[value]\nanalyte = \"A\"\n", ACROSS, "value.analyte", "layout transposed"),
        ("[replicates]\nmatches = 'R'\n", ACROSS, "replicates", "layout transposed"),
        (
            "[replicate_rows]\ncolumn = \"A\"\nreading = \"M\"\n",
            ACROSS,
            "replicate_rows",
            "layout transposed",
        ),
        ("[sample]\ncolumn = \"A\"\n", ACROSS, "sample.column", "the id has two sources"),
        ("[header]\nrows = [\"name\", \"channel\"]\n", LONG, "header.rows", "layout long"),
        ("[header]\nrows = [\"name\", \"lld\"]\n", LONG, "header.rows", "layout long"),
        ("[header]\nunit_pattern = 'x'\n", LONG, "header.unit_pattern", "layout long"),
        ("[header]\nunit_pattern = 'x'\n", WIDE, "header.unit_pattern", "layout wide"),
        ("[header]\nnames = [\"V\"]\nrow = 3\n", LONG, "header.row", "names"),
        ("[header]\nnames = [\"V\"]\neach_block = true\n", LONG, "header.each_block", "names"),
        ("[header]\neach_block = true\n", WIDE, "header.each_block", "heading"),
        ("[header]\nrow = 3\nwhen = { column = 1, equals = \"A\" }\n", WIDE, "header.row", "when"),
        ("[sample]\ncarry = true\nconstant = \"A\"\n", LONG, "sample.carry", "column"),
        ("[unit]\npattern = 'x'\n", LONG, "unit.pattern", "source"),
        ("[channel]\npattern = 'x'\n", LONG, "channel.pattern", "source"),
        ("[basis]\npattern = 'x'\n", LONG, "basis.pattern", "source"),
        ("[[preamble]]\npattern = '(?<a>x)'\nvalue_cell = 2\n", LONG, "preamble.value_cell", "pattern"),
        ("[[check]]\nkind = \"sum\"\nrelative = \"0.1\"\n", LONG, "check.relative", "kind"),
        ("[open]\nsheet = \"A\"\nsheet_position = 2\n", LONG, "open.sheet_position", "sheet"),
        ("[open]\ndelimiter = \"tab\"\nwidths = [3]\n", LONG, "open.widths", "delimiter"),
        ("as = \"x\"\n", LONG, "as", "intensity"),
    ];
    for (keys, layout, key, says) in cases {
        let (top, rest) = layout.split_at(layout.find('[').unwrap());
        let (bare, tables) = if keys.starts_with('[') { ("", keys) } else { (keys, "") };
        let own = if keys.starts_with("[value") || keys.starts_with("[[value") { "" } else { rest };
        let own = if own.is_empty() && layout != LONG { rest } else { own };
        let text = format!("name = \"m\"\nversion = 1\ninstrument = \"X\"\n{bare}{top}{own}{tables}");
        match Mapping::parse(&text, "m") {
            Ok(_) => panic!("accepted: {text}"),
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains(key) && message.contains(says), "{text}: {message}");
            }
        }
    }
}

/// An ignored region reads nothing, and a mapping whose regions need different keys keeps them.
#[test]
fn keys_of_other_regions_are_no_slips() {
    let head = "name = \"m\"\nversion = 1\ninstrument = \"X\"\n";
    let text = format!(
        "{head}[columns]\n[[region]]\nname = \"a\"\n[[region]]\nname = \"b\"\nrole = \"ignore\"\n\
         start = {{ row = 5 }}\n[region.value]\nunit = \"%\"\n"
    );
    let message = Mapping::parse(&text, "m").unwrap_err().to_string();
    assert!(message.contains("value") && message.contains("role ignore"), "{message}");
    let text = format!(
        "{head}[columns]\n[[region]]\nname = \"a\"\n[[region]]\nname = \"b\"\nlayout = \"long\"\n\
         start = {{ row = 5 }}\n[region.value]\ncolumn = \"V\"\n"
    );
    assert!(Mapping::parse(&text, "m").is_ok());
}
