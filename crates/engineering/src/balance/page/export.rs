//! The balance as a workbook and as a typeset report, both in both languages.

use kernel::BalanceId;
use measure::Decimal;
use publish::Names;
use publish::report::Report;
use publish::workbook::{self, Cell, Column, Table};
use site::{Download, FileOut, Miss, STAFF, Visit};
use store::StoreError;
use ui::Lang;
use ui::Words;

use super::figures::printed;
use super::{BalancePage, closing, explained, figures as shown, findings, load};
use crate::show;
use crate::solve::Solved;

/// The files of a balance.
pub(crate) const DOWNLOADS: [Download; 2] = [
    Download { path: "/balance/balances/{balance}/xlsx", readers: STAFF, make: make_workbook },
    Download { path: "/balance/balances/{balance}/report", readers: STAFF, make: make_report },
];

/// Words in both languages.
struct Both {
    en: Words,
    zh: Words,
}

impl Both {
    fn of(words: &Words) -> Self {
        Both { en: words.in_lang(Lang::En), zh: words.in_lang(Lang::Zh) }
    }

    fn t(&self, key: &str) -> Names {
        Names::new(self.en.t(key), self.zh.t(key))
    }

    fn say(&self, say: impl Fn(&Words) -> String) -> Names {
        Names::new(say(&self.en), say(&self.zh))
    }

    /// A cell that says the same in both languages, once where they agree.
    fn cell(&self, say: impl Fn(&Words) -> String) -> Cell {
        let (en, zh) = (say(&self.en), say(&self.zh));
        Cell::Text(if en == zh { en } else { format!("{zh} {en}") })
    }

    fn column(&self, key: &str, unit: &str) -> Column {
        Column { key: key.to_owned(), name: self.t(key), unit: unit.to_owned() }
    }
}

fn asked(visit: &mut Visit<'_>) -> Result<(BalancePage, Solved), Miss> {
    let id: BalanceId = visit.id("balance")?;
    let page = load(visit, id)?;
    match page.solved.clone() {
        Some(solved) => Ok((page, solved)),
        None => Err(Miss::Unclear(visit.words.t("verdict-not-reconciled"))),
    }
}

fn make_workbook(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (page, solved) = asked(visit)?;
    let both = Both::of(visit.words);
    let tables = [
        figures(&both, &page, &solved, true),
        nodes(&both, &page, &solved),
        recoveries(&both, &page, &solved),
        losses(&both, &page, &solved),
    ];
    let title = Names::new(page.balance.code.clone(), page.balance.code.clone());
    let bytes = workbook::book(&title, &tables, &visit.now.to_string())
        .map_err(|why| StoreError::stored("the workbook of a balance", why))?;
    let content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(FileOut { name: format!("{}.xlsx", page.balance.code), content_type, bytes, inline: false })
}

fn make_report(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (page, solved) = asked(visit)?;
    let both = Both::of(visit.words);
    let issuer =
        authority::institute::rows::find(visit.db)?.map(|(_, of)| Names::new(of.names.en, of.names.zh));
    let report = Report {
        kind: both.t("kind-balance"),
        name: page.balance.code.clone(),
        state: state(&both, &page, &solved),
        issuer: issuer.unwrap_or_default(),
        facts: facts(&both, &page, &solved),
        remarks: remarks(&both, &page, &solved),
        tables: vec![
            figures(&both, &page, &solved, false),
            nodes(&both, &page, &solved),
            recoveries(&both, &page, &solved),
            losses(&both, &page, &solved),
        ],
        printed: visit.words.instant(visit.now.timestamp()),
    };
    let bytes = publish::report::pdf(&report, &visit.now.to_string())
        .map_err(|why| StoreError::stored("the report of a balance", why))?;
    let name = format!("{}.pdf", page.balance.code);
    Ok(FileOut { name, content_type: "application/pdf", bytes, inline: true })
}

