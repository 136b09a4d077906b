//! Every case of the shared data folder, through the contract.

use std::path::Path;

use balance::{Answer, Blamed, Case, Class, Given, GlobalTest, Of, solve};
use serde_json::Value;

pub fn cases(kinds: &[&str]) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reconciliation");

    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let mut cases: Vec<(String, Value)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let case: Value = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
            let kind = case["kind"].as_str()?;
            kinds.contains(&kind).then(|| (case["id"].as_str().unwrap_or_default().to_owned(), case.clone()))
        })
        .collect();
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

pub fn given(case: &Value) -> Given {
    let case: Case = serde_json::from_value(case.clone()).expect("a case");
    case.given().expect("a flowsheet")
}

fn numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().into_iter().flatten().map(Value::as_f64).collect()
}

fn near(what: &str, found: Option<f64>, wanted: Option<f64>, relative: f64, absolute: f64) {
    let (Some(found), Some(wanted)) = (found, wanted) else {
        assert_eq!(found, wanted, "{what}");
        return;
    };
    let off = (found - wanted).abs();
    assert!(off <= relative * wanted.abs() + absolute, "{what}: {found} is not {wanted}");
}

fn flows(answer: &Answer) -> Vec<&balance::Value> {
    answer.values.iter().filter(|value| value.of == Of::Flow).collect()
}

#[test]
fn linear_cases_have_the_published_answers() {
    for (id, case) in cases(&["linear_wls"]) {
        let mut given = given(&case);
        let answer = solve(&given).expect(&id);
        let wanted = &case["expected"];
        let (x_rel, z_abs) = (1e-6, 1e-4);
        let flows = flows(&answer);
        let check =
            |name: &str, key: &str, relative: f64, absolute: f64, of: fn(&balance::Value) -> Option<f64>| {
                for (k, wanted) in numbers(&wanted[key]).into_iter().enumerate() {
                    near(&format!("{id} {name} {k}"), of(flows[k]), wanted, relative, absolute);
                }
            };
        assert!(answer.converged, "{id}");
        check("value", "x_hat", x_rel, 1e-8, |value| value.value);
        check("sd", "sd_hat", x_rel, 1e-8, |value| value.sd);
        check("test", "measurement_test_z", 0.0, z_abs, |value| value.measurement_test);
        check("GLR", "glr_bias_T", 1e-4, z_abs, |value| value.glr_bias);
        near(&id, Some(answer.objective), wanted["chi2"].as_f64(), 1e-6, 1e-8);
        assert_eq!(Some(answer.dof as u64), wanted["dof"].as_u64(), "{id}");
        near(&id, answer.chi2_critical, wanted["chi2_crit_95"].as_f64(), 1e-6, 0.0);
        let rejects = answer.global_test == GlobalTest::Reject;
        assert_eq!(Some(rejects), wanted["global_test_rejects_95"].as_bool(), "{id}");
        if wanted["sidak_z_crit_95"].is_f64() {
            near(&id, answer.measurement_test_critical, wanted["sidak_z_crit_95"].as_f64(), 1e-6, 0.0);
        }
        let of_class = |class: Class| -> Vec<Option<f64>> {
            (0..flows.len()).filter(|&k| flows[k].class == class).map(|k| Some(k as f64)).collect()
        };
        assert_eq!(of_class(Class::Redundant), numbers(&wanted["redundant"]), "{id}");
        assert_eq!(of_class(Class::Observable), numbers(&wanted["observable_unmeasured"]), "{id}");
        assert_eq!(of_class(Class::Unobservable), numbers(&wanted["unobservable"]), "{id}");
        for (k, leak) in numbers(&wanted["glr_leak_T"]).into_iter().enumerate() {
            let node = answer.nodes.iter().find(|node| node.node.0 == format!("n{k}")).expect("the node");
            near(&format!("{id} leak {k}"), node.glr_leak, leak, 1e-4, z_abs);
            near(&id, node.nodal_test, numbers(&wanted["nodal_test_z"])[k], 0.0, z_abs);
            let residual = numbers(&wanted["node_residual"])[k];
            near(&id, node.imbalance.map(f64::abs), residual.map(f64::abs), 1e-9, 1e-9);
        }
        let order: Vec<Option<f64>> = answer.suspects.iter().map(|suspect| number(&suspect.what)).collect();
        assert_eq!(order, numbers(&wanted["serial_elimination_order"]), "{id}");
        if wanted["after_elimination"].is_object() {
            given.options.eliminate = true;
            let answer = solve(&given).expect(&id);
            let wanted = &wanted["after_elimination"];
            near(&id, Some(answer.objective), wanted["chi2"].as_f64(), 1e-6, 1e-8);
            assert_eq!(Some(answer.dof as u64), wanted["dof"].as_u64(), "{id}");
            for (k, wanted) in numbers(&wanted["x_hat"]).into_iter().enumerate() {
                near(&id, self::flows(&answer)[k].value, wanted, x_rel, 0.0);
            }
            assert!(answer.before_elimination.is_some());
        }
    }
}

