//! What went wrong when somebody who had only the manual wrote mappings for sixteen instruments: each trap
//! once, so that it says something instead of losing a row, a sign, a unit or a sample.

use rust_xlsxwriter::{Format, Workbook};

use intake::{Limits, Mapping, Outcome, Recognition, Trouble, read, recognise};

use crate::foreign::{import, import as import_of, lines};
use crate::hostile::zipped;

fn refused(mapping: &str) -> String {
    let head = "name = \"x\"\nversion = 1\ninstrument = \"X\"\nclass_default = \"sample\"\n";
    match Mapping::parse(&format!("{head}{mapping}"), "x") {
        Ok(_) => panic!("this mapping is wrong and was accepted"),
        Err(error) => error.to_string(),
    }
}

/// Outcome of a row by its label, as a word, with its reason.
fn outcome(import: &intake::Import, row: &str) -> String {
    match &import.rows.iter().find(|one| one.row == row).unwrap().outcome {
        Outcome::Skipped { rule } => format!("skipped: {rule}"),
        Outcome::Refused { reason } => format!("refused: {reason}"),
        Outcome::NeedsDecision { reason, .. } => format!("asks: {reason}"),
        Outcome::Reading { readings } => format!("{readings} readings"),
        other => format!("{other:?}"),
    }
}

const LONG: &str = r#"
[sample]
column = "S"
[analyte]
column = "E"
[value]
column = "V"
unit_column = "U"
"#;

/// Qtegra: pairs of any name before a header that is found by its first cell. The table is no preamble.
#[test]
fn any_preamble_ends_where_the_header_begins() {
    let text = "LabBook;Erze_2025-05;;\r\nBediener;Müller;;\r\n;;;\r\n\
        Nr;Bezeichnung;Typ;55Mn (KED)\r\n;;;µg/l\r\n\
        1;Blindprobe;BLK;-0,003\r\n2;Probe 1;UNKNOWN;12.345.678,9\r\n\
        ;Mittelwert;AVG;1,2E-05\r\n;RSD %;RSD;0,4\r\n";
    let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let import = import(
        "labbook.csv",
        &latin,
        r#"
[open]
encoding = "latin-1"
delimiter = "semicolon"
[number]
decimal = ","
thousands = "."
[[preamble]]
any = true
[header]
when = { column = 1, equals = "Nr" }
rows = ["name", "unit"]
[columns]
from = 4
[analyte]
pattern = '^(?<channel>\d+(?<analyte>[A-Z][a-z]?) \(\w+\))$'
[sample]
column = "Bezeichnung"
[[class]]
when = { column = "Typ", equals = "BLK" }
is = "blank"
[[class]]
when = { column = "Typ", equals = "AVG" }
is = "statistics"
[[class]]
when = { column = "Typ", equals = "RSD" }
is = "statistics"
unit = "%"
"#,
    );
    assert_eq!(
        lines(&import),
        [
            "6|Blindprobe|blank|Mn|55Mn (KED)|value|-0.003|µg/L|",
            "7|Probe 1|sample|Mn|55Mn (KED)|value|12345678.9|µg/L|",
            "8|Mittelwert|statistics|Mn|55Mn (KED)|value|1.2E-05|µg/L|",
            "9|RSD %|statistics|Mn|55Mn (KED)|value|0.4|%|",
        ]
    );
    let attributes: Vec<&str> = import.attributes.keys().map(String::as_str).collect();
    assert_eq!(attributes, ["Bediener", "LabBook"]);
}

