//! Every page and list, on a laboratory with something in it; and every word they say.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use kernel::Role;
use laboratory::SITE;
use laboratory::worksheet::OpenWorksheet;
use site::{Listing, Miss, Page, View, Visit};
use ui::kit::query::TableQuery;
use ui::{Catalogue, Lang, Words};

use crate::lab::{Lab, MN_METHOD, on_each_database, refused};
use crate::{CLEAN, lab, take};

fn catalogue() -> Arc<Catalogue> {
    Catalogue::new(&[site::TEXT, SITE.text]).expect("the texts parse and no key stands twice")
}

fn words(lang: Lang) -> Words {
    catalogue().words(lang, TimeZone::get("Asia/Shanghai").expect("a zone"))
}

fn visited<T>(
    lab: &Lab,
    path: &[(&str, String)],
    query: &[(&str, &str)],
    show: impl Fn(&mut Visit<'_>) -> T,
) -> T {
    let words = words(Lang::Zh);
    let actor = lab.world.actor(&[Role::LaboratoryHead, Role::Analyst]);
    let pairs = |pairs: &[(&str, String)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let query: Vec<(&str, String)> = query.iter().map(|(k, v)| (*k, (*v).to_owned())).collect();
    let (path, query): (BTreeMap<_, _>, BTreeMap<_, _>) = (pairs(path), pairs(&query));
    let now = lab.world.store.now();
    let answer = lab.world.store.read(|db| {
        let mut visit = Visit {
            store: &lab.world.store,
            db,
            sites: &[],
            words: &words,
            actor: &actor,
            csrf: "token",
            now,
            here: "/".to_owned(),
            path: path.clone(),
            query: query.clone(),
            key: "key".to_owned(),
        };
        Ok(show(&mut visit))
    });
    answer.expect("the store reads")
}

pub fn page(lab: &Lab, path: &str, named: &[(&str, String)], query: &[(&str, &str)]) -> Result<View, Miss> {
    let page: Page = (SITE.pages)().into_iter().find(|page| page.path == path).expect(path);
    visited(lab, named, query, page.show)
}

#[test]
fn every_page_and_list_shows_a_laboratory_at_work() {
    on_each_database(|world| {
        let lab = lab(world);
        let receipt = take(&lab, "clean.csv", CLEAN);
        take(&lab, "again.csv", &CLEAN[..4]);
        let first = lab.results()[0].id;
        let sheet: OpenWorksheet = serde_json::from_value(serde_json::json!({
            "code": "WS-1", "method": lab.method, "places": [{"kind": "blank"},
            {"kind": "reference", "reference_lot": lab.reference_lot},
            {"kind": "sample", "sample": lab.typed("S-1", "1").sample}]
        }))
        .unwrap();
        let worksheet = lab.world.store.run(&lab.analyst(), sheet).unwrap().subjects[0];
        let control = "SELECT number FROM qc_event WHERE kind = 'reference' ORDER BY number";
        let control =
            lab.world.store.read(|db| db.maybe(control, &[], |row| row.number(0))).unwrap().unwrap();
        let named = |key: &'static str, value: String| vec![(key, value)];
        for (path, named) in [
            ("/laboratory", vec![]),
            ("/intake", vec![]),
            ("/intake/{import}", named("import", receipt.import.to_string())),
            ("/laboratory/results/{result}", named("result", first.to_string())),
            ("/laboratory/samples/{sample}", named("sample", lab.typed("S-1", "1").sample.to_string())),
            ("/laboratory/qc/{qc}", named("qc", format!("qc-{control}"))),
            ("/laboratory/charts", vec![]),
            (
                "/laboratory/charts/{lot}/{analyte}",
                vec![("lot", lab.reference_lot.to_string()), ("analyte", "Mn".to_owned())],
            ),
            ("/laboratory/methods/{method}", named("method", lab.method.to_string())),
            ("/laboratory/instruments/{instrument}", named("instrument", lab.instrument.to_string())),
            ("/laboratory/worksheets/{worksheet}", named("worksheet", worksheet.to_string())),
        ] {
            let view = page(&lab, path, &named, &[]).unwrap_or_else(|why| panic!("{path}: {why}"));
            let body = view.body.into_string();
            assert!(!body.contains('⟦') && !view.title.contains('⟦'), "{path}: {body}");
            assert!(view.data.is_object(), "{path}");
        }
        let notes =
            page(&lab, "/intake/{import}", &[("import", receipt.import.to_string())], &[("show", "notes")]);
        assert!(notes.unwrap().body.into_string().contains("表头"));
        assert!(matches!(
            page(&lab, "/laboratory/results/{result}", &[("result", "result-1".into())], &[]),
            Err(Miss::NoSuch(_))
        ));
        for listing in (SITE.listings)() {
            let table =
                visited(&lab, &[], &[], |visit| (listing.fetch)(visit, &TableQuery::new(listing.path)));
            let table = table.unwrap_or_else(|why| panic!("{}: {why}", listing.name));
            let body = table.render(&words(Lang::En)).into_string();
            assert!(!body.contains('⟦'), "{}: {body}", listing.name);
            for row in &table.rows {
                assert_eq!(row.cells.len(), table.columns.len(), "{}", listing.name);
            }
        }
        let waiting = visited(&lab, &[], &[], |visit| (SITE.today)(visit)).unwrap();
        let keys: Vec<&str> = waiting.iter().map(|one| one.key).collect();
        assert_eq!(keys, ["readings-to-decide", "results-to-review"]);
    });
}

fn results(lab: &Lab, pairs: &[(&str, &str)]) -> (Vec<String>, usize) {
    let listing: Listing =
        (SITE.listings)().into_iter().find(|list| list.name == "results").expect("the list of results");
    let query = TableQuery::from_pairs(listing.path, pairs.iter().copied());
    let table = visited(lab, &[], &[], |visit| (listing.fetch)(visit, &query)).unwrap();
    (table.rows.iter().filter_map(|row| row.id.clone()).collect(), table.total)
}

#[test]
fn results_are_sorted_filtered_and_paged_by_the_address() {
    on_each_database(|world| {
        let lab = lab(world);
        take(&lab, "clean.csv", CLEAN);
        take(&lab, "bad.csv", &[("BLK-9", "Mn", "9"), ("CRM-1", "Mn", "1"), ("S-4", "Mn", "5")]);
        lab.sample("S-4");
        let all = results(&lab, &[]);
        assert_eq!(all.1, 3);
        assert_eq!(results(&lab, &[("q", "S-2")]).1, 1);
        assert_eq!(results(&lab, &[("q", "s-")]).1, 3);
        assert_eq!(results(&lab, &[("q", "S-%")]).1, 0);
        assert_eq!((results(&lab, &[("q", "Mn")]).1, results(&lab, &[("q", "ICP-01")]).1), (3, 3));
        assert_eq!(results(&lab, &[("qc", "pass")]).1, 3);
        assert_eq!(results(&lab, &[("qc", "'; DROP TABLE result")]).1, 0);
        assert_eq!(results(&lab, &[("sort", "1; DROP TABLE result")]).0, all.0);
        assert_eq!(results(&lab, &[("exception", "yes")]).1, 0);
        let (rows, total) = results(&lab, &[("sort", "number"), ("size", "2"), ("page", "2")]);
        assert_eq!((rows.len(), total), (1, 3));
    });
}

#[test]
fn a_worksheet_gates_what_is_typed_from_it() {
    on_each_database(|world| {
        let lab = Lab::new(world, MN_METHOD);
        let sample = lab.sample("S-1");
        let give = |name: &str, json: serde_json::Value| {
            let kind = *lab.world.store.registry().commands.get(name).unwrap();
            let command = (kind.parse)(&json.to_string()).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            lab.world.store.request(store::Request { actor: lab.analyst(), command, reason: None, key: None })
        };
        let places = serde_json::json!([{"kind": "blank"},
            {"kind": "reference", "reference_lot": lab.reference_lot},
            {"kind": "sample", "sample": sample}]);
        let open = serde_json::json!({"code": "WS-1", "method": lab.method, "places": places});
        let sheet = give("worksheet.open", open.clone()).unwrap().subjects[0];
        assert_eq!(refused(give("worksheet.open", open)).code, "worksheet-code-taken");
        let bad = serde_json::json!({"code": "WS-2", "method": lab.method, "places": [{"kind": "sample"}]});
        assert_eq!(refused(give("worksheet.open", bad)).code, "worksheet-place");
        let control = |position: u32, value: &str| {
            serde_json::json!({"worksheet": sheet,
            "position": position.to_string(), "analyte": "Mn", "value": value})
        };
        let result = serde_json::json!({"sample": sample, "method": lab.method, "analyte": "Mn",
            "value": "12.3",
            "worksheet": sheet, "position": "3"});
        give("result.enter", result).unwrap();
        assert_eq!(lab.results()[0].qc, "not_tested");
        give("qc.enter", control(1, "0.001")).unwrap();
        assert_eq!(lab.results()[0].qc, "not_tested");
        give("qc.enter", control(2, "1.01")).unwrap();
        assert_eq!(lab.results()[0].qc, "pass");
        give("qc.enter", control(2, "1.30")).unwrap();
        assert_eq!(lab.results()[0].qc, "failure");
        assert_eq!(refused(give("qc.enter", control(3, "1"))).code, "worksheet-no-control");
        store::verify(&lab.world.store, true).unwrap();
    });
}

#[test]
fn both_languages_say_everything_and_the_gallery_shows_every_page() {
    let catalogue = catalogue();
    assert_eq!(catalogue.problems(), Vec::<String>::new());
    let has = |key: String| assert!(catalogue.has(&key), "{key}");
    for command in (laboratory::AREA.commands)() {
        has(site::word("command", command.name));
    }
    for fact in (laboratory::AREA.facts)() {
        has(site::word("fact", fact.kind));
    }
    for listing in (SITE.listings)() {
        has(site::word("list", listing.name));
        has(format!("empty-{}", listing.name));
    }
    for code in written("Refusal::new(\"") {
        for part in ["", ".rule", ".remedy"] {
            has(format!("refusal-{code}{part}"));
        }
    }
    for (call, prefix) in
        [("asks(\"", "why"), ("refused(\"", "why"), ("kept(\"", "why"), ("rule: \"", "rule")]
    {
        for code in written(call) {
            has(format!("{prefix}-{code}"));
        }
    }
    for lang in Lang::ALL {
        for entry in (SITE.gallery)() {
            for (sample, body) in (entry.render)(&words(lang)) {
                let body = body.into_string();
                assert!(!body.contains('⟦'), "{} · {sample}: {body}", entry.name);
            }
        }
    }
}

/// Every literal that stands in the crate's source behind `call`.
fn written(call: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the source").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            let codes = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            found.extend(codes.map(str::to_owned));
        }
    }
    assert!(!found.is_empty(), "{call}");
    found
}
