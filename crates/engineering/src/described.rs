//! What engineering's records are, for explain trees, search answers and links.

use kernel::{
    BalanceId, FigureId, FlowsheetId, FlowsheetVersionId, Kind, MeasurementId, ReconciliationId, Ref,
};
use store::{Db, Described, StoreError};

use crate::balance::rows::{self as balances, Taken};
use crate::flowsheet::rows as flowsheets;
use crate::solve::text;

/// Says what one of engineering's records is.
pub(crate) fn describe(db: &mut Db, record: Ref) -> Result<Option<Described>, StoreError> {
    let number = record.number;
    match record.kind {
        Kind::Flowsheet => flowsheet(db, FlowsheetId(number)),
        Kind::FlowsheetVersion => version(db, FlowsheetVersionId(number)),
        Kind::Balance => balance(db, BalanceId(number)),
        Kind::Measurement => measurement(db, MeasurementId(number)),
        Kind::Reconciliation => reconciliation(db, ReconciliationId(number)),
        Kind::Figure => figure(db, FigureId(number)),
        Kind::Override => exception(db, number),
        _ => Ok(None),
    }
}

fn described(label: String, url: String, fields: Vec<(&str, String)>) -> Option<Described> {
    let fields = fields.into_iter().filter(|(_, text)| !text.is_empty());
    let fields = fields.map(|(key, text)| (key.to_owned(), text)).collect();
    Some(Described { label, url, fields, raw: None, because: None })
}

fn flowsheet(db: &mut Db, id: FlowsheetId) -> Result<Option<Described>, StoreError> {
    let Some(head) = flowsheets::head(db, id)? else { return Ok(None) };
    Ok(described(head.code, format!("/balance/flowsheets/{id}"), vec![]))
}

fn version(db: &mut Db, id: FlowsheetVersionId) -> Result<Option<Described>, StoreError> {
    let Some(of) = flowsheets::version(db, id)? else { return Ok(None) };
    let fields = vec![("field-streams", of.definition.streams.len().to_string())];
    Ok(described(of.label(), format!("/balance/flowsheet-versions/{id}"), fields))
}

/// The page of a balance.
pub(crate) fn page_of(id: BalanceId) -> String {
    format!("/balance/balances/{id}")
}

fn balance(db: &mut Db, id: BalanceId) -> Result<Option<Described>, StoreError> {
    let Some(of) = balances::find(db, id)? else { return Ok(None) };
    let stale = of.stale.map(|stale| stale.because.to_string()).unwrap_or_default();
    let fields = vec![
        ("field-scope", of.scope.word().to_owned()),
        ("field-from", of.from.to_string()),
        ("field-until", of.until.to_string()),
        ("field-stale-because", stale),
    ];
    Ok(described(of.code, page_of(id), fields))
}

fn measurement(db: &mut Db, id: MeasurementId) -> Result<Option<Described>, StoreError> {
    Ok(match balances::measurement(db, id)? {
        Some(Taken::Measured(balance, of)) => {
            let unit = of.unit.symbol();
            let label = format!("{} · {} = {} {unit}", of.stream, of.of, of.given);
            let spread = of.sd.map(|sd| text::significant(text::float(sd), 4)).unwrap_or_default();
            let fields = vec![
                ("field-source", of.source.word().to_owned()),
                ("field-weight", of.weight.word().to_owned()),
                ("field-sd", spread),
                ("field-ticket", of.reading.clone().unwrap_or_default()),
            ];
            described(label, page_of(balance), fields)
        }
        Some(Taken::Stock(balance, of)) => {
            let unit = of.unit.symbol();
            let label = format!("{} · {} {} → {} {unit}", of.node, of.of, of.opening, of.closing);
            let fields = vec![
                ("field-weight", of.weight.word().to_owned()),
                ("field-ticket", of.reading.clone().unwrap_or_default()),
            ];
            described(label, page_of(balance), fields)
        }
        None => None,
    })
}

fn reconciliation(db: &mut Db, id: ReconciliationId) -> Result<Option<Described>, StoreError> {
    let Some((balance, code, revision, _)) = balances::reconciliation(db, id)? else { return Ok(None) };
    let solved = balances::solved(db, id)?;
    let fields = solved.map_or_else(Vec::new, |of| {
        vec![
            ("field-objective", of.objective.clone()),
            ("field-dof", of.dof.to_string()),
            ("field-critical", of.critical.clone().unwrap_or_default()),
        ]
    });
    let url = format!("{}?reconciliation={id}", page_of(balance));
    Ok(described(format!("{code} / {revision} · {id}"), url, fields))
}

fn figure(db: &mut Db, id: FigureId) -> Result<Option<Described>, StoreError> {
    let Some(of) = balances::figure(db, id)? else { return Ok(None) };
    let value = of.reconciled.unwrap_or_else(|| "—".to_owned());
    let label = format!("{} · {} · {} = {value} {}", of.code, of.stream, of.of, of.unit);
    let fields = vec![
        ("field-raw-figure", of.raw.unwrap_or_default()),
        ("field-accounting", of.accounting.unwrap_or_default()),
        ("field-sd", of.sd.unwrap_or_default()),
    ];
    Ok(described(label, page_of(of.balance), fields))
}

fn exception(db: &mut Db, number: u64) -> Result<Option<Described>, StoreError> {
    let Some((what, reason, balance, code)) = balances::exception(db, number)? else { return Ok(None) };
    Ok(described(format!("{code} {what}"), page_of(balance), vec![("field-reason", reason)]))
}