/// NexION: fixed columns under heading lines that do not keep to the columns.
#[test]
fn headings_of_a_fixed_width_report_are_whole_lines() {
    let text = "Summary Report\n\n\
        Sample ID:          ORE-1\n\
        Sample Date/Time:   Tuesday, May 20, 2025 10:22:33\n\
        \x20    Analyte Mass  Intens.   Conc. Mean   Unit\n\
        |>   Sc      45   102334.0                ug/L\n\
        |    Mn      55   -12.1      -0.0123      ug/L\n\
        |_   U       238  1.3        1.2e-005     ug/L\n";
    let import = import(
        "ore.rep",
        text.as_bytes(),
        r#"
[open]
widths = [5, 8, 5, 10, 14, 10]
[header]
names = ["group", "Analyte", "Mass", "Int", "Conc", "Unit"]
[[heading]]
pattern = '^Sample ID: +(?<sample_id>.+)$'
[[heading]]
pattern = '^Sample Date/Time: +\w+, (?<time>.+)$'
[[skip]]
when = { field = "line", matches = '^Summary Report$|Conc\. Mean' }
[analyte]
column = "Analyte"
[channel]
column = "Mass"
[value]
column = "Conc"
unit_column = "Unit"
[time]
format = "%b %d, %Y %H:%M:%S"
"#,
    );
    assert_eq!(
        lines(&import),
        [
            "6|ORE-1|sample|Sc|45|missing||µg/L|",
            "7|ORE-1|sample|Mn|55|value|-0.0123|µg/L|",
            "8|ORE-1|sample|U|238|value|1.2e-005|µg/L|",
        ]
    );
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2025-05-20T10:22:33"));
}

const PEAKS: &str = r#"
[open]
delimiter = "semicolon"
[number]
decimal = ","
[[heading]]
pattern = '^Ident\t(?<sample_id>.+)$'
[[heading]]
pattern = '^Basis: *(?<basis>.*)$'
[[skip]]
when = { column = "Name", empty = true }
reason = "unknown peak"
[header]
when = { column = 1, equals = "Peak" }
rows = ["name", "unit"]
[analyte]
column = "Name"
[value]
column = "Conc"
"#;

/// Metrohm: a unit row above a long table, another in each block; a skip rule about a column of the table
/// does not eat the headings, which have no such column.
#[test]
fn unit_rows_and_skip_rules_of_blocks() {
    let text = "Ident;Leach 1\nPeak;Conc;Name\n;mg/L;\n1;1,2345;F\n2;0,5;\n\
        Ident;Leach 2\nPeak;Conc;Name\n;µg/L;\n1;998,1;F\n";
    let import = import("ic.csv", text.as_bytes(), PEAKS);
    assert_eq!(
        lines(&import),
        ["4|Leach 1|sample|F||value|1.2345|mg/L|", "9|Leach 2|sample|F||value|998.1|µg/L|"]
    );
    assert_eq!(outcome(&import, "5"), "skipped: unknown peak");
}

/// The second sample's heading is written otherwise: its readings are not given to the first sample.
#[test]
fn a_heading_that_was_missed_is_a_question() {
    let text = "Ident;Leach 1\nPeak;Conc;Name\n;mg/L;\n1;1,2;F\n\
        Probe;Leach 2\nPeak;Conc;Name\n;mg/L;\n1;3,4;F\n2;0,1;Cl\n";
    let import = import("ic.csv", text.as_bytes(), PEAKS);
    assert!(outcome(&import, "8").starts_with("asks: the header and this analyte come again"));
    assert_eq!(import.readings[0].needs_decision, None);
}

#[test]
fn an_empty_heading_takes_back_what_an_earlier_one_said() {
    let text = "Ident;Leach 1\nBasis: dry\nPeak;Conc;Name\n;%;\n1;1,2;Mn\nBasis:\n2;1,3;Fe\n";
    let import = import("ic.csv", text.as_bytes(), PEAKS);
    let bases: Vec<&str> = import.readings.iter().map(|one| one.basis.as_str()).collect();
    assert_eq!(bases, ["dry", "not_stated"]);
}

const WIDE: &str = "[sample]\ncolumn = \"S\"\n[columns]\n[header]\nrows = [\"name\", \"unit\"]\n";

