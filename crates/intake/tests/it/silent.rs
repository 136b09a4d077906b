//! What testers found to be read wrongly without a word, by kinds: each input either asks, is refused, or is
//! read as it should be; beside each kind stand sound files that must stay unasked.

use intake::{Import, Limits, Mapping, read};

use crate::foreign::{import, lines};

const WIDE: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[columns]\n\
    from = \"Fe\"\n\
                    [unit]\nconstant = \"%\"\n";
const LONG: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[analyte]\n\
    column = \"El\"\n\
                    [value]\ncolumn = \"Conc\"\nunit_column = \"Unit\"\n";

fn wide(text: &str) -> Import {
    import("a.csv", text.as_bytes(), WIDE)
}

/// Reads a file by a shipped mapping.
fn shipped(name: &str, text: &[u8]) -> Import {
    let mapping = intake::shipped().into_iter().find(|one| one.name == name).unwrap();
    read("a.csv", text, &mapping, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn asked(import: &Import, row: &str) -> bool {
    let mut own = import.readings.iter().filter(|one| one.row == row).peekable();
    own.peek().is_some() && own.all(|one| one.needs_decision.is_some())
}

/// No reading of the row counts without a person.
fn kept_out(import: &Import, row: &str) -> bool {
    import.readings.iter().filter(|one| one.row == row).all(|one| one.needs_decision.is_some())
}

fn unasked(import: &Import) -> bool {
    import.readings.iter().all(|one| one.needs_decision.is_none())
}

fn refused(mapping: &str) -> String {
    let head = "name = \"x\"\nversion = 1\ninstrument = \"X\"\nclass_default = \"sample\"\n";
    match Mapping::parse(&format!("{head}{mapping}"), "x") {
        Ok(_) => panic!("accepted: {mapping}"),
        Err(error) => error.to_string(),
    }
}

const TITLES: &[&str] = &[
    "RSD (%)",
    "Results in ppm",
    "Standard deviations",
    ",Uncertainties,",
    "Detection limits,,",
    "Uncertainties (k=2)",
    "Intensities",
    "Messunsicherheit",
    "检出限",
    "Precision",
    "Results,in ppm,",
    "Dry basis",
];

#[test]
fn a_header_that_comes_again_does_not_undo_a_title() {
    for title in TITLES {
        let found = wide(&format!("Sample,Fe,Mn\nS1,1.5,2\n\n{title}\nSample,Fe,Mn\nS1,5,6\nS2,5,6\n"));
        assert!(found.readings[0].needs_decision.is_none(), "{title}");
        assert!(asked(&found, "6") && asked(&found, "7"), "{title}: {:?}", lines(&found));
        let text = format!("Sample,El,Conc,Unit\nS1,Fe,1,%\n{title}\nSample,El,Conc,Unit\nS1,Fe,5,%\n");
        assert!(asked(&import("a.csv", text.as_bytes(), LONG), "5"), "{title}");
    }
    let transposed =
        "layout = \"transposed\"\n[columns]\nfrom = 2\n[analyte]\ncolumn = 1\n[unit]\nconstant = \"%\"\n";
    for title in ["RSD (%),,", "Standard deviations", ",Uncertainties,"] {
        let text = format!("El,S1,S2\nFe,1,2\n{title}\nEl,S1,S2\nFe,5,6\n");
        assert!(asked(&import("a.csv", text.as_bytes(), transposed), "5"), "{title}");
    }
    for title in ["Page 2 of 3", "Second batch", "Batch 2,12,", "2026-01-01,,", "第2页"] {
        let found = wide(&format!("Sample,Fe,Mn\nS1,1.5,2\n{title}\nSample,Fe,Mn\nS1,5,6\n"));
        assert!(unasked(&found), "{title}: {:#?}", found.rows);
    }
}

const RIGAKU: &str = ",,,,SiO2,,Fe2O3,\n,,,,mass%,,mass%,\nA1,PIGMT,90.9,2026/03/31 14:33,50.1,,3.3,\n";

#[test]
fn titles_in_the_files_of_shipped_mappings_ask() {
    let again = RIGAKU.replace("A1", "B1");
    let found = shipped("rigaku-supermini", format!("{RIGAKU}Detection limits,,,,,,,\n{again}").as_bytes());
    assert!(asked(&found, "7") && !asked(&found, "3"), "{:#?}", found.rows);
    let rates = ",,,,Si-KA,,Fe-KA,\n,,,,kcps,,kcps,\nA1,PIGMT,90.9,2026/03/31 14:33,10,,20,\n";
    let text = format!("{RIGAKU}Detection limits,,,,,,,\n{rates}{again}");
    let found = shipped("rigaku-supermini", text.as_bytes());
    assert!(asked(&found, "10"), "{:#?}", found.rows);
    let head = "Solution Label,Batch Label,Customer Id,Customer Label,Type,Element,Flags,Soln Conc,\
        Units,Corr Con,\
                Units,Int,Internal Std,Date,Time,SD,RSD,IntSD,IntRSD,Act Wgt,Act Vol,DF,NumReps,\
                    Replicates,,,\n";
    let row =
        "S1,,,,Samp,Fe 259.940,,1.0,mg/L,1.5,mg/L,41.5,-,13/02/2016,14:11:28,0.0,0.0,1,1,1,1,1,2,43,,39,\n";
    let found =
        shipped("varian-vista-pro", format!("{head}{row}Uncertainties (k=2)\n{head}{row}").as_bytes());
    assert!(asked(&found, "5") && !asked(&found, "2"), "{:#?}", found.rows);
}

#[test]
fn results_below_count_rates_are_read() {
    let rates = ",,,,Si-KA,,Fe-KA,\n,,,,kcps,,kcps,\nA1,PIGMT,90.9,2026/03/31 14:33,10,,20,\n";
    let again = RIGAKU.replace("A1", "B1").replace("50.1", "51.2");
    let found = shipped("rigaku-supermini", format!("{RIGAKU}{rates}{again}{rates}{again}").as_bytes());
    let read: Vec<String> = lines(&found).into_iter().filter(|line| line.contains("SiO2")).collect();
    assert_eq!(
        read,
        [
            "3|A1|sample|SiO2||value|50.1|%|",
            "9|B1|sample|SiO2||value|51.2|%|",
            "15|B1|sample|SiO2||value|51.2|%|"
        ]
    );
}

#[test]
fn a_line_above_the_header_that_tells_another_unit_asks() {
    let mapping = format!("{WIDE}[header]\nwhen = {{ column = 1, equals = \"Sample\" }}\n");
    for (line, asks) in [
        ("Unit: ppm", true),
        ("Units,mg/kg", true),
        ("Results in g/t", true),
        ("(ppm)", true),
        ("Standard deviations", true),
        ("Unit: %", false),
        ("Laboratory North", false),
        ("Report 12,2026-01-01", false),
    ] {
        let found = import("a.csv", format!("{line}\nSample,Fe\nS1,1\n").as_bytes(), &mapping);
        assert_eq!(asked(&found, "3"), asks, "{line}");
    }
}

const MEANS: &str = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\ncarry = true\n\
    [columns]\n\
    from = \"Fe\"\n[unit]\nconstant = \"mg/L\"\n[replicate_rows]\ncolumn = \"Rep\"\nreplicate = '^\\d+$'\n\
    compute = \"mean\"\n";

#[test]
fn a_mean_needs_every_replicate_in_one_unit() {
    for (rows, mean) in [
        ("S1,1,1.0\n,2,2.0\n,3,3.0\n", Some("2")),
        ("S1,1,1.0\n,2,OVR\n,3,3.0\n", None),
        ("S1,1,1.0\n,2,OVR\n", None),
        ("S1,1,OVR\n,2,2.0\n", None),
        ("S1,1,1.0\n,2,\n,3,3.0\n", None),
        ("S1,1,1.0\n,2*,2\n,3,3.0\n", None),
        ("S1,1,1.0\n,2,2000 µg/L\n", None),
        ("S1,1,1000 µg/L\n,2,2000 µg/L\n", Some("1500")),
        ("S1,1,1.0\n,2,<0.1\n", None),
    ] {
        let found = import("a.csv", format!("Sample,Rep,Fe\n{rows}").as_bytes(), MEANS);
        let one = &found.readings[0];
        assert_eq!((one.value.as_deref(), one.needs_decision.is_none()), (mean, mean.is_some()), "{rows}");
    }
    // what is missing of one analyte says nothing of another
    let found = import("a.csv", "Sample,Rep,Fe,Mn\nS1,1,1,4\n,2,OVR,6\n".as_bytes(), MEANS);
    let asks: Vec<bool> = found.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asks, [true, false]);
    let columns = "[sample]\ncolumn = \"Sample\"\n[analyte]\ncolumn = \"El\"\n[value]\n\
        unit = \"%\"\n[replicates]\n\
                   matches = '^R\\d'\ncompute = \"mean\"\n";
    for (text, mean) in [
        ("Sample,El,R1,R2\nS1,Fe,1,3\n", Some("2")),
        ("Sample,El,R1,R2,R3\nS1,Fe,1,,3\n", None),
        ("Sample,El,R1,R2,R3\nS1,Fe,1,3,\n", None),
        ("Sample,El,R1,R2 ppm\nS1,Fe,1,3\n", None),
    ] {
        let found = import("a.csv", text.as_bytes(), columns);
        let one = &found.readings[0];
        assert_eq!(one.needs_decision.is_none(), mean.is_some(), "{text}");
        assert!(mean.is_none() || one.value.as_deref() == mean, "{text}");
    }
}

#[test]
fn two_tables_side_by_side_ask() {
    for text in [
        "Sample,Fe,,Sample,Fe\n7,1.5,,8,3\n",
        "Sample,Fe,Mn,Sample,Fe,Mn\nS1,1.5,2,S2,3,4\n",
        "Sample,Fe,,Sample ID,Fe\n7,1.5,,8,3\n",
        "Sample,Fe,,Lab No,Fe\n7,1.5,,8,3\n",
        "Sample,Fe,,sample,Fe\n7,1.5,,8,3\n",
    ] {
        let found = wide(text);
        assert!(asked(&found, "2"), "{text}: {:?}", lines(&found));
    }
    let found = wide("Sample,Fe,,Sample,Fe\n7,1.5,,8,3\n");
    assert!(found.readings.iter().all(|one| one.analyte == "Fe" && one.column == 2), "{:?}", lines(&found));
    let text = "Sample,El,Conc,Unit,,Sample,El,Conc,Unit\nS1,Fe,1,%,,S2,Fe,2,%\n";
    assert!(asked(&import("a.csv", text.as_bytes(), LONG), "2"));
    assert!(unasked(&wide("Sample,Fe,Mn\n7,1.5,2\n")));
    let second = WIDE.replace("column = \"Sample\"", "column = \"Sample#2\"");
    assert!(unasked(&import("a.csv", b"Sample,Sample,Fe\nx,S1,1\n", &second)));
}

#[test]
fn statistics_limits_and_targets_are_no_samples() {
    let labels = "St.Abw.|rel. Stabw.|s(rel)|E.T.|ETR (%)|D.E.|Desv.Típ.|Nº|Ср. знач.|к-во|標準誤差|レンジ|SE|±|n:3|\
        ｎ＝３|m e a n|ΜΕΑΝ|Мean|S1 SD|S1.SD|S1 n=3|S1 x̄|Blank SD|LOD|检出限|Recovery %|Target|Dilution Factor";
    for label in labels.split('|') {
        let found = wide(&format!("Sample,Fe\nS1,1.5\n{label},1.5\nS2,1.5\n"));
        assert!(kept_out(&found, "3"), "{label}");
        assert!(!asked(&found, "4"), "{label}");
        let found = shipped("rigaku-supermini", format!("{RIGAKU}{label},,,,50.1,,3.3,\n").as_bytes());
        assert!(kept_out(&found, "4"), "{label} in rigaku");
        let transposed = "layout = \"transposed\"\n[columns]\nfrom = 2\n[analyte]\ncolumn = 1\n\
                          [unit]\nconstant = \"%\"\n";
        let found = import("a.csv", format!("El,S1,{label}\nFe,1,2\n").as_bytes(), transposed);
        let own: Vec<bool> = found.readings.iter().map(|one| one.needs_decision.is_some()).collect();
        assert_eq!(own, [false, true], "{label} in a column");
    }
    // a remark behind the values may say so too
    let text = "Sample,Fe,Comment\nS1,1.5,Mean\nS2,1.5,SD\nS3,1.5,rerun\n";
    let remark = format!("{WIDE}[[attribute]]\nname = \"c\"\ncolumn = \"Comment\"\n")
        .replace("from = \"Fe\"", "from = \"Fe\"\nto = \"Fe\"");
    let found = import("a.csv", text.as_bytes(), &remark);
    assert!(asked(&found, "2") && asked(&found, "3") && !asked(&found, "4"));
}

#[test]
fn a_guessed_encoding_asks_where_it_may_be_wrong() {
    let head = b"Solution Label,Batch Label,Customer Id,Customer Label,Type,Element,Flags,Soln Conc,Units,\
            Corr Con,\
        Units,Int,Internal Std,Date,Time,SD,RSD,IntSD,IntRSD,Act Wgt,Act Vol,DF,NumReps,Replicates,,,\n";
    let row =
        ",,,,Samp,Fe 259.940,,1.0,mg/L,1.5,mg/L,41.5,-,13/02/2016,14:11:28,0.0,0.0,1,1,1,1,1,2,43,,39,\n";
    for (id, asks) in [
        (&b"\xD1\xF9\xC6\xB71"[..], true),      // 样品1 in GBK
        (&b"\xCF\xF0\xEE\xE1\xE0-1"[..], true), // Проба-1 in Windows-1251
        (&b"\x8E\x8E\x97\xBF1"[..], true),      // 試料1 in Shift-JIS
        (&b"M\xFCller 1"[..], false),
        (&b"Gr\xF6\xDFe 1"[..], false),
        (&b"S1"[..], false),
    ] {
        let mut bytes = head.to_vec();
        bytes.extend(id);
        bytes.extend(row.as_bytes());
        let found = shipped("varian-vista-pro", &bytes);
        assert_eq!(asked(&found, "2"), asks, "{id:?}");
        assert_eq!(
            found.warnings.iter().any(|text| text.contains("read as latin-1")),
            !id.is_ascii(),
            "{id:?}"
        );
    }
}

#[test]
fn what_is_no_unit_is_asked() {
    for unit in
        ["%RSD", "% rel", "rel%", "%%", "x10", "e-3", "ppm x1000", "IS", "RSD", "n=3", "axial", "Corr"]
    {
        let text = format!("Sample,El,Conc,Unit\nS1,Fe,2,{unit}\n");
        assert!(kept_out(&import("a.csv", text.as_bytes(), LONG), "2"), "{unit}");
    }
    for unit in ["%", "mg/L", "g/t", "ppm", "mol/L", "mg/m3", "kg/m3", "J/g", "wt.%", "oz/t"] {
        let text = format!("Sample,El,Conc,Unit\nS1,Fe,2,{unit}\n");
        assert!(!asked(&import("a.csv", text.as_bytes(), LONG), "2"), "{unit}");
    }
    let alias = format!("{LONG}[unit.alias]\n\"rel%\" = \"%\"\n");
    assert!(unasked(&import("a.csv", b"Sample,El,Conc,Unit\nS1,Fe,2,rel%\n", &alias)));
    let bracket = "[sample]\ncolumn = \"Sample\"\n[columns]\n[analyte]\n\
        pattern = '^(?<analyte>[A-Z][a-z]?)\\s+(?<channel>\\d+(?:\\.\\d+)?)\\s*\\((?<unit>[^)]+)\\)$'\n";
    for (unit, asks) in [
        ("IS", true),
        ("%RSD", true),
        ("SD", true),
        ("LOD", true),
        ("x", true),
        ("Rec. %", true),
        ("mg/L", false),
    ] {
        let text = format!("Sample,Fe 259.940 ({unit})\nS1,2\n");
        assert_eq!(asked(&import("a.csv", text.as_bytes(), bracket), "2"), asks, "{unit}");
    }
}

#[test]
fn another_unit_over_the_values_is_heard() {
    let mapping = format!("{WIDE}[analyte]\npattern = '^(?<analyte>[A-Z][a-z]?)(?:\\b|_).*$'\n")
        .replace("from = \"Fe\"\n", "");
    for over in [
        "Fe мг/кг",
        "\"Fe, г/т\"",
        "Fe мг/л",
        "Fe ‰",
        "Fe (oz/t)",
        "Fe ppt",
        "Fe (mg/kg dry)",
        "Fe mg/kg TS",
        "Fe mg l-1",
        "Fe (mg kg^-1)",
        "Fe at.%",
        "Fe (mol%)",
        "Fe-ppm",
        "Fe {ppm}",
        "Fe ppm ICP",
        "Fe mg/m3",
        "Fe g/t Au",
        "Fe 10⁻⁴%",
        "Fe_ppm",
        "Fe/ppm",
        "Fe RSD",
        "Fe SD",
    ] {
        let found = import("a.csv", format!("Sample,{over}\nS1,1.5\n").as_bytes(), &mapping);
        assert!(asked(&found, "2"), "{over}: {:?}", lines(&found));
    }
    for over in ["Fe", "Fe %", "Fe (wt%)", "Fe мас.%", "Fe ICP", "Fe 259.940"] {
        let found = import("a.csv", format!("Sample,{over}\nS1,1.5\n").as_bytes(), &mapping);
        assert!(unasked(&found), "{over}: {:#?}", found.readings);
    }
}

#[test]
fn a_status_in_another_language_is_no_zero() {
    let head = "Formula,Concentration,Z,Status,Line 1,Net int.,LLD,Stat. error,Analyzed layer,Bound %\n";
    for status in ["未检出", "Nicht nachgewiesen", "Non détecté", "not detected"] {
        let text = format!("{head}SiO2,0.0 PPM,14,{status},Si KA1-HR-Tr,60,2 PPM,0.7%,2 um,\n");
        let found = shipped("bruker-s8-tiger", text.as_bytes());
        assert_eq!(found.readings[0].qualifier.as_str(), "not_detected", "{status}");
    }
    for (status, asks) in [
        ("Overrange", true),
        ("Not measured", true),
        ("Fixed", true),
        ("Difference", true),
        ("Calculated", true),
        ("XRF 1", false),
        ("XRF 2", false),
    ] {
        let text = format!("{head}SiO2,12 %,14,{status},Si KA1-HR-Tr,60,2 PPM,0.7%,2 um,\n");
        assert_eq!(asked(&shipped("bruker-s8-tiger", text.as_bytes()), "2"), asks, "{status}");
    }
}

#[test]
fn a_row_whose_cells_moved_asks() {
    for row in ["A2,PIGMT,2026/03/31 14:33,50.1,,3.3,\n", "A2,PIGMT,90.9,2026/03/31 14:33,,50.1,,3.3\n"] {
        let found = shipped("rigaku-supermini", format!("{RIGAKU}{row}").as_bytes());
        assert!(asked(&found, "4"), "{row}: {:?}", lines(&found));
    }
    assert!(unasked(&shipped("rigaku-supermini", RIGAKU.as_bytes())));
    let matches = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"Sample\"\n[analyte]\n\
        column = \"El\"\n[value]\n\
        column = \"Mean\"\nunit_column = \"Unit\"\n[replicates]\nmatches = '^R\\d'\n";
    let found = import("a.csv", b"Sample,El,Mean,Unit,R1,R2\nS1,Fe,1,%,1,2\nS2,Fe,1,%,1,2,3\n", matches);
    assert!(!asked(&found, "2") && asked(&found, "3"));
}

fn eltra(date: &str, channels: &str) -> String {
    format!(
        "{date} 7:55 AM\tBOG 1\t0.109\t0.016\t{channels}\t149.9\t50\t0.109\t0.02\t0.016\t0.01\t\
            43.4\t9.5E-14\t2.06\t0.09\t0\n"
    )
}

#[test]
fn eltra_asks_where_no_channel_is_reported_or_the_dates_contradict() {
    assert!(unasked(&shipped("eltra-cs2000", eltra("3/24/2015", "I 1 / 3").as_bytes())));
    for channels in ["I 1/3", "I 3 / 1", "I 1 / 3 ppm", "I"] {
        let found = shipped("eltra-cs2000", eltra("3/24/2015", channels).as_bytes());
        assert!(asked(&found, "1"), "{channels}: {:?}", lines(&found));
    }
    let text = eltra("24/3/2015", "I 1 / 3") + &eltra("3/4/2015", "I 1 / 3");
    let found = shipped("eltra-cs2000", text.as_bytes());
    assert!(asked(&found, "2"), "{:#?}", found.rows);
    let question = found.date_question.unwrap();
    assert_eq!((question.rows, question.certain.len()), (1, 1));
    let text = eltra("3/24/2015", "I 1 / 3") + &eltra("3/4/2015", "I 1 / 3");
    assert!(unasked(&shipped("eltra-cs2000", text.as_bytes())));
}

#[test]
fn dates_in_two_orders_ask() {
    let two = format!("{WIDE}[time]\ncolumn = \"At\"\nformat = [\"%d/%m/%Y\", \"%m/%d/%Y\"]\n");
    let found = import("a.csv", b"Sample,At,Fe\na,13/02/2016,1\nb,02/13/2016,2\n", &two);
    assert!(asked(&found, "2") && asked(&found, "3"));
    assert!(unasked(&import("a.csv", b"Sample,At,Fe\na,13/02/2016,1\nb,14/02/2016,2\n", &two)));
    let zone = format!("{WIDE}[time]\ncolumn = \"At\"\nformat = \"%Y-%m-%dT%H:%M:%S%z\"\n");
    for (text, read) in [
        ("2026-01-02T10:42:58+08:00", true),
        ("2026-01-02T10:42:58Z", true),
        ("2026-01-02T10:42:59-03:30", true),
        ("2026-01-02T10:42:58+25:00", false),
        ("2026-01-02T10:42:60Z", false),
    ] {
        let found = import("a.csv", format!("Sample,At,Fe\na,{text},1\n").as_bytes(), &zone);
        assert_eq!(found.readings[0].measured_at.is_some(), read, "{text}");
    }
}

#[test]
fn keys_that_do_nothing_are_refused() {
    let value = "[sample]\ncolumn = 1\n[value]\ncolumn = 2\nunit = \"%\"\n";
    for (mapping, key) in [
        (format!("[analyte]\ncolumn = \"El\"\n{value}analyte = \"Mn\"\n"), "analyte.column"),
        (
            format!(
                "[channel]\ncolumn = \"L\"\n{value}analyte = \"Mn\"\nchannel = \"a\"\n\
            "
            ),
            "channel.column",
        ),
        (format!("[unit]\nconstant = \"ppm\"\n{value}analyte = \"Mn\"\n"), "unit.constant"),
        (format!("{value}analyte = \"Mn\"\nmarks = [\"*\"]\npattern = '(?<number>\\d+)'\n"), "value.marks"),
        (
            format!("{value}analyte = \"Mn\"\n[[flag]]\ncolumn = 3\nonly = \"%\"\nignore = \"%\"\n"),
            "flag.ignore",
        ),
        (
            format!(
                "{value}analyte = \"Mn\"\n[[class]]\nwhen = {{ column = 1, equals = \"a\" }}\n\
                    is = \"sample\"\nunit = \"ppm\"\n"
            ),
            "class.unit",
        ),
    ] {
        let error = refused(&mapping);
        assert!(error.contains(key) && error.contains("does nothing"), "{error}");
    }
    let set = format!("{WIDE}[[columns.set]]\nname = \"Fe2\"\nanalyte = \"Fe2O3\"\n");
    assert!(asked(&import("a.csv", b"Sample,Fe\nS1,1\n", &set), "2"));
    let set = format!("{WIDE}[[columns.set]]\nname = \"Fe\"\nanalyte = \"Fe2O3\"\n");
    assert!(unasked(&import("a.csv", b"Sample,Fe\nS1,1\n", &set)));
}

#[test]
fn names_that_are_no_analytes_ask_and_lowered_digits_are_digits() {
    for name in ["Fe RSD", "Fe-SD", "SD Fe", "Fe LOD", "Fe mean", "#N/A", "#REF!"] {
        let text = format!("Sample,El,Conc,Unit\nS1,{name},2,%\n");
        assert!(kept_out(&import("a.csv", text.as_bytes(), LONG), "2"), "{name}");
    }
    let text = "Sample,El,Conc,Unit\nS1,SiO₂,2,%\n";
    assert_eq!(lines(&import("a.csv", text.as_bytes(), LONG)), ["2|S1|sample|SiO2||value|2|%|"]);
    assert_eq!(lines(&wide("Sample,Fe,Al₂O₃\nS1,1,2\n"))[1], "2|S1|sample|Al2O3||value|2|%|");
}

#[test]
fn ids_of_signs_and_ids_over_a_header_ask() {
    for id in ["-", "*", ".", "?", "--", "_x0000_", "S1_x0000_"] {
        assert!(asked(&wide(&format!("Sample,Fe\n{id},1\n")), "2"), "{id}");
    }
    let carried = LONG.replace("column = \"Sample\"", "column = \"Sample\"\ncarry = true");
    let text = b"Sample,El,Conc,Unit\nS1,Fe,1,%\n,Mn,2,%\nSample,El,Conc,Unit\n,Cu,3,%\n";
    let found = import("a.csv", text, &carried);
    assert!(!asked(&found, "3") && asked(&found, "5"));
}

#[test]
fn ranges_that_contradict_each_other_ask() {
    let mapping = "[open]\ndelimiter = \"comma\"\n[sample]\ncolumn = \"S\"\n[analyte]\n\
        column = \"El\"\n[channel]\n\
        column = \"Range\"\n[value]\ncolumn = \"Conc\"\nunit_column = \"Unit\"\n[tokens]\n\
            OVER = \"above\"\n[ranges]\n";
    for (first, second, asks) in [
        ("OVER", "2", false),
        ("OVER", "OVER", false),
        (">1", "2", false),
        ("<0.1", "<0.1", false),
        (">5", "3", true),
        ("OVER", "", true),
        ("<0.1", "<1", true),
        ("OVER", "<0.1", true),
        ("0.5", "<0.1", true),
    ] {
        let text = format!("S,El,Range,Conc,Unit\na,Au,1,{first},mg/L\na,Au,2,{second},mg/L\n");
        let found = import("a.csv", text.as_bytes(), mapping);
        assert_eq!(found.readings.iter().all(|one| one.needs_decision.is_some()), asks, "{first} {second}");
    }
}

#[test]
fn sums_are_no_components_and_iron_in_two_oxides_is_no_contradiction() {
    for name in ["Total oxides", "Sum %", "Σ", "Sum of oxides", "合計", "Somme", "Итого", "Analytical total"]
    {
        let check = format!("{WIDE}[[check]]\nkind = \"sum\"\n");
        let found = import("a.csv", format!("Sample,Fe,{name}\nS1,99.9,99.9\n").as_bytes(), &check);
        let told = found.warnings.iter().any(|text| text.contains("add up"));
        assert!(!told && unasked(&found), "{name}: {:?}", found.warnings);
    }
    let ratio = |text: &str| {
        wide(text)
            .warnings
            .into_iter()
            .filter(|text| text.contains("formula") || text.contains("inf") || text.contains("right"))
            .collect::<Vec<_>>()
    };
    // 3 % Fe: 1 % FeO (0.777) and 3.178 % Fe2O3 (2.223)
    assert!(ratio("Sample,Fe,FeO,Fe2O3\nS1,3.0,1.0,3.178\n").is_empty());
    assert!(ratio("Sample,Fe,FeO,Fe2O3\nS1,3.0,1.0,4.289\n").is_empty());
    assert_eq!(ratio("Sample,Fe,FeO,Fe2O3\nS1,3.0,1.0,1.5\n").len(), 1);
    let zero = ratio("Sample,Fe,Fe2O3\nS1,0,3.0\n");
    assert!(zero.len() == 1 && !zero[0].contains("inf"), "{zero:?}");
}

#[test]
fn an_unknown_token_in_a_table_of_one_analyte_ends_nothing() {
    for token in ["tr", "n.b.", "nm", "OVR"] {
        let found = wide(&format!("Sample,Fe\nS1,1\nS2,2\nS5,{token}\nS6,3\n"));
        assert!(unasked(&found) && found.readings.len() == 3, "{token}: {:?}", found.rows);
    }
    for title in ["Intensities,kcps", "Sample:,X", "RSD,all", "S5,kcps"] {
        assert!(asked(&wide(&format!("Sample,Fe\nS1,1\n{title}\nS6,3\n")), "4"), "{title}");
    }
}

#[test]
fn a_percentage_under_another_unit_of_the_mapping_asks() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let percent = rust_xlsxwriter::Format::new().set_num_format("0.00%");
    sheet.write(0, 0, "Sample").unwrap();
    sheet.write(0, 1, "Fe").unwrap();
    sheet.write(1, 0, "S1").unwrap();
    sheet.write_with_format(1, 1, 0.12345, &percent).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    for (unit, asks) in [("mg/L", true), ("ppm", true), ("%", false)] {
        let mapping = format!("[sample]\ncolumn = \"Sample\"\n[columns]\n[unit]\nconstant = \"{unit}\"\n");
        let found = import("a.xlsx", &bytes, &mapping);
        let one = &found.readings[0];
        assert_eq!((one.value.as_deref(), one.needs_decision.is_some()), (Some("12.345"), asks), "{unit}");
    }
}
