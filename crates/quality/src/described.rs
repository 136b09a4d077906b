//! What quality's records are, for explain trees, search answers and links.

use kernel::{
    CertificateId, DispositionId, HoldId, Kind, OverrideId, Ref, SpecificationId, SpecificationVersionId,
};
use store::{Db, Described, StoreError};

use crate::certificate::{issue::label, rows as certificates};
use crate::hold::place::Ground;
use crate::hold::rows as holds;
use crate::release::list_rows;
use crate::specification::rows as specifications;
use crate::view_rows;

/// Says what one of quality's records is.
pub(crate) fn describe(db: &mut Db, record: Ref) -> Result<Option<Described>, StoreError> {
    let number = record.number;
    match record.kind {
        Kind::Specification => specification(db, SpecificationId(number)),
        Kind::SpecificationVersion => version(db, SpecificationVersionId(number)),
        Kind::Hold => hold(db, HoldId(number)),
        Kind::Disposition => disposition(db, DispositionId(number)),
        Kind::Override => over(db, OverrideId(number)),
        Kind::Certificate => certificate(db, CertificateId(number)),
        _ => Ok(None),
    }
}

fn described(label: String, url: String, fields: Vec<(&str, String)>) -> Option<Described> {
    let fields = fields.into_iter().filter(|(_, text)| !text.is_empty());
    let fields = fields.map(|(key, text)| (key.to_owned(), text)).collect();
    Some(Described { label, url, fields, raw: None, because: None })
}

fn specification(db: &mut Db, id: SpecificationId) -> Result<Option<Described>, StoreError> {
    let Some(head) = specifications::head(db, id)? else { return Ok(None) };
    let fields = vec![("field-grade", head.grade.clone())];
    Ok(described(head.code, format!("/quality/specifications/{id}"), fields))
}

fn version(db: &mut Db, id: SpecificationVersionId) -> Result<Option<Described>, StoreError> {
    let Some(of) = specifications::find(db, id)? else { return Ok(None) };
    let until = of.in_force_until.map(|until| until.to_string()).unwrap_or_default();
    let fields = vec![
        ("field-grade", of.grade.clone()),
        ("field-in-force-from", of.in_force_from.to_string()),
        ("field-in-force-until", until),
    ];
    Ok(described(of.label(), format!("/quality/specification-versions/{id}"), fields))
}

fn hold(db: &mut Db, id: HoldId) -> Result<Option<Described>, StoreError> {
    let Some((of, _, _)) = holds::detail(db, id)? else { return Ok(None) };
    let lifted = of.lifted_at.map(|at| at.to_string()).unwrap_or_default();
    let fields = vec![
        ("field-lot", of.lot_code.clone()),
        ("field-placed-at", of.placed_at.to_string()),
        ("field-lifted-at", lifted),
        ("field-lots", of.lots.to_string()),
    ];
    let (label, because) = match of.ground {
        Ground::Reason(reason) => (reason, None),
        Ground::Because(cause) => (cause.to_string(), Some(cause)),
    };
    Ok(described(label, format!("/quality/holds/{id}"), fields).map(|found| Described { because, ..found }))
}

fn disposition(db: &mut Db, id: DispositionId) -> Result<Option<Described>, StoreError> {
    let Some(of) = list_rows::disposition(db, id)? else { return Ok(None) };
    let by = match of.person {
        Some(person) => view_rows::person(db, person)?.en,
        None => String::new(),
    };
    let fields = vec![
        ("field-lot", of.lot_code.clone()),
        ("field-at", of.at.to_string()),
        ("field-person", by),
        ("field-reason", of.reason.clone().unwrap_or_default()),
        ("field-consent", of.consent.clone().unwrap_or_default()),
    ];
    let label = format!("{} {}", of.lot_code, of.decision);
    Ok(described(label, format!("/quality/dispositions/{id}"), fields))
}

fn over(db: &mut Db, id: OverrideId) -> Result<Option<Described>, StoreError> {
    let Some(of) = list_rows::one_override(db, id)? else { return Ok(None) };
    let fields = vec![
        ("field-lot", of.lot_code.clone()),
        ("field-reason", of.reason.clone()),
        ("field-valid-until", of.valid_until.to_string()),
    ];
    Ok(described(format!("{} {}", of.lot_code, of.gate), format!("/quality/overrides/{id}"), fields))
}

fn certificate(db: &mut Db, id: CertificateId) -> Result<Option<Described>, StoreError> {
    let Some(of) = certificates::find(db, id)? else { return Ok(None) };
    let superseded = of.superseded.as_ref().map(|by| by.at.to_string()).unwrap_or_default();
    let withdrawn = of.withdrawn.as_ref().map(|back| back.at.to_string()).unwrap_or_default();
    let stands = crate::certificate::standing::of(db, &of)?;
    let fields = vec![
        ("field-certificate-standing", stands.word().to_owned()),
        ("field-issued-at", of.issued_at.to_string()),
        ("field-check-code", of.check_code.clone()),
        ("field-superseded-at", superseded),
        ("field-withdrawn-at", withdrawn),
    ];
    Ok(described(label(&of.code, of.revision), format!("/certificates/{id}"), fields))
}