/// A page break repeats the names but not the units: the row below is a sample.
#[test]
fn a_repeated_header_without_its_unit_row_eats_no_sample() {
    let import =
        import("a.csv", b"S,Mn,Fe\n,%,%\na,1,2\nS,Mn,Fe\nb,3,<0.4\nc,ND,5\nS,Mn,Fe\n,%,ppm\nd,6,7\n", WIDE);
    assert_eq!(
        lines(&import),
        [
            "3|a|sample|Mn||value|1|%|",
            "3|a|sample|Fe||value|2|%|",
            "5|b|sample|Mn||value|3|%|",
            "5|b|sample|Fe||below|0.4|%|",
            "6|c|sample|Mn||not_detected||%|",
            "6|c|sample|Fe||value|5|%|",
            "9|d|sample|Mn||value|6|%|",
            "9|d|sample|Fe||value|7|ppm|",
        ]
    );
}

#[test]
fn a_sample_is_no_unit_row() {
    let head = "name = \"x\"\nversion = 1\ninstrument = \"X\"\n";
    let mapping = Mapping::parse(&format!("{head}{WIDE}"), "x").unwrap();
    let error = read("a.csv", b"S,Mn\na,1.5\nb,2.5\n", &mapping, &Limits::default()).unwrap_err();
    assert_eq!((error.trouble, error.row), (Trouble::Mismatch, Some(2)));
    assert!(error.to_string().contains("the unit row holds the number \"1.5\" under \"Mn\""), "{error}");
}

/// Between blanks an empty cell is not to be seen: the error would be read as the value.
#[test]
fn an_empty_cell_between_blanks_is_a_question() {
    let text = "S   E    V     sd\na   Mn   31.5  0.2\nb   Mn         0.2\n\nc  Mn  <1  0.1\n";
    let mapping = "[open]\ndelimiter = \"blanks2\"\n[sample]\ncolumn = \"S\"\n[analyte]\ncolumn = \"E\"\n\
        [value]\ncolumn = \"V\"\nattributes = { sd = \"sd\" }\n[unit]\nconstant = \"%\"\n";
    let import = import("a.txt", text.as_bytes(), mapping);
    let said: Vec<String> = ["2", "3", "5"].iter().map(|row| outcome(&import, row)).collect();
    assert_eq!((said[0].as_str(), said[2].as_str()), ("1 readings", "1 readings"));
    assert!(said[1].starts_with("asks: the header has 4 columns, the row 3;"), "{}", said[1]);
}

/// A thousands comma without quotes moves every cell behind it.
#[test]
fn a_delimiter_inside_a_number_is_a_question() {
    let import = import("a.csv", b"S,E,V,U\na,Mn,1,234.5,mg/L\nb,Mn,2.5,mg/L,,\nc,Mn,3", LONG);
    assert!(outcome(&import, "2").starts_with("asks: the header has 4 columns, but column 5 holds \"mg/L\""));
    assert_eq!(outcome(&import, "3"), "1 readings");
    assert!(outcome(&import, "4").starts_with("refused: no unit anywhere"));
}

#[test]
fn a_copy_that_stopped_is_told() {
    let import = import("a.csv", b"S,Mn,Fe\n,%,%\na,1,2\nb,31.", WIDE);
    assert!(
        import.warnings.iter().any(|text| text.starts_with("row 4, the last, has 2 cells")),
        "{import:?}"
    );
}

/// Footers that no rule names are questions, in any of the languages, wherever their label stands.
#[test]
fn footers_are_never_samples() {
    let text = "No,S,E,V,U\n1,a,Mn,1,%\n,Average,Mn,1,%\n最大值,,Mn,1,%\nStd.Dev.:,,Mn,0,%\n";
    let import = import("a.csv", text.as_bytes(), LONG);
    for row in ["3", "4", "5"] {
        let said = outcome(&import, row);
        assert!(said.starts_with("asks: "), "{row}: {said}");
        assert!(import.readings.iter().filter(|one| one.row == row).all(|one| one.needs_decision.is_some()));
    }
    assert_eq!(import.readings[0].needs_decision, None);
}

