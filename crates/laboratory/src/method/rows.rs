//! Methods and their versions in the database.

use kernel::{Day, Instant, MethodId, MethodVersionId};
use site::ListSql;
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::rules::{AnalyteSpec, MethodVersion, NoMethod};
use super::{MethodDefined, MethodVersionIssued, MethodVersionVoided};

store::statements! {
    METHOD_INSERT = "INSERT INTO method (number, code, name_en, name_zh, defined_at) VALUES (?1, ?2, ?3, ?4,
        ?5)";
    METHOD_BY_CODE = "SELECT number FROM method WHERE code = ?1";
    METHOD_EXISTS = "SELECT code FROM method WHERE number = ?1";
    EDITION_ON = "SELECT edition FROM method_version WHERE method = ?1 AND in_force_from <= ?2
        ORDER BY in_force_from DESC LIMIT 1";
    VERSION_INSERT = "INSERT INTO method_version (number, method, edition, in_force_from, document,
        preparation,
        reviewer_differs, releaser_differs, issued_at, issued_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
        ?10)";
    ANALYTE_INSERT = "INSERT INTO method_analyte (version, analyte, position, unit, basis, reporting_limit,
        range_low, range_high, spec, lod, loq, reporting_rule)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    VERSIONS_OF = "SELECT v.number, v.method, m.code, v.edition, v.in_force_from, v.reviewer_differs,
        v.releaser_differs FROM method_version v JOIN method m ON m.number = v.method
        WHERE v.method = ?1 ORDER BY v.in_force_from DESC";
    VERSION_BY_ID = "SELECT v.number, v.method, m.code, v.edition, v.in_force_from, v.reviewer_differs,
        v.releaser_differs FROM method_version v JOIN method m ON m.number = v.method WHERE v.number = ?1";
    VERSION_IN_FORCE = "SELECT v.number, v.method, m.code, v.edition, v.in_force_from, v.reviewer_differs,
        v.releaser_differs FROM method_version v JOIN method m ON m.number = v.method
        WHERE v.method = ?1 AND v.in_force_from <= ?2 ORDER BY v.in_force_from DESC LIMIT 1";
    ANALYTES_OF = "SELECT spec FROM method_analyte WHERE version = ?1 ORDER BY position";
    VERSION_VOID = "UPDATE method_version SET voided_from = ?2, voided_at = ?3, void_reason = ?4
        WHERE number = ?1";
    VERSION_VOIDED = "SELECT voided_from, void_reason FROM method_version WHERE number = ?1";
    VERSION_TEXT = "SELECT document, preparation FROM method_version WHERE number = ?1";
}

pub(super) fn insert_method(db: &mut Db, fact: &MethodDefined, applied: &Applied) -> Result<(), StoreError> {
    let values = params![fact.method.number(), &fact.code, &fact.names.en, &fact.names.zh, applied.at];
    db.execute(METHOD_INSERT, values).map(|_| ())
}

pub(super) fn insert_version(
    db: &mut Db,
    fact: &MethodVersionIssued,
    applied: &Applied,
) -> Result<(), StoreError> {
    let values = params![
        fact.version.number(),
        fact.method.number(),
        &fact.edition,
        fact.in_force_from,
        fact.document.as_deref(),
        fact.preparation.as_deref(),
        fact.reviewer_differs.is_yes(),
        fact.releaser_differs.is_yes(),
        applied.at,
        applied.person.map(|person| person.number())
    ];
    db.execute(VERSION_INSERT, values)?;
    for (at, spec) in fact.analytes.iter().enumerate() {
        let text = serde_json::to_string(spec).map_err(|why| StoreError::stored("an analyte", why))?;
        let limit = |of: Option<&measure::DecimalText>| of.map(|text| text.as_str().to_owned());
        let values = params![
            fact.version.number(),
            &spec.analyte,
            at,
            spec.unit.symbol(),
            spec.basis.as_str(),
            limit(spec.reporting_limit()),
            limit(spec.range_low.as_ref()),
            limit(spec.range_high.as_ref()),
            &text,
            limit(spec.lod.as_ref()),
            limit(spec.loq.as_ref()),
            spec.limits().rule.as_str()
        ];
        db.execute(ANALYTE_INSERT, values)?;
    }
    Ok(())
}

pub(super) fn void(db: &mut Db, fact: &MethodVersionVoided, applied: &Applied) -> Result<(), StoreError> {
    let values = params![fact.version.number(), fact.from, applied.at, &fact.why];
    db.execute(VERSION_VOID, values).map(|_| ())
}

/// From when on an edition was found not to count.
pub(crate) fn voided_from(db: &mut Db, id: MethodVersionId) -> Result<Option<Instant>, StoreError> {
    Ok(db.maybe(VERSION_VOIDED, params![id.number()], |row| row.opt_parse(0))?.flatten())
}

/// From when on an edition was found not to count, and why.
pub(crate) fn voided(db: &mut Db, id: MethodVersionId) -> Result<Option<Voided>, StoreError> {
    let found =
        db.maybe(VERSION_VOIDED, params![id.number()], |row| Ok((row.opt_parse(0)?, row.opt_text(1)?)))?;
    Ok(found.and_then(|(from, why)| Some((from?, why))))
}