fn state(both: &Both, page: &BalancePage, solved: &Solved) -> Names {
    both.say(|words| {
        let badges = show::state(words, page.balance.state.is_final(), page.balance.stale.is_some());
        let verdict = super::verdict(words, solved, &page.exceptions);
        let all: Vec<String> = badges.into_iter().chain([verdict]).map(|badge| badge.words).collect();
        all.join(" · ")
    })
}

fn facts(both: &Both, page: &BalancePage, solved: &Solved) -> Vec<(Names, Names)> {
    let same = |text: String| Names::new(text.clone(), text);
    let of = &page.balance;
    let scope = format!("choice-scope-{}", of.scope.word());
    let custody = format!("choice-custody-{}", of.custody.word());
    let window = both.say(|words| {
        format!("{} – {}", words.instant(of.from.timestamp()), words.instant(of.until.timestamp()))
    });
    let critical = solved.critical.as_deref().unwrap_or("—");
    let test = format!("χ² {} / {critical} ({})", solved.objective, solved.dof);
    let mut all = vec![
        (both.t("kind-flowsheet-version"), same(page.version.label())),
        (both.t("field-scope-of-balance"), both.t(&scope)),
        (both.t("field-window"), window),
        (both.t("field-revision"), same(of.revision.to_string())),
        (both.t("field-global-test"), same(test)),
        (both.t("field-custody"), both.t(&custody)),
    ];
    if !page.finalised_by.is_empty() {
        all.push((both.t("field-finalised"), same(page.finalised_by.clone())));
    }
    all
}

fn remarks(both: &Both, page: &BalancePage, solved: &Solved) -> Vec<Names> {
    let mut all: Vec<Names> = Vec::new();
    if let Some(first) = solved.explanations.first() {
        all.push(both.say(|words| {
            let together = words.tv("finding-together", &[("count", first.faults.len().into())]);
            format!("{together} {}", explained::told(words, page, first))
        }));
    }
    all.extend(solved.suspects.iter().map(|suspect| {
        both.say(|words| {
            let what = findings::what(words, page, &suspect.what);
            format!("{what} ({} > {})", suspect.statistic, suspect.critical)
        })
    }));
    all.extend(page.exceptions.iter().map(|(exception, by)| {
        both.say(|words| {
            let what = words.t(&format!("choice-what-{}", exception.what.word()));
            words.tv(
                "notice-excepted",
                &[
                    ("what", what.into()),
                    ("person", by.as_str().into()),
                    ("reason", exception.reason.as_str().into()),
                ],
            )
        })
    }));
    if all.is_empty() {
        all.push(both.t("findings-none"));
    }
    all
}

fn decimal(text: Option<&String>, sd: Option<&str>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::Decimal(printed(text, sd)))
}

/// Every figure three times; with all digits for the workbook, as printed for the report.
fn figures(both: &Both, page: &BalancePage, solved: &Solved, full: bool) -> Table {
    let flows = &closing::flows(&page.version.definition, solved);
    let rows = page.version.definition.quantities().flat_map(|of| {
        solved.figures.iter().filter(move |figure| figure.of == of).map(|figure| {
            let (sd, raw_sd) = (figure.sd.as_deref(), figure.raw_sd.as_deref());
            let number = |text: Option<&String>, sd: Option<&str>| match (text, full) {
                (Some(text), true) => Cell::Decimal(text.clone()),
                (text, _) => decimal(text, sd),
            };
            vec![
                both.cell(|words| page.stream(words, &figure.stream)),
                both.cell(|words| show::quantity(words, &figure.of)),
                Cell::Text(page.unit(&figure.of).to_owned()),
                number(figure.raw.as_ref(), raw_sd.or(sd)),
                number(figure.raw_sd.as_ref(), raw_sd),
                number(figure.accounting.as_ref(), raw_sd.or(sd)),
                match (&figure.reconciled, full) {
                    (Some(value), false) => Cell::Decimal(shown::closing(flows, figure, value)),
                    (value, _) => number(value.as_ref(), sd),
                },
                number(figure.sd.as_ref(), sd),
                number(figure.adjustment.as_ref(), Some("0.1")),
                number(figure.test.as_ref(), Some("0.1")),
                both.cell(|words| words.t(&format!("class-{}", figure.class.word()))),
            ]
        })
    });
    let columns = vec![
        both.column("column-stream", ""),
        both.column("column-quantity", ""),
        both.column("field-unit", ""),
        both.column("figure-raw", ""),
        both.column("field-sd", ""),
        both.column("figure-accounting", ""),
        both.column("figure-reconciled", ""),
        both.column("column-plus-minus", ""),
        both.column("figure-adjustment", "s"),
        both.column("column-test", ""),
        both.column("column-class", ""),
    ];
    Table { title: both.t("section-figures"), columns, rows: rows.collect() }
}