#[test]
fn a_footer_with_its_label_in_another_column_keeps_the_label() {
    let rule = "[[class]]\nwhen = { column = 1, equals = \"Average\" }\nis = \"statistics\"\n";
    let text = "No,S,E,V,U\n1,a,Mn,1,%\nAverage,,Mn,1,%\n";
    let import = import("a.csv", text.as_bytes(), &format!("{LONG}{rule}"));
    assert_eq!(lines(&import), ["2|a|sample|Mn||value|1|%|", "3|Average|statistics|Mn||value|1|%|"]);
}

/// A careless pattern loses a sign or digits: the cell is refused instead.
#[test]
fn value_patterns_read_the_whole_cell() {
    let text = "S,E,V,U\na,Mn,-0.5,%\nb,Mn,1.5,%\nc,Mn,12 ok,%\nd,Mn,7,%\ne,Mn,1E-5,%\n";
    let pattern = LONG.replace("unit_column", "pattern = '(?<number>\\d+)'\nunit_column");
    let import = import("a.csv", text.as_bytes(), &pattern);
    assert_eq!(lines(&import), ["5|d|sample|Mn||value|7|%|"]);
    assert_eq!(import.refusals.len(), 4);
    assert!(import.refusals.iter().all(|one| one.column == 3 && one.reason.contains("[tokens]")));
}

/// Doubtful tokens, each refused by name or read as it stands.
#[test]
fn tokens_in_parentheses_with_signs_behind_and_endless_exponents() {
    for token in
        ["(0.5)", "0.5-", "1.2E", "1 234", "-----", "<<0.1", "0.5±0.1", "1E999999", "1.2D-05", "TRUE"]
    {
        let import = import("a.csv", format!("S;E;V;U\na;Mn;{token};%\n").as_bytes(), LONG);
        assert_eq!(import.readings.len(), 0, "{token}");
        assert_eq!(import.refusals[0].token, token);
    }
    for (token, value) in [("1.2E-05", "1.2E-05"), ("-1e+03", "-1e+03"), ("−3,5", "")] {
        let import = import("a.csv", format!("S;E;V;U\na;Mn;{token};mg/L\n").as_bytes(), LONG);
        let read: Vec<&str> = import.readings.iter().filter_map(|one| one.value.as_deref()).collect();
        assert_eq!(read.concat(), value, "{token}");
    }
}

/// A mean is computed of numbers only: the limit of `<0.001` is none.
#[test]
fn a_mean_with_a_replicate_below_its_limit_is_a_question() {
    let text = "Name,No,C,S\nORE,1,1.20,<0.001\n,2,1.22,0.002\n";
    let mapping = "[sample]\ncolumn = \"Name\"\ncarry = true\n[columns]\nfrom = 3\n[unit]\nconstant = \"%\"\n\
        [replicate_rows]\ncolumn = \"No\"\nreplicate = '^\\d+$'\ncompute = \"mean\"\n";
    let import = import("a.csv", text.as_bytes(), mapping);
    assert_eq!(lines(&import), ["2|ORE|sample|C||value|1.21|%|", "2|ORE|sample|S||invalid||%|"]);
    let sulfur = &import.readings[1];
    assert_eq!(sulfur.limit, None);
    assert_eq!(
        sulfur.needs_decision.as_deref(),
        Some("the mean cannot be computed: a replicate is no number")
    );
    let raws: Vec<&str> = sulfur.replicates.iter().map(|one| one.raw.as_str()).collect();
    assert_eq!(raws, ["<0.001", "0.002"]);
}

