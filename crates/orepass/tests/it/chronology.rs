//! Every time that anybody can give, to any command, is judged: by the order of events, by the present, or by
//! nothing for a stated reason. A command with a new time does not pass before it stands here.

use std::collections::BTreeMap;

use server::schema::{self, Field, Shape};

/// What judges a time.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Judged {
    /// `kernel::chronology`: the order of events and the present.
    Order,
    /// It must lie after the present, or after the time it ends.
    End,
    /// Nothing, and why that is right.
    Exempt(&'static str),
}

const TIMES: &[(&str, &str, Judged)] = {
    use Judged::{End, Exempt, Order};
    const PLANNED: Judged =
        Exempt("it is stated for the future as well as for the past; what lies in it is judged");
    &[
        ("authorisation.grant", "valid_from", PLANNED),
        ("authorisation.grant", "valid_until", End),
        ("authorisation.withdraw", "from", PLANNED),
        ("balance.open", "from", PLANNED),
        ("balance.open", "until", End),
        ("calibration.void", "from", Order),
        ("gate.override", "valid_until", End),
        ("import.record", "readings.at", Order),
        ("instrument.calibrate", "valid_from", Order),
        ("instrument.calibrate", "valid_until", End),
        ("lot.blend", "output.produced_on", Order),
        ("lot.concede", "valid_until", End),
        ("lot.process", "outputs.produced_on", Order),
        ("lot.receive", "produced_on", Order),
        ("lot.allow", "valid_until", End),
        ("lot.rework", "outputs.produced_on", Order),
        ("lot.sample", "taken_at", Order),
        ("lot.split", "outputs.produced_on", Order),
        ("method.issue_version", "in_force_from", PLANNED),
        ("method_version.void", "from", Order),
        ("qc.override", "until", End),
        ("reading.decide", "measured_at", Order),
        ("reference.add_lot", "expires", Exempt("what is measured with it is judged by it on that day")),
        ("reference_lot.void", "from", Order),
        ("request.register", "due", Exempt("a wish; nothing rests on it")),
        ("result.enter", "measured_at", Order),
        ("sample.receive", "taken_at", Order),
        ("specification.issue_version", "in_force_from", PLANNED),
        ("specification.issue_version", "in_force_until", End),
        ("token.issue", "expires_at", End),
    ]
};

fn times(fields: &[Field], above: &str, found: &mut Vec<String>) {
    for field in fields {
        let name = if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
        match &field.shape {
            Shape::Day | Shape::Instant => found.push(name),
            Shape::List(of) if matches!(**of, Shape::Day | Shape::Instant) => found.push(name),
            Shape::Group(parts) | Shape::Lines(parts) => times(parts, &name, found),
            _ => {}
        }
    }
}

#[test]
fn every_time_of_every_command_is_judged_or_exempt_for_a_reason() {
    let listed: BTreeMap<(&str, &str), Judged> =
        TIMES.iter().map(|(command, field, judged)| ((*command, *field), *judged)).collect();
    assert_eq!(listed.len(), TIMES.len(), "one stands twice");
    let mut seen = 0;
    for kind in crate::commands() {
        if kind.roles.is_empty() && kind.name != "import.record" {
            continue; // the system's own, from what is judged already
        }
        let mut found = Vec::new();
        times(&schema::fields(&kind), "", &mut found);
        for field in found {
            let judged = listed.get(&(kind.name, field.as_str()));
            let reason =
                judged.unwrap_or_else(|| panic!("{} {field}: by what is this time judged?", kind.name));
            assert!(!matches!(reason, Judged::Exempt("")), "{} {field}", kind.name);
            seen += 1;
        }
    }
    assert_eq!(seen, TIMES.len(), "a time that is listed is no command's any more");
}

/// Each time that is judged by the present is tried: what has not come is refused, at every such door.
#[test]
fn a_day_of_production_that_has_not_come_is_refused_at_every_door() {
    testkit::each_database(server::areas, authority::authorise, |world| {
        let kinds = world.store.registry();
        let give = |name: &str, json: serde_json::Value| {
            let command = (kinds.commands[name].parse)(&json.to_string()).unwrap();
            let roles = [kernel::Role::Metallurgist, kernel::Role::Receiver, kernel::Role::QualityManager];
            let actor = world.actor(&roles);
            world.store.request(store::Request { actor, command, reason: None, key: None })
        };
        let names = serde_json::json!({"en": "Ore", "zh": "矿"});
        let ore = give("material.define", serde_json::json!({"code": "ORE", "names": names, "kind": "ore"}));
        let ore: kernel::MaterialId = ore.unwrap().id().unwrap();
        let lot = |code: &str, on: &str| {
            serde_json::json!({"code": code, "material": ore, "mass_kg_wet": "100", "moisture_percent": "5",
                "produced_on": on})
        };
        // It is 2 March 2026, 00:00 UTC, and the institute is not founded: its days are those of UTC.
        let one: kernel::LotId = give("lot.receive", lot("A", "2026-03-02")).unwrap().id().unwrap();
        let two: kernel::LotId = give("lot.receive", lot("B", "2026-03-01")).unwrap().id().unwrap();
        let part = serde_json::json!({"code": "C", "mass_kg_wet": "10", "produced_on": "2026-03-03"});
        for (name, json) in [
            ("lot.receive", lot("C", "2026-03-03")),
            ("lot.split", serde_json::json!({"lot": one, "outputs": [part]})),
            ("lot.process", serde_json::json!({"inputs": [{"lot": one}], "outputs": [part]})),
            ("lot.blend", serde_json::json!({"inputs": [{"lot": one}, {"lot": two}], "output": part})),
        ] {
            match give(name, json) {
                Err(store::Stop::Refused(refusal)) => {
                    assert_eq!(refusal.code, "lot-produced-in-future", "{name}")
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    });
}
