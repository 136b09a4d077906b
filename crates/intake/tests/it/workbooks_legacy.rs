//! What the tests of `workbooks` say, for .xls and .ods as far as these formats say it.

use intake::{Import, Limits, Mapping, Outcome, Reading, read};

use crate::hostile::{compound, zipped};
use crate::workbooks::WIDE;

fn mapping() -> Mapping {
    let head = "name = \"w\"\nversion = 1\ninstrument = \"X\"\nclass_default = \"sample\"\n";
    Mapping::parse(&format!("{head}{WIDE}"), "w").unwrap()
}

fn asks(reading: &Reading, words: &str) -> bool {
    reading.needs_decision.as_deref().is_some_and(|asked| asked.contains(words))
}

fn values(import: &Import) -> Vec<(&str, Option<&str>)> {
    import.readings.iter().map(|one| (one.sample_id.as_str(), one.value.as_deref())).collect()
}

fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend((body.len() as u16).to_le_bytes());
    out.extend(body);
}

fn words(list: &[u16]) -> Vec<u8> {
    list.iter().flat_map(|one| one.to_le_bytes()).collect()
}

/// Records of a sheet: kind and body.
type Records = Vec<(u16, Vec<u8>)>;

fn label(row: u16, column: u16, text: &str) -> (u16, Vec<u8>) {
    let body = [words(&[row, column, 0, text.len() as u16]), vec![0], text.as_bytes().to_vec()].concat();
    (0x0204, body)
}

fn number(row: u16, column: u16, style: u16, value: f64) -> (u16, Vec<u8>) {
    (0x0203, [words(&[row, column, style]), value.to_le_bytes().to_vec()].concat())
}

/// A cell with text `at` of the table.
fn listed(row: u16, column: u16, at: u32) -> (u16, Vec<u8>) {
    (0x00FD, [words(&[row, column, 0]), at.to_le_bytes().to_vec()].concat())
}

fn hidden_row(row: u16) -> (u16, Vec<u8>) {
    (0x0208, words(&[row, 0, 2, 255, 0, 0, 0x20, 15]))
}

/// A workbook of sheets with a state each. Styles: 0 general, then one per format; the last is raised.
fn legacy(formats: &[&str], table: &[u8], sheets: &[(u8, Records)]) -> Vec<u8> {
    let bof = |kind: u16| [words(&[0x0600, kind, 0, 0]), vec![0; 8]].concat();
    let bodies: Vec<Vec<u8>> = sheets
        .iter()
        .map(|(_, records)| {
            let mut body = Vec::new();
            record(&mut body, 0x0809, &bof(16));
            records.iter().for_each(|(kind, own)| record(&mut body, *kind, own));
            record(&mut body, 0x000A, &[]);
            body
        })
        .collect();
    let globals = |offsets: &[usize]| {
        let mut out = Vec::new();
        record(&mut out, 0x0809, &bof(5));
        for script in [0_u16, 0, 0, 0, 1, 2] {
            record(&mut out, 0x0031, &[words(&[200, 0, 0x7FFF, 400, script]), vec![0; 4]].concat());
        }
        for (at, code) in formats.iter().enumerate() {
            let head = words(&[164 + at as u16, code.len() as u16]);
            record(&mut out, 0x041E, &[head, vec![0], code.as_bytes().to_vec()].concat());
        }
        record(&mut out, 0x00E0, &[words(&[0, 0]), vec![0; 16]].concat());
        for at in 0..formats.len() {
            record(&mut out, 0x00E0, &[words(&[0, 164 + at as u16]), vec![0; 16]].concat());
        }
        // there is no font 4: font 5 is the fifth that stands there, which is raised
        record(&mut out, 0x00E0, &[words(&[5, 0]), vec![0; 16]].concat());
        for (at, (state, _)) in sheets.iter().enumerate() {
            let place = (offsets[at] as u32).to_le_bytes();
            record(&mut out, 0x0085, &[&place[..], &[*state, 0, 2, 0], format!("S{at}").as_bytes()].concat());
        }
        if !table.is_empty() {
            record(&mut out, 0x00FC, table);
        }
        record(&mut out, 0x000A, &[]);
        out
    };
    let mut offsets = vec![0; sheets.len()];
    let mut next = globals(&offsets).len();
    for (at, body) in bodies.iter().enumerate() {
        offsets[at] = next;
        next += body.len();
    }
    let mut stream = globals(&offsets);
    bodies.iter().for_each(|body| stream.extend(body));
    stream.resize(stream.len().div_ceil(512).max(8) * 512, 0);
    compound(&stream)
}

fn xls(bytes: &[u8]) -> Import {
    read("w.xls", bytes, &mapping(), &Limits::default()).unwrap_or_else(|why| panic!("{why}"))
}

fn head() -> Records {
    vec![label(0, 0, "Id"), label(0, 1, "Fe")]
}

