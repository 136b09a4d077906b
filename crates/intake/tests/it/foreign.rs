//! Exports of instruments that no shipped mapping knows, read by mappings written from the manual alone.

use std::io::Write;

use encoding_rs::GB18030;
use intake::{Import, Limits, Mapping, Outcome, read};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

pub fn import(file: &str, bytes: &[u8], mapping: &str) -> Import {
    bare(file, bytes, &format!("class_default = \"sample\"\n{mapping}"))
}

fn bare(file: &str, bytes: &[u8], mapping: &str) -> Import {
    let head = "name = \"foreign\"\nversion = 1\ninstrument = \"X\"\n";
    let mapping =
        Mapping::parse(&format!("{head}{mapping}"), "foreign").unwrap_or_else(|error| panic!("{error}"));
    let import = read(file, bytes, &mapping, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    let account = &import.account;
    let parts = account.reading + account.attribute + account.header + account.statistics + account.skipped;
    assert_eq!(parts + account.blank + account.refused + account.needs_decision, account.rows);
    import
}

/// `row id class analyte channel qualifier value unit flags`, blanks for nothing.
pub fn lines(import: &Import) -> Vec<String> {
    let one = |reading: &intake::Reading| {
        let value = reading.value.clone().unwrap_or_default();
        let cells = [
            reading.row.as_str(),
            &reading.sample_id,
            reading.class.as_str(),
            &reading.analyte,
            &reading.channel,
            reading.qualifier.as_str(),
            &value,
            &reading.unit,
            &reading.flags.join(";"),
        ];
        cells.join("|")
    };
    import.readings.iter().map(one).collect()
}

/// Text of letters up to U+00FF in Latin-1.
pub fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

/// Compares readings with a key: row, id, class, analyte, channel, raw, qualifier, value, unit, basis if
/// stated, flags, time.
pub fn agrees(file: &str, bytes: &[u8], mapping: &str, key: &[&str]) {
    let import = bare(file, bytes, mapping);
    let one = |reading: &intake::Reading| {
        let cells = [
            reading.row.as_str(),
            &reading.sample_id,
            reading.class.as_str(),
            &reading.analyte,
            &reading.channel,
            &reading.raw,
            reading.qualifier.as_str(),
            reading.value.as_deref().unwrap_or_default(),
            &reading.unit,
            if reading.basis == "not_stated" { "" } else { &reading.basis },
            &reading.flags.join(";"),
            reading.measured_at.as_deref().unwrap_or_default(),
        ];
        cells.join("|")
    };
    let read: Vec<String> = import.readings.iter().map(one).collect();
    assert_eq!(read, key, "{:#?}", import.rows);
}

#[test]
fn chinese_headers_in_gb18030_with_tokens() {
    let text = "样品编号,铁（％）,锰(毫克/升),备注\r\n\
        MN-1,０．０５,1.5×10⁻³,\r\n\
        MN-2,未检出,＜0.02,复检\r\n\
        MN-3,/,,\r\n\
        平均值,0.05,0.02,\r\n";
    let (bytes, _, failed) = GB18030.encode(text);
    assert!(!failed);
    let import = import(
        "结果.csv",
        &bytes,
        r#"
[open]
encoding = "gb18030"
[sample]
column = "样品编号"
[columns]
from = 2
to = 3
[analyte]
pattern = '^(?<analyte>\p{Han}+)[（(](?<unit>[^)）]+)[)）]$'
[analyte.alias]
"铁" = "Fe"
"锰" = "Mn"
[tokens]
"/" = "not_analysed"
[[flag]]
column = "备注"
[[class]]
when = { field = "sample_id", equals = ["平均值", "标准偏差"] }
is = "statistics"
"#,
    );
    assert_eq!(
        lines(&import),
        [
            "2|MN-1|sample|Fe||value|0.05|%|",
            "2|MN-1|sample|Mn||value|1.5E-3|mg/L|",
            "3|MN-2|sample|Fe||not_detected||%|复检",
            "3|MN-2|sample|Mn||below|0.02|mg/L|复检",
            "4|MN-3|sample|Fe||not_analysed||%|",
            "4|MN-3|sample|Mn||missing||mg/L|",
            "5|平均值|statistics|Fe||value|0.05|%|",
            "5|平均值|statistics|Mn||value|0.02|mg/L|",
        ]
    );
    assert_eq!(import.readings[0].raw, "０．０５");
}

#[test]
fn edx_report_with_sections_and_units_in_cells() {
    let text = "Sample : Slag 4\n\
        Operator : LW\n\
        Comment :\n\
        [Quantitative Result]\n\
        -----\n\
        Analyte,Result,[3-sigma],ProcCalc.,Line,Int.(cps/uA)\n\
        -----\n\
        Fe2O3,45.123 %,[0.012],Quan-FP,FeKa,12.345\n\
        MnO,ND,,Quan-FP,MnKa,0.001\n\
        CaO,0.120 ppm *,[0.1],Quan-FP,CaKa,0.2\n\
        \n\
        [Measurement Condition]\n\
        Instrument: EDX\n\
        Atm. : Vac.\n";
    let import = import(
        "r.csv",
        text.as_bytes(),
        r#"
layout = "long"
[open]
delimiter = "comma"
[[preamble]]
label = "Sample"
name = "sample_id"
separator = ":"
[[preamble]]
label = ["Operator", "Comment"]
separator = ":"
[[skip]]
when = { field = "line", matches = '^-+$' }
reason = "rule line"
[[region]]
name = "results"
start = { after = { column = 1, equals = "[Quantitative Result]" } }
end = { blank = 1 }
[[region]]
name = "conditions"
role = "ignore"
start = { at = { column = 1, equals = "[Measurement Condition]" } }
[analyte]
column = "Analyte"
[channel]
column = "Line"
[value]
column = "Result"
marks = "*"
attributes = { sigma3 = "[3-sigma]", intensity = "Int.(cps/uA)" }
"#,
    );
    assert_eq!(
        lines(&import),
        [
            "8|Slag 4|sample|Fe2O3|FeKa|value|45.123|%|",
            "9|Slag 4|sample|MnO|MnKa|not_detected|||",
            "10|Slag 4|sample|CaO|CaKa|value|0.120|ppm|*",
        ]
    );
    assert_eq!(import.attributes["Operator"], "LW");
    assert_eq!(import.readings[0].attributes["sigma3"], "[0.012]");
}

#[test]
fn qtegra_like_rows_with_categories_and_over_range_marks() {
    let text = "\u{feff}Label;Category;115In (STD);27Al (KED) [ppb];27Al (KED) RSD;Time\n\
        BLK;Blank;100;0,02;12,1;24.03.2025 09:05:11\n\
        QC 1;QC;98;51,3;0,9;24.03.2025 09:10:00\n\
        P-7;Unknown;97;> 1000;0,4;24.03.2025 09:15:00\n";
    let import = import(
        "q.csv",
        text.as_bytes(),
        r#"
[open]
delimiter = ";"
[number]
decimal = ","
[sample]
column = "Label"
[columns]
matches = '\[.*\]$'
[[columns.beside]]
pattern = '^\d+(?<analyte>[A-Z][a-z]?) \(\w+\) RSD$'
as = "rsd"
[analyte]
pattern = '^(?<channel>\d+)(?<analyte>[A-Z][a-z]?) \((?<mode>\w+)\) \[(?<unit>[^\]]+)\]$'
[[class]]
when = { column = "Category", equals = "Blank" }
is = "blank"
[[class]]
when = { column = "Category", equals = "QC" }
is = "control"
[[attribute]]
name = "internal_standard"
column = "115In (STD)"
[time]
column = "Time"
format = "%d.%m.%Y %H:%M:%S"
zone = "+01:00"
"#,
    );
    assert_eq!(
        lines(&import),
        [
            "2|BLK|blank|Al|27|value|0.02|ppb|",
            "3|QC 1|control|Al|27|value|51.3|ppb|",
            "4|P-7|sample|Al|27|above||ppb|",
        ]
    );
    assert_eq!(import.readings[2].limit.as_deref(), Some("1000"));
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2025-03-24T09:05:11+01:00"));
    assert_eq!(import.readings[0].attributes["rsd"], "12,1");
    assert_eq!(import.readings[0].attributes["mode"], "KED");
}

fn leco() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Info").unwrap();
    let sheet = book.add_worksheet().set_name(" Results").unwrap();
    let percent = Format::new().set_num_format("0.000%");
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (column, name) in
        ["Name", "Description", "Carbon\n%", "Sulfur\n%", "Analysis Date"].iter().enumerate()
    {
        sheet.write(2, column as u16, *name).unwrap();
    }
    sheet.write(3, 0, 1001).unwrap();
    sheet.write(3, 1, "Standard").unwrap();
    sheet.write_with_format(3, 2, 0.00173, &percent).unwrap();
    sheet.write(3, 3, 0.25).unwrap();
    let at = ExcelDateTime::from_ymd(2025, 3, 24).unwrap().and_hms(14, 5, 0).unwrap();
    sheet.write_with_format(3, 4, &at, &date).unwrap();
    sheet.write(5, 0, "S-2").unwrap();
    sheet.write(5, 2, "<0.001").unwrap();
    sheet.write(5, 3, "0,5").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn leco_workbook_with_percent_cells_dates_and_a_decimal_comma_in_text() {
    let import = import(
        "leco.xlsx",
        &leco(),
        r#"
[open]
sheet = " Results"
[number]
decimal = ","
thousands = "."
[header]
when = { column = 1, equals = "Name" }
[sample]
column = "Name"
[columns]
matches = '%$'
[[columns.set]]
name = "Carbon %"
decimal = "."
thousands = ""
[analyte]
pattern = '^(?<analyte>\w+)\s+(?<unit>%)$'
[analyte.alias]
"Carbon" = "C"
"Sulfur" = "S"
[[class]]
when = { column = "Description", equals = "Standard" }
is = "standard"
[time]
column = "Analysis Date"
format = "%d.%m.%Y"
"#,
    );
    assert_eq!(
        lines(&import),
        [
            " Results!4|1001|standard|C||value|0.173|%|",
            " Results!4|1001|standard|S||value|0.25|%|",
            " Results!6|S-2|sample|C||below|0.001|%|",
            " Results!6|S-2|sample|S||value|0.5|%|",
        ]
    );
    assert_eq!(import.readings[0].raw, "0.00173");
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2025-03-24T14:05:00"));
    // two empty rows above, one between
    assert_eq!(import.account.blank, 3);
}

#[test]
fn replicates_in_columns_and_their_mean() {
    let text = "Id,R1,R2,R3,Unit\nA,1.0,1.1,1.2,mg/L\nB,1,x,2,mg/L\n";
    let import = import(
        "r.csv",
        text.as_bytes(),
        r#"
[sample]
column = "Id"
[analyte]
constant = "Li"
[replicates]
matches = '^R\d$'
compute = "mean"
[unit]
column = "Unit"
[value]
unit = "mg/L"
"#,
    );
    assert_eq!(lines(&import), ["2|A|sample|Li||value|1.1|mg/L|", "3|B|sample|Li||invalid||mg/L|"]);
    assert_eq!(import.readings[0].replicates.len(), 3);
    assert!(import.readings[0].marks.contains(&"computed: mean of 3 replicates".to_owned()));
    assert!(import.readings[1].needs_decision.is_some());
}

#[test]
fn computed_means_of_replicate_rows() {
    let text = "Sample,Rep,Cu\nA,1,1.0\nA,2,2.0\nB,1,3.0\nB,2,5.0\n";
    let import = import(
        "r.csv",
        text.as_bytes(),
        r#"
[sample]
column = "Sample"
[columns]
[unit]
constant = "mg/L"
[replicate_rows]
column = "Rep"
replicate = '^\d+$'
compute = "mean"
"#,
    );
    assert_eq!(lines(&import), ["2|A|sample|Cu||value|1.5|mg/L|", "4|B|sample|Cu||value|4|mg/L|"]);
    assert_eq!(import.account.reading, 2);
    assert_eq!(import.account.attribute, 2);
}

#[test]
fn fixed_widths_with_offset_header_and_computed_sum() {
    let text = "Axios  results\n\
        Ident      Na2O      MgO       Sum\n\
        \x20          (%)       (%)       (%)\n\
        \n\
        ORE 1      0.120     1.25      99.90\n\
        ORE 2      -0.010    1.30 r    100.10\n";
    let import = import(
        "a.txt",
        text.as_bytes(),
        r#"
[open]
widths = [11, 10, 10, 10]
[header]
row = 2
rows = ["name", "unit"]
unit_pattern = '\((?<unit>[^)]+)\)'
[sample]
column = "Ident"
[columns]
[[columns.set]]
name = "Sum"
mark = "computed"
[analyte]
known = "Sum"
[value]
marks = "r"
"#,
    );
    assert_eq!(
        lines(&import),
        [
            "5|ORE 1|sample|Na2O||value|0.120|%|",
            "5|ORE 1|sample|MgO||value|1.25|%|",
            "5|ORE 1|sample|Sum||value|99.90|%|",
            "6|ORE 2|sample|Na2O||value|-0.010|%|",
            "6|ORE 2|sample|MgO||value|1.30|%|r",
            "6|ORE 2|sample|Sum||value|100.10|%|",
        ]
    );
    assert_eq!(import.readings[2].marks, ["computed"]);
    assert_eq!(import.readings[5].needs_decision, None, "a sum of 100.10 is a good analysis");
    assert_eq!(import.warnings, ["row 6: Sum 100.10 is above 100 %"]);
}

#[test]
fn refusals_name_the_token_and_keep_the_rest_of_the_row() {
    let text = "Id,Fe,Mn\nA,1.2.3,0.5\nB,\"1,234\",0.6\nEnd of file\n";
    let import =
        import("r.csv", text.as_bytes(), "[sample]\ncolumn = \"Id\"\n[columns]\n[unit]\nconstant = \"%\"\n");
    assert_eq!(lines(&import), ["2|A|sample|Mn||value|0.5|%|", "3|B|sample|Mn||value|0.6|%|"]);
    let tokens: Vec<&str> = import.refusals.iter().map(|one| one.token.as_str()).collect();
    assert_eq!(tokens, ["1.2.3", "1,234"]);
    assert!(import.refusals[0].reason.contains("\"1.2.3\"") && import.refusals[0].column == 2);
    assert!(
        matches!(&import.rows[3].outcome, Outcome::Refused { reason } if reason.contains("only one cell"))
    );
    assert_eq!((import.account.refused, import.account.refused_cells), (1, 2));
}

#[test]
fn open_document_sheets_with_repetition() {
    let content = r#"<?xml version="1.0"?>
<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">
<office:body><office:spreadsheet>
<table:table table:name="T1">
<table:table-row><table:table-cell office:value-type="string"><text:p>Id</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Fe</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:number-rows-repeated="2">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>A &amp; B</text:p></table:table-cell>
<table:table-cell office:value-type="percentage" office:value="0.0027">
<text:p>0,27%</text:p></table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="1048570">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"#;
    let mut bytes = Vec::new();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(&mut bytes));
    zip.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(content.as_bytes()).unwrap();
    zip.finish().unwrap();
    let import = import("t.ods", &bytes, "[sample]\ncolumn = \"Id\"\n[columns]\n[unit]\nconstant = \"%\"\n");
    assert_eq!(lines(&import), ["T1!4|A & B|sample|Fe||value|0.27|%|"]);
    assert_eq!((import.account.rows, import.account.blank), (4, 2));
}

#[test]
fn flags_hold_and_refuse_and_unknown_ids_ask() {
    let text = "Id,Fe,Flag\nA,1,h\n?,2,\nC,3,r\nA,1,\n";
    let import = import(
        "r.csv",
        text.as_bytes(),
        r#"
[sample]
column = "Id"
unknown = "?"
repeat = "duplicate"
[columns]
[unit]
constant = "%"
[[flag]]
column = "Flag"
[[meaning]]
flag = "h"
text = "plasma unstable"
consequence = "hold"
[[meaning]]
flag = "r"
text = "no plasma"
consequence = "refuse"
"#,
    );
    assert!(import.readings[0].needs_decision.as_deref().unwrap().contains("plasma unstable"));
    assert!(import.readings[1].needs_decision.as_deref().unwrap().contains("not known"));
    assert!(import.refusals[0].reason.contains("no plasma"));
    assert_eq!(import.readings[2].class.as_str(), "duplicate");
    assert_eq!(import.readings[2].occurrence, 2);
}
