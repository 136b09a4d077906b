//! Files whose dates do not tell day from month.

use std::collections::BTreeMap;

use kernel::Role;
use laboratory::import::{AddMapping, DateOrder, ImportContext, StateDateOrder, import};

use crate::lab::{Lab, MN_METHOD, code, on_each_database, reason, refused};

const DATED: &str = r#"
name = "dated"
version = 1
instrument = "ICP-9"
layout = "long"
class_default = "sample"
[open]
delimiter = "semicolon"
[sample]
column = "sample"
[analyte]
column = "analyte"
[value]
column = "value"
unit_column = "unit"
[time]
column = "date"
format = FORMATS
"#;

const BOTH: &str = r#"["%d/%m/%Y", "%m/%d/%Y"]"#;

fn lab(world: testkit::World, formats: &str) -> Lab {
    let lab = Lab::new(world, MN_METHOD);
    let toml = DATED.replace("FORMATS", formats);
    lab.world.store.run(&lab.analyst(), AddMapping { name: code("dated"), toml }).unwrap();
    let window = format!(
        r#"{{"instrument": "{}", "certificate": "CAL-2", "valid_from": "2026-01-15T00:00:00Z",
        "valid_until": "2027-01-01T00:00:00Z"}}"#,
        lab.other
    );
    let kind = *lab.world.store.registry().commands.get("instrument.calibrate").unwrap();
    let command = (kind.parse)(&window).unwrap();
    let request = store::Request { actor: lab.head(), command, reason: None, key: None };
    lab.world.store.request(request).unwrap();
    lab.sample("S-1");
    lab.sample("S-2");
    lab
}

fn file(dates: &[(&str, &str)]) -> String {
    let line = |(sample, date): &(&str, &str)| format!("{sample};Mn;1.5;mg/L;{date}\n");
    format!("sample;analyte;value;unit;date\n{}", dates.iter().map(line).collect::<String>())
}

fn take(lab: &Lab, text: &str, date_order: Option<DateOrder>) -> laboratory::ImportReceipt {
    let context = ImportContext { instrument: Some(lab.other), date_order, ..ImportContext::of(lab.method) };
    let (store, who) = (&lab.world.store, lab.analyst());
    import(store, &who, "dated.csv", text.as_bytes(), Some("dated"), &context, &mut |_| {}).unwrap()
}

/// When each result was measured, and whether it has a calibration.
fn measured(lab: &Lab) -> Vec<(String, bool)> {
    let sql = "SELECT tested_at, calibration FROM v_laboratory_result ORDER BY number";
    let row = |row: &store::Row<'_>| Ok((row.text(0)?, row.opt_number(1)?.is_some()));
    lab.world.store.read(|db| db.query(sql, &[], row)).unwrap()
}

#[test]
fn a_file_that_does_not_tell_day_from_month_asks_and_nothing_is_frozen_until_somebody_says() {
    on_each_database(|world| {
        let lab = lab(world, BOTH);
        let text = file(&[("S-1", "02/01/2026"), ("S-2", "02/01/2026")]);
        let receipt = take(&lab, &text, None);
        let question = receipt.asks.clone().unwrap();
        assert_eq!((question.rows, question.doubtful.len()), (2, 2));
        assert_eq!(receipt.readings, BTreeMap::new());
        let entries = lab.entries();
        while lab.world.store.work().unwrap() {}
        laboratory::import::continue_import(&lab.world.store, receipt.import).unwrap();
        assert_eq!(lab.entries(), entries, "the job of the import waits too");
        assert!(measured(&lab).is_empty());

        let state = |order| StateDateOrder {
            import: receipt.import,
            order,
            why: Some(reason("the instrument's computer is set so")),
        };
        let store = &lab.world.store;
        let fits = refused(store.run(&lab.analyst(), state(DateOrder::YearFirst)));
        assert_eq!(fits.code, "import-date-order-fits");
        let nobody = lab.world.actor_as(kernel::PersonId(77), &[Role::Analyst]);
        let authorised = refused(store.run(&nobody, state(DateOrder::MonthFirst)));
        assert_eq!(authorised.code, "authorisation-missing");
        assert!(measured(&lab).is_empty());

        store.run(&lab.analyst(), state(DateOrder::MonthFirst)).unwrap();
        while store.work().unwrap() {}
        // 1 February 2026 lies in the calibration's window; 2 January does not.
        let at = "2026-02-01T00:00:00.000000Z".to_owned();
        assert_eq!(measured(&lab), [(at.clone(), true), (at, true)]);
        let twice = refused(store.run(&lab.analyst(), state(DateOrder::DayFirst)));
        assert_eq!(twice.code, "import-finished");
        assert!(take(&lab, &text, Some(DateOrder::DayFirst)).again, "what was stated first holds");
        store::verify(store, true).unwrap();
    });
}

#[test]
fn an_order_stated_with_the_file_is_on_record_and_decides_what_is_frozen() {
    on_each_database(|world| {
        let lab = lab(world, BOTH);
        let text = file(&[("S-1", "02/01/2026")]);
        let receipt = take(&lab, &text, Some(DateOrder::DayFirst));
        assert!(receipt.asks.is_none());
        assert_eq!(measured(&lab), [("2026-01-02T00:00:00.000000Z".to_owned(), false)]);
        let sql = "SELECT date_order FROM intake_import";
        let order = lab.world.store.read(|db| db.one("order", sql, &[], |row| row.text(0))).unwrap();
        assert_eq!(order, "day_first");
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn a_file_that_asks_is_answered_by_giving_it_again_with_its_order() {
    on_each_database(|world| {
        let lab = lab(world, BOTH);
        let text = file(&[("S-1", "02/01/2026")]);
        let first = take(&lab, &text, None);
        assert!(first.asks.is_some());
        let again = take(&lab, &text, Some(DateOrder::MonthFirst));
        assert_eq!((again.import, again.asks), (first.import, None));
        assert_eq!(measured(&lab), [("2026-02-01T00:00:00.000000Z".to_owned(), true)]);
    });
}

#[test]
fn an_order_that_a_date_of_the_file_contradicts_is_refused() {
    on_each_database(|world| {
        let lab = lab(world, BOTH);
        let text = file(&[("S-1", "02/01/2026"), ("S-2", "13/01/2026")]);
        let receipt = take(&lab, &text, None);
        let question = receipt.asks.unwrap();
        assert_eq!((question.rows, question.certain[0].text.as_str()), (1, "13/01/2026"));
        let state = |order| StateDateOrder { import: receipt.import, order, why: None };
        let no = refused(lab.world.store.run(&lab.analyst(), state(DateOrder::MonthFirst)));
        assert_eq!((no.code.as_str(), no.args["place"].as_str()), ("import-date-order-contradicts", "3"));
        lab.world.store.run(&lab.analyst(), state(DateOrder::DayFirst)).unwrap();
        while lab.world.store.work().unwrap() {}
        assert_eq!(measured(&lab).len(), 2);
    });
}

#[test]
fn a_mapping_that_states_its_order_never_asks() {
    on_each_database(|world| {
        let lab = lab(world, r#"["%d/%m/%Y"]"#);
        assert!(take(&lab, &file(&[("S-1", "02/01/2026")]), None).asks.is_none());
        assert_eq!(measured(&lab), [("2026-01-02T00:00:00.000000Z".to_owned(), false)]);
    });
}
