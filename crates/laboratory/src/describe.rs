//! What a record of the laboratory is, for people: in explain trees, search answers and links.

use kernel::{
    CalibrationId, FileId, FollowUpId, ImportId, InstrumentId, Kind, MethodId, MethodVersionId, OverrideId,
    QcEventId, ReadingId, Ref, ReferenceLotId, ReferenceMaterialId, RequestId, ResultId, WorksheetId,
};
use store::{Db, Described, StoreError};

use crate::{follow_up, import, instrument, method, qc, reference, request, result, worksheet};

fn one(label: impl Into<String>, url: String, fields: &[(&str, String)]) -> Option<Described> {
    let fields = fields.iter().filter(|(_, text)| !text.is_empty());
    let fields = fields.map(|(key, text)| ((*key).to_owned(), text.clone())).collect();
    Some(Described { label: label.into(), url, fields, raw: None, because: None })
}

/// Says what a record is, when it is the laboratory's.
pub(crate) fn describe(db: &mut Db, record: Ref) -> Result<Option<Described>, StoreError> {
    let number = record.number;
    match record.kind {
        Kind::Method => {
            let code = method::rows::exists(db, MethodId(number))?;
            Ok(code.and_then(|code| one(code, format!("/laboratory/methods/{record}"), &[])))
        }
        Kind::MethodVersion => describe_version(db, MethodVersionId(number)),
        Kind::Instrument => {
            let code = instrument::rows::code(db, InstrumentId(number))?;
            Ok(code.and_then(|code| one(code, format!("/laboratory/instruments/{record}"), &[])))
        }
        Kind::Calibration => describe_calibration(db, CalibrationId(number)),
        Kind::ReferenceMaterial => {
            let code = reference::rows::material_code(db, ReferenceMaterialId(number))?;
            Ok(code.and_then(|code| one(code, format!("/laboratory/references/{record}"), &[])))
        }
        Kind::ReferenceLot => describe_reference_lot(db, ReferenceLotId(number)),
        Kind::Request => {
            let found = request::rows::by_id(db, RequestId(number))?;
            Ok(found.and_then(|head| one(head.code, format!("/laboratory/requests/{record}"), &[])))
        }
        Kind::Worksheet => {
            let found = worksheet::rows::by_id(db, WorksheetId(number))?;
            Ok(found.and_then(|sheet| {
                let method = format!("{} {}", sheet.method_code, sheet.edition);
                one(sheet.code, format!("/laboratory/worksheets/{record}"), &[("field-method", method)])
            }))
        }
        Kind::Import => describe_import(db, ImportId(number)),
        Kind::Reading => describe_reading(db, ReadingId(number)),
        Kind::Result => describe_result(db, ResultId(number)),
        Kind::FollowUp => {
            let found = follow_up::rows::by_id(db, FollowUpId(number))?;
            Ok(found.and_then(|line| {
                let sample = line.sample_code.unwrap_or_else(|| line.sample.to_string());
                let limit = line.limit.map(|limit| format!("> {limit} {}", line.unit)).unwrap_or_default();
                let label = format!("{sample} · {} {limit}", line.analyte);
                one(label.trim_end(), format!("/laboratory/follow-ups/{record}"), &[])
            }))
        }
        Kind::QcEvent => describe_control(db, QcEventId(number)),
        Kind::Override => {
            let found = qc::rows::override_by_id(db, OverrideId(number))?;
            Ok(found.and_then(|(result, reason, until)| {
                let fields = [("field-reason", reason), ("field-until", until.to_string())];
                one(record.to_string(), format!("/laboratory/results/{result}"), &fields)
            }))
        }
        Kind::File => {
            let found = import::mapping_rows::mapping_by_id(db, FileId(number))?;
            Ok(found.and_then(|(name, version, _)| {
                one(format!("{name} {version}"), format!("/intake/mappings/{record}"), &[])
            }))
        }
        _ => Ok(None),
    }
}

fn describe_version(db: &mut Db, id: MethodVersionId) -> Result<Option<Described>, StoreError> {
    let void = method::rows::voided(db, id)?;
    let (voided, why) = void.map(|(from, why)| (from.to_string(), why)).unwrap_or_default();
    Ok(method::rows::by_id(db, id)?.and_then(|version| {
        let label = format!("{} {}", version.code, version.edition);
        let url = format!("/laboratory/methods/{}", version.method);
        let fields = [
            ("field-in-force-from", version.in_force_from.to_string()),
            ("field-voided-from", voided),
            ("field-why", why.unwrap_or_default()),
        ];
        one(label, url, &fields)
    }))
}

