//! All lists one way, on the demo institute: each is narrowed by words, sorted by its columns, and paged.

use kernel::{Actor, PersonId, Role, Via, Who};
use serde_json::Value;
use server::api::{self, ApiMethod};
use server::{App, Settings};

#[test]
fn every_list_is_narrowed_by_words_sorted_by_its_columns_and_paged() {
    let folder = super::demo::made("lists");
    let (store, _) = super::demo::opened(&folder);
    let app = App::new(store, Settings::default());
    let roles = vec![Role::Administrator, Role::Auditor];
    let actor =
        Actor { who: Who::Person(PersonId(1)), roles, via: Via::Page, reauthenticated: true, only: None };
    let reader = api::as_actor(actor, server::Lang::En);
    let ask = |path: &str, asked: &[(&str, &str)]| {
        let pairs = asked.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let reply = api::answer(&app, &reader, &api::local(ApiMethod::Get, path, pairs, None));
        assert_eq!(reply.status, 200, "{path} {asked:?}: {}", String::from_utf8_lossy(&reply.body));
        serde_json::from_slice::<Value>(&reply.body).unwrap()
    };
    let mut wrong = Vec::new();
    let mut filled = 0;
    for site in server::sites() {
        for list in (site.listings)() {
            let all = ask(list.path, &[]);
            let total = all["total"].as_u64().unwrap();
            filled += usize::from(total > 0);
            let none = ask(list.path, &[("filter", "nothing-is-called-so")])["total"].as_u64();
            if none != Some(0) {
                wrong.push(format!("{} ignores words: {none:?} of {total}", list.name));
            }
            for key in all["rows"][0].as_object().map(|row| row.keys()).into_iter().flatten() {
                for sort in [key.clone(), format!("-{key}")] {
                    let sorted = ask(list.path, &[("sort", &sort)])["total"].as_u64();
                    assert_eq!(sorted, Some(total), "{} by {sort}", list.name);
                }
            }
            let (one, two) = (("page_size", "1"), ("page", "2"));
            let (first, second) = (ask(list.path, &[one]), ask(list.path, &[one, two]));
            let page = |of: &Value| of["rows"].as_array().unwrap().len() as u64;
            assert_eq!(
                (page(&first), page(&second)),
                (total.min(1), total.saturating_sub(1).min(1)),
                "{}",
                list.name
            );
            assert!(total < 2 || first["rows"] != second["rows"], "{}", list.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(filled > 20, "the demo institute fills {filled} lists");
}
