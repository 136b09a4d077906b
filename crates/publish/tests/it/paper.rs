use std::process::Command;

use publish::certificate::{Standing, pdf, sample};

/// Text of a PDF by poppler; `None` where poppler is not installed.
fn text_of(name: &str, bytes: &[u8]) -> Option<String> {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"));
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output();
    match output {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap()),
        Err(_) => {
            println!("skipped: no pdftotext");
            None
        }
    }
}

#[test]
fn the_paper_carries_what_a_certificate_must_carry() {
    let document = sample::manganese_sulphate();
    let bytes = pdf(&document, &Standing::Current).unwrap();
    let Some(text) = text_of("certificate", &bytes) else { return };
    for wanted in [
        "质量证明书",
        "Certificate of Quality",
        "C-2026-0012",
        "联合关键矿产研究院",
        "Beihai Cathode Materials",
        "MSM-B1",
        "HG/T 4823",
        "MS-260314-02",
        "BH-2026-031",
        "24 000 kg",
        "收到基",
        "GB/T 6678",
        "S-2026-0311",
        "32.14",
        "± 0.11 (k = 2)",
        "<0.0001",
        "0.0001",
        "HG/T 4823-2023 5.4",
        "合格",
        "not judged",
        "手工录入",
        "changed since entry",
        "结论：放行",
        "湘潭",
        "71.3",
        "受控混合",
        "Tested by",
        "批准",
        "A-0042",
        "7K2F-93QD-MX4T",
        "合成数据",
        "Synthetic data",
        "Supersedes",
    ] {
        let plain = text.replace('\u{2009}', " ");
        assert!(plain.contains(wanted), "{wanted} in\n{plain}");
    }
}

/// Certificates are read for decades: a field that changes its name or form needs a new schema,
/// not a new golden.
#[test]
fn the_canonical_json_is_fixed() {
    let golden = include_bytes!("../golden/certificate.json");
    let found = sample::manganese_sulphate().canonical();
    assert_eq!(String::from_utf8(found).unwrap(), String::from_utf8(golden.to_vec()).unwrap());
    let read = publish::certificate::CertificateDocument::parse(golden).unwrap();
    assert_eq!(read, sample::manganese_sulphate());
}

#[test]
fn a_long_table_repeats_its_head_and_counts_its_pages() {
    let bytes = pdf(&sample::sixty_items(), &Standing::Current).unwrap();
    let Some(text) = text_of("sixty", &bytes) else { return };
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| !page.trim().is_empty()).collect();
    assert!(pages.len() >= 3, "{} pages", pages.len());
    for (n, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("Page {n} of {}", pages.len())), "{page}");
        assert!(n == pages.len() || page.contains("Rep. limit"), "no table head on page {n}");
    }
}

/// Where each word begins and ends across the page, in points, by poppler's boxes; `None` without poppler.
fn across(name: &str, bytes: &[u8]) -> Option<Vec<(f64, f64, String)>> {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pdf"));
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new("pdftotext").arg("-bbox").arg(&file).arg("-").output().ok()?;
    let text = String::from_utf8(output.stdout).unwrap().replace('\u{200b}', "");
    let value = |line: &str, key: &str| -> Option<f64> {
        line.split_once(&format!("{key}=\""))?.1.split('"').next()?.parse().ok()
    };
    let words = text.lines().filter(|line| line.trim_start().starts_with("<word"));
    Some(
        words
            .map(|line| (value(line, "xMin").unwrap(), value(line, "xMax").unwrap(), line.to_owned()))
            .collect(),
    )
}

#[test]
fn a_word_that_no_line_holds_stays_in_its_column() {
    let long = "LTDA".repeat(48);
    let mut document = sample::manganese_sulphate();
    document.customer.name = publish::Names::new(long.as_str(), long.as_str());
    document.product.name = publish::Names::new(long.as_str(), long.as_str());
    document.disposition =
        publish::certificate::Disposition::Released { statement: publish::Names::new(&*long, &*long) };
    let bytes = pdf(&document, &Standing::Current).unwrap();
    let Some(words) = across("long-word", &bytes) else { return };
    let (left, right) = (17.0 / 25.4 * 72.0, (210.0 - 17.0) / 25.4 * 72.0);
    let middle = (left + right) / 2.0;
    let parts: Vec<_> = words.iter().filter(|(_, _, line)| line.contains("LTDA")).collect();
    assert!(parts.len() >= 12, "{parts:?}");
    for (from, to, line) in parts {
        assert!(*from >= left - 0.5 && *to <= right + 0.5, "off the page: {line}");
        assert!(*from >= middle - 8.0 || *to <= middle + 0.5, "over its neighbour: {line}");
    }
}
