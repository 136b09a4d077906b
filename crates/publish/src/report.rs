//! A report of a record: facts, remarks and tables, typeset on A4 in both languages.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::names::Names;
use crate::typeset::{self, Sheet, TypesetError};
use crate::workbook::Table;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it is: `Metal balance`.
    pub kind: Names,
    /// Of which record: `MB-2026-08`.
    pub name: String,
    /// How it stands, printed beside the name.
    pub state: Names,
    /// Whose it is.
    pub issuer: Names,
    /// What is to be known first: name and what it is.
    pub facts: Vec<(Names, Names)>,
    /// What was found, one paragraph each.
    pub remarks: Vec<Names>,
    /// The tables, each under its title.
    pub tables: Vec<Table>,
    /// When it was printed, as the reader writes instants.
    pub printed: String,
}

/// The report as PDF/A-3a. `at` (RFC 3339) dates the file; equal input gives equal bytes.
pub fn pdf(report: &Report, at: &str) -> Result<Vec<u8>, TypesetError> {
    let data = serde_json::to_vec(report)
        .map_err(|error| TypesetError::Data { what: "report", reason: error.to_string() })?;
    typeset::pdf(Sheet {
        what: "report",
        template: include_str!("report.typ"),
        files: BTreeMap::from([("data.json", data)]),
        at,
        ident: format!("{} {}", report.name, report.printed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::{Cell, Column};

    #[test]
    fn a_report_with_many_rows_runs_over_pages() {
        let column = |key: &str, en: &str, zh: &str| Column {
            key: key.into(),
            name: Names::new(en, zh),
            unit: String::new(),
        };
        let rows = (0..90).map(|n| vec![Cell::Text(format!("stream {n}")), Cell::Decimal(format!("{n}.50"))]);
        let table = Table {
            title: Names::new("Figures", "数据"),
            columns: vec![column("stream", "Stream", "流股"), column("value", "Value", "数值")],
            rows: rows.collect(),
        };
        let report = Report {
            kind: Names::new("Metal balance", "金属平衡"),
            name: "MB-2026-08".into(),
            state: Names::new("final", "已定稿"),
            issuer: Names::new("Institute", "研究院"),
            facts: vec![(Names::new("Period", "期间"), Names::new("August", "八月"))],
            remarks: vec![Names::new("Nothing was found.", "未发现异常。")],
            tables: vec![table],
            printed: "2026-09-02 10:00".into(),
        };
        let bytes = pdf(&report, "2026-09-02T02:00:00Z").unwrap();
        assert!(bytes.starts_with(b"%PDF"));
        if let Ok(dir) = std::env::var("OREPASS_LOOK") {
            std::fs::write(format!("{dir}/report.pdf"), bytes).unwrap();
        }
    }
}