/// A workbook's own 1.234 is 1.234 also where texts have decimal commas and points between thousands.
#[test]
fn means_of_replicates_in_workbook_columns() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0u16..).zip(["S", "E", "R1", "R2"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    let percent = Format::new().set_num_format("0.00%");
    for (row, id) in [(1, "a"), (2, "b"), (3, "c")] {
        sheet.write_string(row, 0, id).unwrap().write_string(row, 1, "Mn").unwrap();
    }
    sheet.write_number(1, 2, 1.234).unwrap().write_string(1, 3, "1,236").unwrap();
    sheet.write_number_with_format(2, 2, 0.1, &percent).unwrap();
    sheet.write_number_with_format(2, 3, 0.102, &percent).unwrap();
    sheet.write_number(3, 2, 1.2).unwrap().write_string(3, 3, "<1").unwrap();
    let import = import(
        "a.xlsx",
        &book.save_to_buffer().unwrap(),
        "[number]\ndecimal = \",\"\nthousands = \".\"\n[sample]\ncolumn = \"S\"\n[analyte]\ncolumn = \"E\"\n\
         [unit]\nconstant = \"%\"\n[replicates]\nfrom = \"R1\"\nto = \"R2\"\ncompute = \"mean\"\n",
    );
    let read: Vec<(&str, Option<&str>)> =
        import.readings.iter().map(|one| (one.sample_id.as_str(), one.value.as_deref())).collect();
    assert_eq!(read, [("a", Some("1.235")), ("b", Some("10.1")), ("c", None)]);
}

/// A mark for "below" beside a negative reading: the reading is no limit.
#[test]
fn a_limit_is_never_negative() {
    let rule = "[[qualifier]]\nwhen = { column = \"R\", equals = \"<DL\" }\nis = \"below\"\n";
    let text = b"S,E,V,U,R\na,Mn,-0.0012,mg/L,<DL\nb,Mn,0.004,mg/L,<DL\n";
    let import = import("a.csv", text, &format!("{LONG}{rule}"));
    let limits: Vec<Option<&str>> = import.readings.iter().map(|one| one.limit.as_deref()).collect();
    assert_eq!(limits, [None, Some("0.004")]);
    assert_eq!(import.readings[0].raw, "-0.0012");
}

#[test]
fn a_cell_that_contradicts_the_unit_beside_it_is_a_question() {
    let import = import("a.csv", b"S,E,V,U\na,Mn,12.3 ppm,%\nb,Mn,1.3 %,wt%\n", LONG);
    assert_eq!(outcome(&import, "2"), "asks: the cell says ppm, the unit beside it says %");
    assert_eq!(outcome(&import, "3"), "1 readings");
}

#[test]
fn above_100_percent_is_a_question_in_every_unit_of_mass_fraction() {
    let import = import("a.csv", b"S,E,V,U\na,Mn,1031.9,g/kg\nb,Mn,999,g/kg\nc,Sum,100.2,%\n", LONG);
    let asks: Vec<bool> = import.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asks, [true, false, false]);
}