#[test]
fn legacy_numbers_formats_and_ids() {
    let formats = ["0.00%", "00000", "0.0\"%\"", "[<0.01]\"<0.01\";0.00"];
    let mut rows = head();
    rows.extend([number(1, 0, 2, 123.0), number(1, 1, 1, 0.29)]);
    rows.extend([number(2, 0, 0, 240_001.0), number(2, 1, 0, 4.674)]);
    rows.extend([label(3, 0, "C"), number(3, 1, 3, 55.1)]);
    rows.extend([label(4, 0, "D"), number(4, 1, 4, 0.003)]);
    rows.extend([label(5, 0, "E"), number(5, 1, 5, 3.0)]);
    let import = xls(&legacy(&formats, &[], &[(0, rows)]));
    assert_eq!(
        values(&import),
        [
            ("00123", Some("29")),
            ("240001", Some("4.674")),
            ("C", Some("55.1")),
            ("D", Some("0.003")),
            ("E", Some("3"))
        ]
    );
    let asked: Vec<bool> = import.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, false, false, true, true]);
    assert!(asks(&import.readings[3], "shows \"<0.01\"") && asks(&import.readings[4], "superscript"));
}

#[test]
fn legacy_workbooks_tell_what_they_hide() {
    let rows = |value: f64| {
        let mut rows = vec![hidden_row(1)];
        rows.extend(head());
        rows.extend([label(1, 0, "S1"), number(1, 1, 0, 9.9), label(2, 0, "S1"), number(2, 1, 0, value)]);
        rows
    };
    let import = xls(&legacy(&[], &[], &[(1, rows(7.7)), (2, rows(8.8)), (0, rows(1.5))]));
    assert_eq!(values(&import), [("S1", Some("1.5"))]);
    assert!(matches!(&import.rows[1].outcome, Outcome::Skipped { rule } if rule.contains("hidden")));
    assert!(import.warnings.iter().any(|text| text.contains("hidden sheets") && text.contains("S0, S1")));
    // a hidden column, a merged id and a comment
    let mut rows = head();
    rows.insert(0, (0x007D, words(&[1, 1, 2560, 0, 1, 0])));
    rows.extend([label(1, 0, "S1"), number(1, 1, 0, 1.5), number(2, 1, 0, 2.5)]);
    rows.push((0x00E5, words(&[1, 1, 2, 0, 0])));
    rows.push((0x001C, [words(&[1, 1, 0, 1, 1]), vec![0, b'x', 0]].concat()));
    let import = xls(&legacy(&[], &[], &[(0, rows)]));
    assert_eq!(values(&import), [("S1", Some("1.5")), ("S1", Some("2.5"))]);
    assert!(import.readings.iter().all(|one| asks(one, "column B, which is hidden")));
    assert!(import.warnings.iter().any(|text| text.contains("comments stand on B2")));
}

#[test]
fn legacy_texts_keep_what_is_raised() {
    let text = |text: &str, runs: &[(u16, u16)]| {
        let flags = if runs.is_empty() { 0 } else { 8 };
        let mut out = [words(&[text.len() as u16]), vec![flags]].concat();
        if !runs.is_empty() {
            out.extend((runs.len() as u16).to_le_bytes());
        }
        out.extend(text.as_bytes());
        runs.iter().for_each(|(start, font)| out.extend(words(&[*start, *font])));
        out
    };
    let items = [
        text("plain", &[]),
        text("1.23", &[(3, 5)]),
        text("1.5x10-3", &[(6, 5)]),
        text("Fe2O3", &[(2, 6), (3, 0), (4, 6)]),
    ];
    let head = [4_u32.to_le_bytes(), 4_u32.to_le_bytes()].concat();
    let table = [head, items.concat()].concat();
    let rows = vec![
        label(0, 0, "Id"),
        listed(0, 1, 3),
        listed(1, 0, 0),
        listed(1, 1, 1),
        label(2, 0, "B"),
        listed(2, 1, 2),
    ];
    let import = xls(&legacy(&[], &table, &[(0, rows)]));
    assert_eq!(values(&import), [("plain", Some("1.2")), ("B", Some("1.5E-3"))]);
    assert_eq!(import.readings[0].analyte, "Fe2O3");
    assert!(asks(&import.readings[0], "superscript \"3\""));
    assert_eq!(import.readings[1].needs_decision, None);
}

fn ods(styles: &str, tables: &str) -> Import {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body>\
         <office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    let bytes = zipped(&[("content.xml", content.as_bytes())]);
    read("w.ods", &bytes, &mapping(), &Limits::default()).unwrap_or_else(|why| panic!("{why}"))
}

fn ods_text(text: &str) -> String {
    format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
}

fn ods_number(kind: &str, value: &str, shown: &str) -> String {
    format!(
        r#"<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{shown}</text:p>
</table:table-cell>"#
    )
}