/// From when on, and why.
pub(crate) type Voided = (kernel::Instant, Option<String>);

/// The method with this code.
pub(crate) fn by_code(db: &mut Db, code: &str) -> Result<Option<MethodId>, StoreError> {
    db.maybe(METHOD_BY_CODE, params![code], |row| Ok(MethodId(row.number(0)?)))
}

/// A method's code, when there is such a method.
pub(crate) fn exists(db: &mut Db, method: MethodId) -> Result<Option<String>, StoreError> {
    db.maybe(METHOD_EXISTS, params![method.number()], |row| row.text(0))
}

/// A method in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct MethodLine {
    pub id: MethodId,
    pub code: String,
    pub name_en: String,
    pub name_zh: String,
    pub edition: Option<String>,
}

const METHODS: ListSql = ListSql {
    columns: "m.number, m.code, m.name_en, m.name_zh",
    from: "method m",
    main: "method m",
    searched: &["m.code", "m.name_en", "m.name_zh"],
    sorts: &[("code", "m.code"), ("name", "m.name_en")],
    facets: &[],
    order: "m.code, m.number",
};

/// A page of methods with the edition in force on a day, and how many there are.
pub(crate) fn page(db: &mut Db, on: Day, query: &TableQuery) -> Result<(Vec<MethodLine>, usize), StoreError> {
    let (mut lines, total) = METHODS.fetch(db, query, &[], |row| {
        let (id, code) = (MethodId(row.number(0)?), row.text(1)?);
        Ok(MethodLine { id, code, name_en: row.text(2)?, name_zh: row.text(3)?, edition: None })
    })?;
    for line in &mut lines {
        line.edition = db.maybe(EDITION_ON, params![line.id.number(), on], |row| row.text(0))?;
    }
    Ok((lines, total))
}

/// All methods with the edition in force on a day.
pub(crate) fn list(db: &mut Db, on: Day) -> Result<Vec<MethodLine>, StoreError> {
    Ok(page(db, on, &TableQuery::first(crate::page::CHOICES))?.0)
}

fn version(row: &Row<'_>) -> Result<MethodVersion, StoreError> {
    Ok(MethodVersion {
        id: MethodVersionId(row.number(0)?),
        method: MethodId(row.number(1)?),
        code: row.text(2)?,
        edition: row.text(3)?,
        in_force_from: row.parse(4)?,
        reviewer_differs: row.flag(5)?,
        releaser_differs: row.flag(6)?,
        analytes: Default::default(),
    })
}

fn with_analytes(db: &mut Db, mut version: MethodVersion) -> Result<MethodVersion, StoreError> {
    let specs = db.query(ANALYTES_OF, params![version.id.number()], |row| row.json::<AnalyteSpec>(0))?;
    version.analytes = specs.into_iter().map(|spec| (spec.analyte.clone(), spec)).collect();
    Ok(version)
}

/// All editions of a method, the newest first, without their analytes.
pub(crate) fn versions(db: &mut Db, method: MethodId) -> Result<Vec<MethodVersion>, StoreError> {
    db.query(VERSIONS_OF, params![method.number()], version)
}

/// An edition with its analytes.
pub(crate) fn by_id(db: &mut Db, id: MethodVersionId) -> Result<Option<MethodVersion>, StoreError> {
    match db.maybe(VERSION_BY_ID, params![id.number()], version)? {
        Some(version) => with_analytes(db, version).map(Some),
        None => Ok(None),
    }
}

/// The edition in force on a day.
pub(crate) fn in_force(db: &mut Db, method: MethodId, on: Day) -> Result<Option<MethodVersion>, StoreError> {
    match db.maybe(VERSION_IN_FORCE, params![method.number(), on], version)? {
        Some(version) => with_analytes(db, version).map(Some),
        None => Ok(None),
    }
}

/// The edition in force on a day, or why there is none to enter anything on. A named edition must be that
/// one.
pub(crate) fn to_enter_on(
    db: &mut Db,
    method: MethodId,
    named: Option<MethodVersionId>,
    on: Day,
) -> Result<MethodVersion, store::Stop> {
    let code = exists(db, method)?.ok_or_else(|| NoMethod::Unknown(method.to_string()))?;
    let current = in_force(db, method, on)?.ok_or(NoMethod::NoneInForce(code))?;
    // The edition before a voided one does not come back: somebody issues the next.
    if let Some(from) = voided_from(db, current.id)?
        && crate::day(db, from)? <= on
    {
        return Err(NoMethod::Voided { edition: current.edition, from, method }.into());
    }
    match named {
        Some(named) if named != current.id => {
            let given = by_id(db, named)?.map_or(named.to_string(), |version| version.edition);
            Err(NoMethod::Superseded { given, current: current.edition, method }.into())
        }
        _ => Ok(current),
    }
}

/// The written procedure and the preparation of an edition.
pub(crate) fn texts(
    db: &mut Db,
    id: MethodVersionId,
) -> Result<(Option<String>, Option<String>), StoreError> {
    db.one(id, VERSION_TEXT, params![id.number()], |row| Ok((row.opt_text(0)?, row.opt_text(1)?)))
}
