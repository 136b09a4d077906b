//! Requests in the database.

use kernel::{Day, RequestId};
use site::ListSql;
use store::{Applied, Db, Row, StoreError, params};
use ui::kit::query::TableQuery;

use super::{RequestRegistered, RequestState};

store::statements! {
    REQUEST_INSERT = "INSERT INTO lab_request (number, code, party, due, note, registered_at, registered_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    ITEM_INSERT = "INSERT INTO lab_request_item (request, sample, method, analyte) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (request, sample, method, analyte) DO NOTHING";
    REQUEST_BY_CODE = "SELECT number FROM lab_request WHERE code = ?1";
    REQUEST_BY_ID = "SELECT code, due, note FROM lab_request WHERE number = ?1";
    ITEMS_OF = "SELECT i.sample, s.code, m.code, i.analyte, (SELECT COUNT(*) FROM result r WHERE
        r.sample = i.sample AND r.method = i.method AND (i.analyte = '' OR i.analyte = r.analyte)
        AND r.validity = 'valid'), (SELECT COUNT(*) FROM result r WHERE r.sample = i.sample AND r.method =
        i.method
        AND (i.analyte = '' OR i.analyte = r.analyte) AND r.validity = 'valid' AND r.workflow = 'released')
        FROM lab_request_item i JOIN method m ON m.number = i.method LEFT JOIN v_sample s ON s.number =
        i.sample
        WHERE i.request = ?1 ORDER BY s.code, m.code, i.analyte";
}

pub(super) fn insert(db: &mut Db, fact: &RequestRegistered, applied: &Applied) -> Result<(), StoreError> {
    let number = fact.request.number();
    let values = params![
        number,
        &fact.code,
        fact.party.map(|party| party.number()),
        fact.due,
        fact.note.as_deref(),
        applied.at,
        applied.person.map(|person| person.number())
    ];
    db.execute(REQUEST_INSERT, values)?;
    for item in &fact.items {
        let analyte = item.analyte.as_deref().unwrap_or_default();
        db.execute(ITEM_INSERT, params![number, item.sample.number(), item.method.number(), analyte])?;
    }
    Ok(())
}

/// The request with this code.
pub(crate) fn by_code(db: &mut Db, code: &str) -> Result<Option<RequestId>, StoreError> {
    db.maybe(REQUEST_BY_CODE, params![code], |row| Ok(RequestId(row.number(0)?)))
}

/// A request in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct RequestLine {
    pub id: RequestId,
    pub code: String,
    pub due: Option<Day>,
    pub note: Option<String>,
    pub items: u64,
    pub state: RequestState,
}

fn line(row: &Row<'_>) -> Result<RequestLine, StoreError> {
    let items = row.number(4)?;
    Ok(RequestLine {
        id: RequestId(row.number(0)?),
        code: row.text(1)?,
        due: row.opt_parse(2)?,
        note: row.opt_text(3)?,
        items,
        state: RequestState::derive(items, row.number(5)?, row.number(6)?),
    })
}

const REQUESTS: ListSql = ListSql {
    columns: "q.number, q.code, q.due, q.note,
        (SELECT COUNT(*) FROM lab_request_item i WHERE i.request = q.number),
        (SELECT COUNT(*) FROM lab_request_item i WHERE i.request = q.number AND EXISTS (SELECT 1 FROM result r
            WHERE r.sample = i.sample AND r.method = i.method AND (i.analyte = '' OR i.analyte = r.analyte))),
        (SELECT COUNT(*) FROM lab_request_item i WHERE i.request = q.number AND EXISTS (SELECT 1 FROM result r
            WHERE r.sample = i.sample AND r.method = i.method AND (i.analyte = '' OR i.analyte = r.analyte))
            AND NOT EXISTS (SELECT 1 FROM result r WHERE r.sample = i.sample AND r.method = i.method
            AND (i.analyte = '' OR i.analyte = r.analyte) AND r.validity = 'valid'
            AND r.workflow IN ('assigned', 'measured', 'reviewed')))",
    from: "lab_request q",
    main: "lab_request q",
    searched: &["q.code", "q.note"],
    sorts: &[("code", "q.code"), ("due", "q.due"), ("note", "q.note")],
    facets: &[],
    order: "q.number DESC",
};

/// A page of requests, newest first, and how many there are.
pub(crate) fn page(db: &mut Db, query: &TableQuery) -> Result<(Vec<RequestLine>, usize), StoreError> {
    REQUESTS.fetch(db, query, &[], line)
}

/// What a request says of itself.
#[derive(Debug, Clone)]
pub(crate) struct RequestHead {
    pub code: String,
    pub due: Option<Day>,
    pub note: Option<String>,
}

/// What a request says of itself.
pub(crate) fn by_id(db: &mut Db, id: RequestId) -> Result<Option<RequestHead>, StoreError> {
    db.maybe(REQUEST_BY_ID, params![id.number()], |row| {
        Ok(RequestHead { code: row.text(0)?, due: row.opt_parse(1)?, note: row.opt_text(2)? })
    })
}

/// What a request asks for, and what there is of it.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct ItemLine {
    pub sample: kernel::SampleId,
    pub sample_code: Option<String>,
    pub method: String,
    pub analyte: String,
    pub results: u64,
    pub released: u64,
}

/// The items of a request.
pub(crate) fn items(db: &mut Db, id: RequestId) -> Result<Vec<ItemLine>, StoreError> {
    db.query(ITEMS_OF, params![id.number()], |row| {
        Ok(ItemLine {
            sample: kernel::SampleId(row.number(0)?),
            sample_code: row.opt_text(1)?,
            method: row.text(2)?,
            analyte: row.text(3)?,
            results: row.number(4)?,
            released: row.number(5)?,
        })
    })
}