fn nodes(both: &Both, page: &BalancePage, solved: &Solved) -> Table {
    let rows = solved.nodes.iter().map(|node| {
        vec![
            both.cell(|words| page.node(words, &node.node)),
            both.cell(|words| show::quantity(words, &node.of)),
            decimal(node.imbalance.as_ref(), shown::spread_of(node).as_deref()),
            decimal(node.test.as_ref(), Some("0.1")),
            decimal(node.leak.as_ref(), node.leak.as_deref()),
        ]
    });
    let unit = page.version.definition.unit.symbol();
    let columns = vec![
        both.column("column-node", ""),
        both.column("column-quantity", ""),
        both.column("column-imbalance", unit),
        both.column("column-nodal-test", "s"),
        both.column("column-leak", unit),
    ];
    Table { title: both.t("section-nodes"), columns, rows: rows.collect() }
}

fn recoveries(both: &Both, page: &BalancePage, solved: &Solved) -> Table {
    let rows = solved.recoveries.iter().map(|of| {
        vec![
            both.cell(|words| page.stream(words, &of.stream)),
            both.cell(|words| show::quantity(words, &of.of)),
            decimal(Some(&of.percent), of.sd.as_deref().or(Some("0.05"))),
            decimal(of.sd.as_ref(), of.sd.as_deref()),
            decimal(of.interval.as_ref().map(|(low, _)| low), of.sd.as_deref()),
            decimal(of.interval.as_ref().map(|(_, high)| high), of.sd.as_deref()),
        ]
    });
    let end = |key: &str| Column {
        key: key.to_owned(),
        name: both.say(|words| words.tv(key, &[("percent", super::percent(solved).into())])),
        unit: "%".to_owned(),
    };
    let columns = vec![
        both.column("column-stream", ""),
        both.column("column-quantity", ""),
        both.column("column-recovery", "%"),
        both.column("column-plus-minus", "%"),
        end("column-lower"),
        end("column-upper"),
    ];
    Table { title: both.t("section-recoveries"), columns, rows: rows.collect() }
}

fn losses(both: &Both, page: &BalancePage, solved: &Solved) -> Table {
    let unit = page.version.definition.unit.symbol();
    let rows = solved.losses.iter().map(|loss| {
        let z = loss.lost.parse::<Decimal>().ok().zip(loss.sd.parse::<Decimal>().ok());
        let z = z.and_then(|(lost, sd)| lost.checked_div(sd)).map(|z| z.to_string());
        vec![
            both.cell(|words| show::quantity(words, &loss.of)),
            Cell::Text(unit.to_owned()),
            decimal(Some(&loss.entered), Some(&loss.sd)),
            decimal(Some(&loss.lost), Some(&loss.sd)),
            decimal(Some(&loss.sd), Some(&loss.sd)),
            decimal(z.as_ref(), Some("0.1")),
        ]
    });
    let columns = vec![
        both.column("column-quantity", ""),
        both.column("field-unit", ""),
        both.column("column-entered", ""),
        both.column("column-lost", ""),
        both.column("field-sd", ""),
        both.column("column-z", ""),
    ];
    Table { title: both.t("section-losses"), columns, rows: rows.collect() }
}