fn number(blamed: &Blamed) -> Option<f64> {
    match blamed {
        Blamed::Bias { stream, .. } => stream.0.trim_start_matches('s').parse().ok(),
        Blamed::Leak { .. } => None,
    }
}

#[test]
fn the_distillation_column_closes_with_and_without_a_sum() {
    for (id, case) in cases(&["bilinear_wls"]) {
        for (key, normalised) in [("without_normalisation", false), ("with_normalisation", true)] {
            let mut case = case.clone();
            case["inputs"]["normalised"] = Value::Bool(normalised);
            let answer = solve(&given(&case)).expect(&id);
            let wanted = &case["expected"][key];
            assert!(answer.converged, "{id} {key}");
            near(&id, Some(answer.objective), wanted["J"].as_f64(), 1e-7, 0.0);
            for (k, flow) in numbers(&wanted["F"]).into_iter().enumerate() {
                near(&format!("{id} {key} {k}"), flows(&answer)[k].value, flow, 1e-5, 0.0);
                for (c, share) in numbers(&wanted["X"][k]).into_iter().enumerate() {
                    near(
                        &format!("{id} {key} {k} {c}"),
                        answer.values[3 * k + 1 + c].value,
                        share,
                        1e-5,
                        0.0,
                    );
                }
            }
            let dependent = answer.notes.iter().any(|note| note.code == "dependent-balances");
            assert_eq!(dependent, normalised, "{id} {key}: {:?}", answer.notes);
        }
    }
}

#[test]
fn plants_of_the_bench_have_the_exact_objective() {
    for (id, case) in cases(&["bench_bilinear"]) {
        let given = given(&case);
        let answer = solve(&given).expect(&id);
        let wanted = &case["expected"];
        assert!(answer.converged, "{id}: {:?}", answer.notes);
        near(&id, Some(answer.objective), wanted["J"].as_f64(), 1e-8, 0.0);
        assert_eq!(Some(answer.dof as u64), wanted["dof"].as_u64(), "{id}");
        for (k, flow) in numbers(&wanted["F"]).into_iter().enumerate() {
            let found = flows(&answer)[k];
            near(&format!("{id} {k}"), found.value, flow, 0.0, 1e-6 * found.measured_sd.expect("measured"));
        }
    }
}

fn linear(a: Value, y: Value, sigma: Value) -> Answer {
    let case = serde_json::json!({"kind": "linear_wls", "inputs": {"A": a, "y": y, "sigma": sigma}});
    solve(&given(&case)).expect("an answer")
}

/// By hand: x₀ = 2 x₁ with 10 and 4 measured, off by 2 with variance 1 + 4.
#[test]
fn rows_that_are_no_balances_of_a_flowsheet_are_plain_least_squares() {
    let answer = linear(serde_json::json!([[1, -2]]), serde_json::json!([10, 4]), serde_json::json!([1, 1]));
    let values: Vec<f64> = answer.values.iter().map(|value| value.value.unwrap()).collect();
    assert!((values[0] - 9.6).abs() < 1e-9 && (values[1] - 4.8).abs() < 1e-9, "{values:?}");
    assert!((answer.objective - 0.8).abs() < 1e-9, "{}", answer.objective);
    assert_eq!((answer.dof, answer.converged), (1, true));
}

#[test]
fn a_linear_case_may_be_negative_and_closed() {
    // −3 is what the balance asks for, and no bound stands in its way
    let negative = linear(
        serde_json::json!([[1, -1, -1]]),
        serde_json::json!([2, 5, null]),
        serde_json::json!([1, 1, null]),
    );
    assert!((negative.values[2].value.unwrap() + 3.0).abs() < 1e-9);
    // every stream between two nodes: no feed, and yet a least squares problem
    let ring = linear(
        serde_json::json!([[1, -1, 0], [-1, 0, 1], [0, 1, -1]]),
        serde_json::json!([10, 11, 12]),
        serde_json::json!([1, 1, 1]),
    );
    assert!(ring.values.iter().all(|value| (value.value.unwrap() - 11.0).abs() < 1e-9));
    assert_eq!(ring.dof, 2);
}

#[test]
fn quantities_that_the_rows_make_zero_are_found_and_said_to_be_sure() {
    let answer = linear(
        serde_json::json!([[0, 0, 0, 1.8], [0, 0.545, -0.892, 0], [1, 1, 0, 0]]),
        serde_json::json!([-60, null, null, null]),
        serde_json::json!([2, null, null, null]),
    );
    assert!(answer.converged, "{:?}", answer.notes);
    let last = &answer.values[3];
    assert!(last.value.unwrap().abs() < 1e-9 && last.sd.unwrap() < 1e-9, "{last:?}");
    assert!((answer.values[1].value.unwrap() - 60.0).abs() < 1e-9);
}
