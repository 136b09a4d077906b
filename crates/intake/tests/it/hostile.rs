//! Files that are damaged or made to hurt: a clear error, bounded memory, never a panic.

use std::io::Write;

use intake::{Limits, Mapping, Trouble, read, recognise, shipped};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

fn plain() -> Mapping {
    let text = "name = \"m\"\n\
        version = 1\n\
        instrument = \"X\"\n\
        [sample]\n\
        column = 1\n\
        [columns]\n\
        [unit]\n\
        constant = \"%\"\n";
    Mapping::parse(text, "m").unwrap()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Id").unwrap();
    sheet.write(0, 1, "Fe").unwrap();
    for row in 1..50 {
        sheet.write(row, 0, format!("S{row}")).unwrap();
        sheet.write(row, 1, f64::from(row) / 7.0).unwrap();
    }
    book.save_to_buffer().unwrap()
}

pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(&mut bytes));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
    bytes
}

#[test]
fn a_workbook_cut_off_anywhere_is_an_error() {
    let whole = workbook();
    assert_eq!(read("w.xlsx", &whole, &plain(), &Limits::default()).unwrap().readings.len(), 49);
    for length in (5..whole.len() - 1).step_by(37) {
        let error = read("w.xlsx", &whole[..length], &plain(), &Limits::default()).unwrap_err();
        assert_eq!((error.trouble, error.file.as_str()), (Trouble::Malformed, "w.xlsx"), "{length}");
    }
}

#[test]
fn a_zip_bomb_is_stopped() {
    zip_bomb(" ", &Limits::default(), "one text in");
    zip_bomb("<row/> ", &Limits { inflated: 1 << 20, ..Limits::default() }, "inflates");
}

