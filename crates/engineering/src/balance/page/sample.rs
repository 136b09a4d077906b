//! Samples of the page of a balance: closed, broken, stale, not yet reconciled.

use kernel::{BalanceId, FlowsheetVersionId, Instant, LotId, PersonId, ReconciliationId, ResultId};
use materials::custody::Custody;
use store::Fact;
use ui::gallery::Sample;

use super::{BalancePage, Side};
use crate::balance::rows;
use crate::balance::rules::{Balance, Excepted, Exception, Scope, Stale, State};
use crate::flowsheet::rules::FLOW;
use crate::solve::{Case, Cause, Closes, Explanation, Fault, Solved, Suspect, What};

impl Sample for BalancePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let Some(usual) = usual() else { return Vec::new() };
        let open = Balance {
            state: State::Provisional { reconciliation: Some(ReconciliationId(88)) },
            ..usual.balance.clone()
        };
        let broken = BalancePage {
            balance: open.clone(),
            solved: Some(broken()),
            exceptions: vec![],
            side: Side::Adjustment,
            of: "Mn".into(),
            ..usual.clone()
        };
        let stale = BalancePage {
            balance: Balance {
                stale: Some(Stale { at: at(3), because: ResultId(9).into() }),
                ..usual.balance.clone()
            },
            others: vec![(BalanceId(73), "MB-2026-09".into())],
            ..usual.clone()
        };
        let bare = BalancePage {
            balance: Balance { state: State::Provisional { reconciliation: None }, ..open },
            reconciliation: None,
            solved: None,
            exceptions: vec![],
            reconciliations: vec![],
            lots: vec![],
            ..usual.clone()
        };
        let [number, meters] = super::about::samples().map(|about| BalancePage {
            about: Some(about),
            exceptions: vec![],
            ..usual.clone()
        });
        let asked = [("asked about a number", number), ("asked about its meters", meters)];
        let mut all =
            vec![("usual", usual), ("does not close", broken), ("stale", stale), ("not reconciled", bare)];
        all.extend(asked);
        all
    }
}

fn at(days: i64) -> Instant {
    Instant::from_micros(1_772_409_600_000_000).plus_seconds(days * 86_400)
}

fn usual() -> Option<BalancePage> {
    let version = crate::flowsheet::issue_version::FlowsheetVersionIssued::samples().pop()?.version;
    let measured = crate::balance::measure::BalanceMeasured::samples().pop()?.figures;
    let stocks = crate::balance::take_stock::StockTaken::samples().pop()?.stocks;
    let reconciliation = ReconciliationId(88);
    let balance = Balance {
        id: BalanceId(72),
        code: "MB-2026-08".into(),
        version: FlowsheetVersionId(71),
        scope: Scope::Month,
        from: at(-30),
        until: at(0),
        custody: Custody::MassBalance,
        revision: 1,
        state: State::Final { reconciliation, at: at(2), by: Some(PersonId(3)) },
        stale: None,
    };
    let listed = rows::Listed { id: reconciliation, revision: 1, closes: true, at: at(1), by: None };
    let exception = Exception {
        what: Excepted::Adjustments,
        person: PersonId(5),
        reason: "Belt scale recalibrated on the 3rd".into(),
        at: at(2),
    };
    Some(BalancePage {
        case: Case { definition: version.definition.clone(), measured, stocks },
        version,
        balance,
        reconciliation: Some(reconciliation),
        solved: Some(Solved::sample()),
        ids: [(("feed".to_owned(), FLOW.to_owned()), kernel::FigureId(90))].into(),
        exceptions: vec![(exception, "Ivy Tan".into())],
        reconciliations: vec![(listed, "Xu Lan".into())],
        lots: vec![("liquor".into(), LotId(12), "ML-0813".into())],
        others: vec![],
        finalised_by: "Xu Lan".into(),
        side: Side::Reconciled,
        shown: super::figures::Shown::Figures,
        of: FLOW.into(),
        what_if: None,
        about: None,
        action: None,
        may: vec![
            "balance.measure",
            "balance.reconcile",
            "balance.finalise",
            "balance.except",
            "balance.reopen",
        ],
    })
}

fn broken() -> Solved {
    let mut solved = Solved::sample();
    (solved.global, solved.objective) = (Closes::No, "31.40".into());
    if let Some(figure) = solved.figures.iter_mut().find(|figure| figure.of == "Mn") {
        (figure.adjustment, figure.test) = (Some("-4.2".into()), Some("5.6".into()));
    }
    let bias = |stream: &str| What::Bias { stream: stream.into(), of: "Mn".into() };
    solved.suspects = vec![Suspect {
        what: bias("feed"),
        statistic: "5.60".into(),
        critical: "2.93".into(),
        objective_after: "1.20".into(),
        dof_after: 1,
        ties: vec![What::Leak { node: "leach".into(), of: "Mn".into() }],
    }];
    let sized = |cause: Cause, size: &str| Fault {
        cause,
        size: Some(size.into()),
        sd: Some("1.2".into()),
        ties: Vec::new(),
    };
    let (one, other) = (("feed".into(), "Mn".into()), ("liquor".into(), "Mn".into()));
    let exchange = Fault { cause: Cause::Exchange { one, other }, size: None, sd: None, ties: Vec::new() };
    let leak = sized(Cause::Leak { node: "leach".into() }, "12.4");
    let mut biased = sized(Cause::Bias { stream: "residue".into(), of: "flow".into() }, "-9.1");
    biased.ties = vec![bias("feed")];
    solved.explanations = [vec![exchange, leak], vec![biased]]
        .into_iter()
        .map(|faults| Explanation {
            faults,
            objective: "2.10".into(),
            dof: 2,
            probability: Some("0.35".into()),
        })
        .collect();
    solved.above_limit = vec!["feed Mn 4.20 sd".into()];
    solved
}
