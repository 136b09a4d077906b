//! Any bytes as a workbook, under small limits: as they are, as a sheet or the shared strings of a sound .xlsx,
//! or as the content of an .ods. Without the sound rest, no fuzzer would ever get past the archive.
#![no_main]

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static MAPPINGS: LazyLock<Vec<intake::Mapping>> = LazyLock::new(|| {
    let head = "name = \"fuzz\"\nversion = 1\ninstrument = \"F\"\n[open]\nsheets = \"all_with_content\"\n";
    let wide = format!("{head}[columns]\n[sample]\ncolumn = 1\n[unit]\nconstant = \"%\"\n");
    let mut all = intake::shipped();
    all.extend(intake::Mapping::parse(&wide, "fuzz"));
    all
});

const RELATIONS: &[u8] =
    br#"<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;
const STYLES: &[u8] =
    br#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="22"/></cellXfs>
</styleSheet>"#;
const STRINGS: &[u8] = br#"<sst><si><t>Id</t></si><si><t>Fe</t></si></sst>"#;
const SHEET: &[u8] =
    br#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
</sheetData></worksheet>"#;

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let file = match kind % 4 {
        0 => rest.to_vec(),
        1 => xlsx(rest, STRINGS, STYLES),
        2 => xlsx(SHEET, rest, STYLES),
        _ => zipped(&[("content.xml", rest)]),
    };
    let limits = intake::Limits { inflated: 8 << 20, cells: 200_000, ..intake::Limits::default() };
    for mapping in MAPPINGS.iter() {
        if let Ok(import) = intake::read("fuzz.xlsx", &file, mapping, &limits) {
            let account = &import.account;
            let told = account.reading + account.attribute + account.header + account.statistics;
            let left = account.skipped + account.blank + account.refused + account.needs_decision;
            assert_eq!(told + left, account.rows);
        }
    }
});

fn xlsx(sheet: &[u8], strings: &[u8], styles: &[u8]) -> Vec<u8> {
    zipped(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
    ])
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a name");
        archive.write_all(content).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}