fn zip_bomb(piece: &str, limits: &Limits, said: &str) {
    let sheet = [b"<worksheet><sheetData>", piece.repeat((64 << 20) / piece.len()).as_bytes()].concat();
    let rels = br#"<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let book = br#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;
    let bytes = zipped(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", rels),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    assert!(bytes.len() < 1 << 20);
    let error = read("bomb.xlsx", &bytes, &plain(), limits).unwrap_err();
    assert_eq!(error.trouble, Trouble::TooLarge, "{error}");
    assert!(error.to_string().contains(said), "{error}");
}

#[test]
fn limits_name_the_place() {
    let commas = vec![b','; 100_000];
    let error = read("c.csv", &commas, &plain(), &Limits::default()).unwrap_err();
    assert_eq!((error.trouble, error.row, error.column), (Trouble::TooLarge, Some(1), Some(16_385)));
    let small = Limits { bytes: 10, ..Limits::default() };
    assert_eq!(read("c.csv", &commas, &plain(), &small).unwrap_err().trouble, Trouble::TooLarge);
    let lines = vec![b'\n'; 1000];
    let few = Limits { rows: 100, ..Limits::default() };
    assert_eq!(read("c.csv", &lines, &plain(), &few).unwrap_err().row, Some(101));
    let bare = read("c.csv", &vec![b'a'; 2 << 20], &plain(), &Limits::default()).unwrap_err();
    assert_eq!((bare.trouble, bare.row, bare.column), (Trouble::TooLarge, Some(1), Some(1)));
    let quote = [b"\"".to_vec(), vec![b'a'; 2 << 20], b"\",1\n".to_vec()].concat();
    assert_eq!(read("c.csv", &quote, &plain(), &Limits::default()).unwrap_err().trouble, Trouble::TooLarge);
}

#[test]
fn a_sheet_that_states_a_million_rows_costs_nothing() {
    let rels = br#"<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let book = br#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;
    let sheet = br#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>Id</t></is></c>
<c r="B1" t="inlineStr"><is><t>Fe</t></is></c>
</row>
<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>x</t></is></c>
<c r="B1048576"><v>1.50</v></c>
</row>
</sheetData></worksheet>"#;
    let bytes = zipped(&[
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", rels),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
    let import = read("s.xlsx", &bytes, &plain(), &Limits::default()).unwrap();
    assert_eq!(import.readings[0].row, "S!1048576");
    assert_eq!((import.readings[0].value.as_deref(), import.readings[0].raw.as_str()), (Some("1.5"), "1.50"));
    assert_eq!((import.rows.len(), import.account.rows), (3, 1_048_576));
}

#[test]
fn junk_is_told_apart_from_text() {
    let junk: Vec<u8> = (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&junk[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1junk", b"PK\x03\x04junk", b""] {
        let error = read("j", bytes, &plain(), &Limits::default()).unwrap_err();
        assert!(!error.to_string().is_empty());
    }
    let answer = recognise("j", &junk, &shipped());
    assert!(matches!(answer, intake::Recognition::None(reasons) if reasons.len() == shipped().len()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mappings_never_panic(text in "[a-z\\[\\]={}\"'\\.0-9 \n,<>?()|*+]{0,300}") {
        let _ = Mapping::parse(&text, "fuzz");
    }

    #[test]
    fn text_never_panics_and_accounts_add_up(text in "([A-Za-z0-9µ\"<>.,;\t\r\n%-]|Fe|Mn|nan){0,400}") {
        for mapping in shipped().iter().chain([&plain()]) {
            if let Ok(import) = read("f.csv", text.as_bytes(), mapping, &Limits::default()) {
                let account = &import.account;
                let sum = account.reading + account.attribute + account.header + account.statistics
                    + account.skipped + account.blank + account.refused + account.needs_decision;
                prop_assert_eq!(sum, account.rows);
                for one in &import.readings {
                    prop_assert!(one.value.is_none() || ["value", "below"].contains(&one.qualifier.as_str()));
                }
            }
        }
        let _ = recognise("f.csv", text.as_bytes(), &shipped());
    }

    #[test]
    fn damaged_workbooks_never_panic(at in 0_usize..4000, byte in any::<u8>(), cut in 0_usize..6000) {
        let mut bytes = workbook();
        let at = at % bytes.len();
        bytes[at] ^= byte;
        bytes.truncate(bytes.len().min(cut + 100));
        let _ = read("w.xlsx", &bytes, &plain(), &Limits::default());
    }
}

/// A legacy workbook by hand: one sheet, `Id` and `Fe` in row 1, a percentage and a plain number below.
fn legacy(last_column: u16) -> Vec<u8> {
    fn record(out: &mut Vec<u8>, kind: u16, body: &[u8]) {
        out.extend(kind.to_le_bytes());
        out.extend((body.len() as u16).to_le_bytes());
        out.extend(body);
    }
    let words = |list: &[u16]| list.iter().flat_map(|one| one.to_le_bytes()).collect::<Vec<u8>>();
    let label = |row: u16, column: u16, text: &str| {
        [words(&[row, column, 0, text.len() as u16]), vec![0], text.as_bytes().to_vec()].concat()
    };
    let number = |row: u16, column: u16, style: u16, value: f64| {
        [words(&[row, column, style]), value.to_le_bytes().to_vec()].concat()
    };
    let bof = |kind: u16| [words(&[0x0600, kind, 0, 0]), vec![0; 8]].concat();
    let mut stream = Vec::new();
    record(&mut stream, 0x0809, &bof(5));
    record(&mut stream, 0x041E, &[words(&[164, 5]), vec![0], b"0.00%".to_vec()].concat());
    for format in [0_u16, 164] {
        record(&mut stream, 0x00E0, &[words(&[0, format]), vec![0; 16]].concat());
    }
    let place = stream.len() + 4 + 8 + 2 + 4;
    record(&mut stream, 0x0085, &[&(place as u32).to_le_bytes()[..], &[0, 0, 2, 0], b"S1"].concat());
    record(&mut stream, 0x000A, &[]);
    assert_eq!(stream.len(), place);
    record(&mut stream, 0x0809, &bof(16));
    for (row, column, text) in [(0, 0, "Id"), (0, 1, "Fe"), (1, 0, "A"), (2, 0, "B")] {
        record(&mut stream, 0x0204, &label(row, column, text));
    }
    record(&mut stream, 0x0203, &number(1, 1, 1, 0.0027));
    record(&mut stream, 0x0203, &number(2, 1, 0, 1.25));
    if last_column > 1 {
        record(&mut stream, 0x0203, &number(65_535, last_column, 0, 1.0));
    }
    record(&mut stream, 0x000A, &[]);
    stream.resize(4096, 0);
    compound(&stream)
}

/// Header, one sector of the allocation table, one of the directory, then the stream in sectors of 512.
pub fn compound(stream: &[u8]) -> Vec<u8> {
    let mut header = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    header.resize(24, 0);
    header.extend([0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    header.resize(44, 0);
    for value in [1_u32, 1, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0, 0] {
        header.extend(value.to_le_bytes());
    }
    header.resize(512, 0xFF);
    let sectors = stream.len() / 512;
    let mut table: Vec<u32> = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
    table.extend((0..sectors).map(|at| if at + 1 == sectors { 0xFFFF_FFFE } else { at as u32 + 3 }));
    table.resize(128, 0xFFFF_FFFF);
    let entry = |name: &str, kind: u8, start: u32, size: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend((2 * (name.len() as u16 + 1)).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xFF; 12]);
        entry.resize(116, 0);
        entry.extend(start.to_le_bytes());
        entry.extend(size.to_le_bytes());
        entry.resize(128, 0);
        entry
    };
    let mut directory = entry("Root Entry", 5, 0xFFFF_FFFE, 0);
    directory.extend(entry("Workbook", 2, 2, stream.len() as u32));
    directory.resize(512, 0);
    let table: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
    [header, table, directory, stream.to_vec()].concat()
}

#[test]
fn a_legacy_workbook_keeps_its_percentages_and_cannot_claim_the_moon() {
    let import = read("l.xls", &legacy(1), &plain(), &Limits::default()).unwrap();
    let read_as: Vec<(&str, &str, Option<&str>)> = import
        .readings
        .iter()
        .map(|one| (one.row.as_str(), one.raw.as_str(), one.value.as_deref()))
        .collect();
    assert_eq!(read_as, [("S1!2", "0.0027", Some("0.27")), ("S1!3", "1.25", Some("1.25"))]);
    for column in [255, 65_535] {
        let error = read("l.xls", &legacy(column), &plain(), &Limits::default()).unwrap_err();
        assert_eq!(error.trouble, Trouble::TooLarge, "{error}");
    }
    let whole = legacy(1);
    for at in (0..whole.len()).step_by(13) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _ = read("l.xls", &bytes, &plain(), &Limits::default());
        let _ = read("l.xls", &whole[..at.max(9)], &plain(), &Limits::default());
    }
}