/// MassHunter: one isotope in two gas modes is two channels; a pattern that drops the gas is told so.
#[test]
fn gas_modes_are_channels() {
    let text = "Sample,,55  Mn  [ He ] ,,55  Mn  [ No Gas ] ,,89  Y ( ISTD )  [ He ] ,\n\
        Type,Sample Name,Conc. [ ppb ],Conc. RSD,Conc. [ ppb ],Conc. RSD,CPS,CPS RSD\n\
        Sample,\"ORE-1, x100\",<0.000,N/A,1.2E-05,88.1,1190000.01,0.2\n";
    let mapping = |pattern: &str| {
        format!(
            "[header]\nrows = [\"analyte\", \"name\"]\nunit_pattern = '\\[ *(?<unit>[^\\]]+?) *\\]'\n\
             [columns]\nfrom = 3\ncompanions = [\"rsd\"]\n[sample]\ncolumn = \"Sample Name\"\n\
             [analyte]\npattern = '{pattern}'\n[unit.alias]\nppb = \"µg/L\"\n"
        )
    };
    let good =
        import("b.csv", text.as_bytes(), &mapping(r"^(?<channel>\d+ +(?<analyte>[A-Z][a-z]?) +\[ .+ \])$"));
    assert_eq!(
        lines(&good),
        [
            "3|ORE-1, x100|sample|Mn|55  Mn  [ He ]|below|0.000|µg/L|",
            "3|ORE-1, x100|sample|Mn|55  Mn  [ No Gas ]|value|1.2E-05|µg/L|",
        ]
    );
    assert_eq!(
        good.warnings,
        [
            "readings: column \"89  Y ( ISTD )  [ He ]\" is not read",
            "readings: column 1 \"Type\" holds something and nothing reads it",
            "readings: column 8 \"CPS RSD\" holds something and nothing reads it",
        ]
    );
    let careless =
        import("b.csv", text.as_bytes(), &mapping(r"^(?<channel>\d+) +(?<analyte>[A-Z][a-z]?) +\[ .+ \]$"));
    let told = "readings: columns 3 and 5 are both Mn 55; tell them apart by channel, or leave one out";
    assert!(careless.warnings.iter().any(|text| text == told), "{:?}", careless.warnings);
}

/// Each mapping takes its own file, by what the manual offers; a file that fits both is a question.
#[test]
fn mappings_of_outsiders_are_recognised() {
    let mapping = |name: &str, rest: &str| {
        let head = format!("name = \"{name}\"\nversion = 1\ninstrument = \"X\"\n");
        Mapping::parse(&format!("{head}{rest}{LONG}"), name).unwrap()
    };
    let all = [
        mapping(
            "report",
            "[recognise]\nfile_name = '(?i)\\.rep$'\nlines = ['^Sample ID: +\\S', '^Analyte +Mass']\n\
             [open]\nwidths = [9, 9]\n",
        ),
        mapping(
            "peaks",
            "[recognise]\nheader = [\"Peak\", \"Name\"]\ncell = [{ row = 1, equals = \"Ident\" }]\n",
        ),
        mapping(
            "bare",
            "[recognise]\ncontent = \"text\"\ncolumns = 3\ncolumn_types = [\"text\", \"time\", \"number\"]\n\
             [number]\ndecimal = \",\"\n",
        ),
    ];
    for (file, text, wanted) in [
        ("a.REP", "Summary\nSample ID:   ORE\nAnalyte  Mass\n", Some("report")),
        ("a.txt", "Summary\nSample ID:   ORE\nAnalyte  Mass\n", None),
        ("a.csv", "Ident;L1\nPeak;Conc;Name\n1;2;F\n", Some("peaks")),
        ("a.csv", "A1;20.05.2025 9:05;1,25\nA2;20.05.2025 9:06;NaN\n", Some("bare")),
        ("a.csv", "A1;20.05.2025 9:05;<1\n", None),
    ] {
        let found = recognise(file, text.as_bytes(), &all);
        match wanted {
            Some(name) => assert_eq!(found, Recognition::One(name.to_owned()), "{text}"),
            None => assert!(matches!(&found, Recognition::None(why) if why.len() == 3), "{text}: {found:?}"),
        }
    }
    let twice = [all[1].clone(), all[1].clone()];
    let found = recognise("a.csv", b"Ident;L1\nPeak;Conc;Name\n1;2;F\n", &twice);
    assert!(matches!(found, Recognition::Several(names) if names.len() == 2));
}

/// A pattern that is not anchored takes rows of data for lines of the preamble.
#[test]
fn rules_that_take_rows_of_data_are_told() {
    let text = b"Date,5/20/2025,,\nS,E,V,U\na 5/21/2025,Mn,1,%\nb,Mn,2,%\n\x1a";
    let head = "[header]\nrow = 2\n[[preamble]]\npattern = '(?<time>\\d+/\\d+/\\d+)'\n";
    let import = import("a.csv", text, &format!("{head}{LONG}"));
    assert_eq!(lines(&import), ["4|b|sample|Mn||value|2|%|"]);
    assert_eq!(import.warnings.len(), 1);
    assert!(import.warnings[0].starts_with("row 3 looks like data"), "{:?}", import.warnings);
    assert_eq!(import.account.refused, 0, "the end-of-file mark of old programs is no row");
}

