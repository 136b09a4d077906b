//! Server time of pages in an institute of 100,000 samples and as many results.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{AuthorisationId, Role, Via};
use laboratory::import::ImportContext;
use server::call::{Body, Call, Method};
use server::{App, Settings};
use testkit::World;

use crate::import::{file, prepare};
use crate::{Figure, percentile, timed};

const SAMPLES: usize = 100_000;
const PASSWORD: &str = "long enough to be taken";

/// Fills the institute, signs in, asks for each page many times.
pub fn run() -> Vec<Figure> {
    let world =
        World::new(server::areas(), |_, _, acts, _| Ok(acts.iter().map(|_| AuthorisationId(1)).collect()));
    let foundation = serde_json::json!({
        "institute": {
            "names": {"en": "Bench", "zh": "基准"}, "address": {"en": "-", "zh": "-"}, "time_zone": "UTC",
        },
        "code": "AD", "names": {"en": "Admin", "zh": "管理员"}, "login": "admin", "password": PASSWORD,
    });
    let foundation = serde_json::from_value(foundation).expect("a foundation");
    authority::found(&world.store, foundation).expect("founded");
    let actor = world.actor(Role::ALL);
    let method = prepare(&world, &actor, SAMPLES);
    let context = ImportContext::of(method);
    let text = file(SAMPLES, &["Mn"]);
    laboratory::import::import(
        &world.store,
        &actor,
        "bench.csv",
        text.as_bytes(),
        Some("bench"),
        &context,
        &mut |_| {},
    )
    .expect("imported");
    let signed = authority::sign_in(&world.store, "admin", PASSWORD, Via::Page).expect("signed in");
    let cookie = format!("orepass_session={}", signed.cookie_secret);
    let app = App::new(Arc::clone(&world.store), Settings::default());
    let pages: &[(&str, &str)] = &[
        ("/", ""),
        ("/samples", ""),
        ("/samples", "page=1500"),
        ("/samples", "q=S-0777&sort=-code"),
        ("/laboratory/results", ""),
        ("/laboratory/results", "page=1000"),
        ("/search", "q=S-0999"),
        ("/ledger", ""),
        ("/people", ""),
    ];
    let mut figures = Vec::new();
    for (path, query) in pages {
        let call = call(path, query, &cookie);
        let mut samples: Vec<_> = (0..60)
            .map(|_| {
                let ((reply, _), took) = timed(|| server::respond(&app, &call));
                assert_eq!(reply.status, 200, "{path}?{query}");
                took
            })
            .collect();
        let what = format!("pages: `{path}{}{query}`, p99", if query.is_empty() { "" } else { "?" });
        figures.push(Figure::at_most(&what, percentile(&mut samples, 0.99), 50.0, "ms"));
    }
    figures
}

fn call(path: &str, query: &str, cookie: &str) -> Call {
    Call {
        method: Method::Get,
        path: path.to_owned(),
        query: server::call::pairs(query),
        here: format!("{path}?{query}"),
        headers: BTreeMap::from([("cookie".to_owned(), cookie.to_owned())]),
        body: Body::None,
    }
}