fn ods_row(attributes: &str, cells: &[String]) -> String {
    format!("<table:table-row {attributes}>{}</table:table-row>", cells.concat())
}

fn ods_head() -> String {
    ods_row("", &[ods_text("Id"), ods_text("Fe")])
}

#[test]
fn open_documents_tell_numbers_ids_and_percentages() {
    let rows = ods_head()
        + &ods_row(
            "",
            &[ods_number("float", "123", "00123"), ods_number("float", "4.6740000000000004", "4.67")],
        )
        + &ods_row(
            "",
            &[
                ods_number("float", "240001.0", "240001"),
                ods_number("percentage", "0.28999999999999998", "29%"),
            ],
        )
        + &ods_row("", &[ods_number("float", "12.1", "12.10"), ods_number("float", "0.003", "&lt;0.01")])
        + &ods_row("", &[ods_number("float", "7", "LOT-007"), ods_number("float", "0", "#DIV/0!")]);
    let import = ods("", &format!(r#"<table:table table:name="S">{rows}</table:table>"#));
    assert_eq!(
        values(&import),
        [("00123", Some("4.674")), ("240001", Some("29")), ("12.1", Some("0.003")), ("7", None)]
    );
    assert_eq!(import.readings[0].raw, "4.6740000000000004");
    assert_eq!(import.readings[3].qualifier.as_str(), "invalid");
    let asked: Vec<bool> = import.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, false, true, true]);
    assert!(asks(&import.readings[2], "shows \"<0.01\"") && asks(&import.readings[2], "in another form"));
}

#[test]
fn open_documents_tell_what_they_hide_and_raise() {
    let styles = r#"<style:style style:name="ta2" style:family="table"><style:table-properties
 table:display="false"/></style:style><style:style style:name="T1" style:family="text"><style:text-properties
 style:text-position="super 58%"/></style:style><style:style style:name="T2" style:family="text">
<style:text-properties style:text-position="-33% 58%"/></style:style>"#;
    let raised = |text: &str, up: &str| {
        ods_text(&format!(r#"{text}<text:span text:style-name="T1">{up}</text:span>"#))
    };
    let one = |value: &str| ods_row("", &[ods_text("S1"), ods_number("float", value, value)]);
    let hidden = format!(
        r#"<table:table table:name="old" table:style-name="ta2">{}{}</table:table>"#,
        ods_head(),
        one("9.9")
    );
    let columns = r#"<table:table-column/><table:table-column/>
<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>"#;
    let rows = ods_row("", &[ods_text("Id"), ods_text("Fe"), ods_text("Cu")])
        + &ods_row(r#"table:visibility="filter""#, &[ods_text("S1"), ods_number("float", "9.9", "9.9")])
        + &ods_row(r#"table:visibility="collapse""#, &[ods_text("S2"), ods_number("float", "9.9", "9.9")])
        + &ods_row("", &[ods_text("S1"), raised("1.2", "3"), ods_number("float", "7", "7")])
        + &ods_row("", &[ods_text("S3"), raised("1.5×10", "-3")]);
    let import =
        ods(styles, &format!(r#"{hidden}<table:table table:name="new">{columns}{rows}</table:table>"#));
    assert_eq!(
        values(&import),
        [("S1", Some("1.2")), ("S1", Some("7")), ("S3", Some("1.5E-3")), ("S3", None)]
    );
    assert!(asks(&import.readings[0], "superscript \"3\""));
    assert!(asks(&import.readings[1], "column C, which is hidden"));
    assert_eq!(import.readings[2].needs_decision, None);
    assert!(import.warnings.iter().any(|text| text.contains("hidden sheets") && text.contains("old")));
    assert!(import.warnings.iter().any(|text| text.contains("rows 2-3 are hidden")), "{:?}", import.warnings);
}

#[test]
fn open_documents_merge_and_comment() {
    let merged = r#"<table:table-cell office:value-type="string" table:number-rows-spanned="2">
        <text:p>S1</text:p>
<office:annotation><dc:creator>Li</dc:creator><text:p>spilled</text:p></office:annotation>
        </table:table-cell>"#;
    let covered = r#"<table:covered-table-cell/>"#;
    let rows = ods_head()
        + &ods_row("", &[merged.to_owned(), ods_number("float", "1.5", "1.5")])
        + &ods_row("", &[covered.to_owned(), ods_number("float", "2.5", "2.5")]);
    let import = ods("", &format!(r#"<table:table table:name="S">{rows}</table:table>"#));
    assert_eq!(values(&import), [("S1", Some("1.5")), ("S1", Some("2.5"))]);
    assert!(import.readings.iter().all(|one| one.needs_decision.is_none()));
    assert!(
        import.warnings.iter().any(|text| text.contains("comments stand on A2")),
        "{:?}",
        import.warnings
    );
}