/// A workbook written by a program that does not compute: the formula is no value, and no missing value.
#[test]
fn a_formula_without_a_result_is_refused() {
    let rels = r#"<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>
        <Relationship Id="r2" Target="worksheets/sheet2.xml"/></Relationships>"#;
    let book = r#"<workbook><sheets><sheet name="Sheet1" r:id="r1"/>
        <sheet name="Sheet2" r:id="r2"/></sheets></workbook>"#;
    let text = |text: &str| format!(r#"<c t="str"><v>{text}</v></c>"#);
    let row = |cells: [String; 4]| format!("<row>{}</row>", cells.concat());
    let data = |id: &str, value: &str| row([text(id), text("Mn"), value.to_owned(), text("%")]);
    let rows = [
        row(["S", "E", "V", "U"].map(text)),
        data("a", "<c><f>1+1</f><v></v></c>"),
        data("b", "<c><f>1+1</f><v>2</v></c>"),
        data("c", r#"<c t="str"><f>IF(C3=2,"","x")</f><v></v></c>"#),
    ];
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.concat());
    let other =
        format!("<worksheet><sheetData>{}</sheetData></worksheet>", row(["1", "2", "3", "4"].map(text)));
    let bytes = zipped(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/worksheets/sheet2.xml", other.as_bytes()),
    ]);
    let import = import("a.xlsx", &bytes, LONG);
    assert_eq!(lines(&import), ["Sheet1!3|b|sample|Mn||value|2|%|", "Sheet1!4|c|sample|Mn||missing||%|"]);
    assert_eq!(import.refusals[0].token, "=1+1");
    assert_eq!(import.warnings, ["other sheets have content and are not read: Sheet2; see [open] sheet"]);
}

/// Conditions that could never hold are errors of the mapping, with the way out.
#[test]
fn conditions_that_cannot_hold_are_named() {
    let by_name = refused(&format!("{LONG}[header]\nwhen = {{ column = \"S\", equals = \"S\" }}\n"));
    assert!(by_name.contains("names are known only once the header is found"), "{by_name}");
    assert!(by_name.contains("column = 1"), "{by_name}");
    for rule in ["skip", "heading"] {
        let pattern = if rule == "heading" { "pattern = 'x'\n" } else { "" };
        let text =
            format!("{LONG}[[{rule}]]\n{pattern}when = {{ field = \"sample_id\", equals = \"Mean\" }}\n");
        let error = refused(&text);
        assert!(error.contains("`sample_id` is not known yet"), "{error}");
    }
    let start = "[start]\nat = { column = \"S\", equals = \"S\" }\n";
    assert!(refused(&format!("{LONG}{start}")).contains("names are known only"));
}

#[test]
fn a_file_without_the_header_says_what_to_look_at() {
    let import = import(
        "a.csv",
        b"Sample,E\na,1\n",
        &format!("{LONG}[header]\nwhen = {{ column = 1, equals = \"S\" }}\n"),
    );
    assert_eq!(
        import.warnings,
        [
            "readings: the file ended before a header was found; look at [header] row, when and rows",
            "no row of the file gave a reading; the outcome of each row says why"
        ]
    );
    let region =
        "[[region]]\nname = \"results\"\nstart = { after = { column = 1, equals = \"[Results]\" } }\n";
    let import = import_of("a.csv", b"Results\nS,E,V,U\na,Mn,1,%\n", &format!("{LONG}{region}"));
    assert_eq!(import.warnings, ["no row of the file gave a reading; look at [start] of region results"]);
}
