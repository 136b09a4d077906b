//! Sheets as metallurgists write them, and what is said of those that cannot be read.

use balance::sheet::{Rows, read};
use balance::{Given, Of, solve};

fn rows(sheet: &str, text: &str) -> Rows {
    let rows = (text.lines().enumerate())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| (at as u64 + 1, line.split(';').map(|cell| cell.trim().to_owned()).collect()))
        .collect();
    Rows { file: "plant.xlsx".to_owned(), sheet: sheet.to_owned(), rows }
}

const PLANT: &str = "\
stream; from; to; flow [t/h]; flow sd; Cu [%]; Cu sd %; flow min; note
feed; ; cell; 100; 1 %; 1.02; 3; ; belt scale
conc; cell; ; ; ; 25.1; 2; 0.5;
tail; cell; ; 96; exact; <0.2; ; ;
";

#[test]
fn a_flowsheet_with_its_measurements_is_read() {
    let given = read(&[rows("plant", PLANT)]).expect("readable");
    assert_eq!(given.streams.len(), 3);
    assert_eq!(given.components.len(), 1);
    assert_eq!(given.measurements[0].sd, Some(1.0));
    assert!((given.measurements[1].sd.expect("given") - 0.0306).abs() < 1e-12);
    assert_eq!(given.measurements[3].below, Some(0.2));
    assert_eq!(given.fixed[0].value, 96.0);
    assert_eq!(given.bounds[0].lower, Some(0.5));
    assert!(solve(&given).expect("solvable").converged);
}

#[test]
fn further_sheets_are_known_by_their_headings() {
    let sheets = [
        rows("a", "物流; 来自; 去向\nfeed; ; tank\nout; tank; -"),
        rows("b", "stream; of; value; sd\nfeed; flow; １００; 2\nfeed; Fe; 60; 1 %\nout; flow; 90; 2"),
        rows("c", "node; change; sd\ntank; 9; 1"),
        rows("d", "components; to\nFe, rest; 100"),
        rows("e", "stream; of; value; sd\nfeed; rest; 41; 5"),
    ];
    let given = read(&sheets).expect("readable");
    assert_eq!(given.measurements[0].value, Some(100.0));
    assert_eq!(given.inventory[0].change, 9.0);
    assert_eq!(given.sums[0].components.len(), 2);
    assert_eq!(given.components[1].name.0, "rest");
    let answer = solve(&given).expect("solvable");
    let fe = answer.values.iter().find(|v| v.stream.0 == "feed" && v.of == Of::from("Fe")).expect("there");
    assert!(fe.value.expect("observable") < 60.0);
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let table = [
        (PLANT.replace("25.1", "25,1"), "sheet plant, row 3, column F (`25,1`): it is no number"),
        (PLANT.replace("1.02; 3", "1.02;"), "row 2, column G (``): it has no standard deviation"),
        (PLANT.replace("1 %", "-1 %"), "row 2, column E (`-1 %`): a standard deviation must be above zero"),
        (PLANT.replace("<0.2", "ND"), "row 4, column F (`ND`): it is no number"),
        (PLANT.replace("conc; cell", "conc;"), "row 3, column B (``): `from` and `to` are both empty"),
        (PLANT.replace("feed; ; cell", "; ; cell"), "row 2, column A (``): it is empty"),
        (PLANT.replace("stream; from", "what; from"), "row 1, column A (`what`): the headings"),
        (PLANT.replace("0.5", "<0.5"), "row 3, column H (`<0.5`): a bound is a plain number"),
    ];
    for (text, words) in table {
        let message = read(&[rows("plant", &text)]).expect_err("unreadable").to_string();
        assert!(message.contains(words), "{message} does not say {words}");
    }
    assert!(read(&[]).expect_err("nothing").to_string().contains("`stream`, `from` and `to`"));
}

#[test]
fn every_key_of_the_contract_is_in_the_document() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/balance.md");
    let document = std::fs::read_to_string(path).expect("the document");
    let mut given: Given = read(&[rows("plant", PLANT)]).expect("readable");
    given.options.eliminate = true;
    let reconciled = balance::reconcile(&given).expect("solvable");
    let values = [
        serde_json::to_value(reconciled.answer()).expect("a value"),
        serde_json::to_value(reconciled.recoveries()).expect("a value"),
        serde_json::to_value(&given).expect("a value"),
    ];
    let mut waiting: Vec<&serde_json::Value> = values.iter().collect();
    while let Some(value) = waiting.pop() {
        for (key, inner) in value.as_object().into_iter().flatten() {
            assert!(
                document.contains(&format!("`{key}`")) || document.contains(&format!("\"{key}\"")),
                "`{key}`"
            );
            waiting.push(inner);
        }
        waiting.extend(value.as_array().into_iter().flatten());
    }
}

#[test]
fn a_workbook_states_shares_of_shares_equations_and_several_days() {
    let sheets = [
        rows("a", "stream; from; to\nmill; ; cyclone\nover; cyclone; \nunder; cyclone; "),
        rows(
            "b",
            "component; share of; except\nsolids; flow;\nfine; solids; \ncoarse; solids;\nCu fine; fine;",
        ),
        rows("c", "total; parts; whole\nCu; Cu fine, Cu coarse; 100"),
        rows("d", "equation\nunder:flow = 2 over:flow"),
        rows(
            "e",
            "set; stream; of; value; sd\nMon; mill; flow; 300; 3\nMon; over; solids; 40; exact\n\
             Tue; mill; flow; 330; 3\nTue; mill; Cu; 1.2; 5 %",
        ),
        rows("f", "set; node; change\nTue; cyclone; 3"),
        rows("g", "component; share of\nCu coarse; coarse\nCu; solids"),
    ];
    let given = read(&sheets).expect("readable");
    let whole = |name: &str| {
        let of = given.components.iter().find(|of| of.name.0 == name).expect("a component");
        of.of.as_ref().map(|of| of.0.as_str())
    };
    assert_eq!([whole("solids"), whole("fine"), whole("Cu coarse")], [None, Some("solids"), Some("coarse")]);
    assert_eq!((given.totals[0].parts.len(), given.totals[0].whole), (2, 100.0));
    assert_eq!((given.constraints[0].terms[1].factor, given.constraints[0].equals), (-2.0, 0.0));
    assert_eq!(given.sets.iter().map(|set| set.name.0.as_str()).collect::<Vec<_>>(), ["Mon", "Tue"]);
    assert_eq!((given.sets[0].fixed[0].value, given.sets[1].inventory[0].change), (40.0, 3.0));
    assert_eq!(given.sets[1].measurements[1].sd, Some(0.06));
    assert!(given.measurements.is_empty() && given.inventory.is_empty());
    let wrong = [rows("a", "stream; from; to\nf; ; n"), rows("d", "equation\nf:flow 2")];
    let message = read(&wrong).expect_err("refused").to_string();
    assert!(
        message.contains("sheet d, row 2, column A (`f:flow 2`)") && message.contains("one `=`"),
        "{message}"
    );
}