fn describe_calibration(db: &mut Db, id: CalibrationId) -> Result<Option<Described>, StoreError> {
    Ok(instrument::rows::calibration_line(db, id)?.and_then(|line| {
        let label = format!("{} · {}", line.instrument_code, line.certificate);
        let fields = [
            ("field-valid-from", line.window.valid_from.to_string()),
            ("field-valid-until", line.window.valid_until.to_string()),
            (
                "field-recorded-at",
                Some(line.recorded_at)
                    .filter(|_| line.late_for > 0)
                    .map(|at| at.to_string())
                    .unwrap_or_default(),
            ),
            ("field-voided-from", line.window.voided_from.map(|at| at.to_string()).unwrap_or_default()),
            ("field-why", line.void_reason.unwrap_or_default()),
        ];
        one(label, format!("/laboratory/instruments/{}", line.instrument), &fields)
    }))
}

fn describe_reference_lot(db: &mut Db, id: ReferenceLotId) -> Result<Option<Described>, StoreError> {
    Ok(reference::rows::lot_by_id(db, id)?.and_then(|lot| {
        let url = format!("/laboratory/references/{}", lot.material);
        let voided = lot.voided_from.map(|from| from.to_string()).unwrap_or_default();
        let fields = [
            ("field-expires", lot.expires.to_string()),
            ("field-voided-from", voided),
            ("field-why", lot.void_reason.unwrap_or_default()),
        ];
        one(lot.code, url, &fields)
    }))
}

fn describe_import(db: &mut Db, id: ImportId) -> Result<Option<Described>, StoreError> {
    Ok(import::rows::by_id(db, id)?.and_then(|row| {
        let mapping = format!("{} {}", row.mapping, row.mapping_version);
        let fields = [("field-mapping", mapping), ("field-file-sha256", row.file_sha256)];
        one(row.file_name, format!("/intake/{id}"), &fields)
    }))
}

fn describe_reading(db: &mut Db, id: ReadingId) -> Result<Option<Described>, StoreError> {
    Ok(import::rows::place(db, id)?.and_then(|place| {
        let label = format!("{} · {} · {} {}", place.sample_id, place.analyte, place.raw.raw, place.unit);
        let fields = [("field-sample-id", place.sample_id), ("field-place", place.raw.row.clone())];
        let described = one(label.trim_end(), format!("/intake/{}", place.import), &fields)?;
        Some(Described { raw: Some(place.raw), ..described })
    }))
}

fn describe_result(db: &mut Db, id: ResultId) -> Result<Option<Described>, StoreError> {
    Ok(result::list_rows::by_id(db, id)?.and_then(|line| {
        let sample = line.sample_code.clone().unwrap_or_else(|| line.sample.to_string());
        let label = format!("{sample} · {} = {} {}", line.analyte, line.figure(), line.unit);
        let uncertainty = match (&line.uncertainty, &line.coverage) {
            (Some(u), Some(k)) => format!("± {u} (k = {k})"),
            _ => String::new(),
        };
        let fields = [
            ("field-method", format!("{} {}", line.method_code, line.method_edition)),
            ("field-basis", line.basis.clone()),
            ("field-uncertainty", uncertainty),
            ("field-tested-at", line.tested_at.to_string()),
            ("field-entered", entered(line.hand_typed && line.value.is_some())),
        ];
        one(label.trim_end(), format!("/laboratory/results/{id}"), &fields)
    }))
}

/// The mark of a number that a person typed; nothing for one that was read.
fn entered(by_hand: bool) -> String {
    if by_hand { "by_hand".to_owned() } else { String::new() }
}

fn describe_control(db: &mut Db, id: QcEventId) -> Result<Option<Described>, StoreError> {
    Ok(qc::rows::by_id(db, id)?.and_then(|line| {
        let label = format!("{} · {} = {} {}", line.kind, line.analyte, line.measured, line.unit);
        let fields = [
            ("field-verdict", line.verdict.to_string()),
            ("field-target", line.target.unwrap_or_default()),
            ("field-tolerance", line.tolerance.unwrap_or_default()),
            ("field-rule", line.rule),
            ("field-entered", entered(line.hand_typed)),
        ];
        one(label.trim_end(), format!("/laboratory/qc/{id}"), &fields)
    }))
}
