//! `--explain` of `orepass balance solve`: the fewest faults that together explain why it does not close.

use balance::{Answer, Cause, Explained, Fault, GlobalTest, Of, Quantity};

use super::{blamed, short};

/// Which figures may stand in each other's place: assays of one component. Units are not known here, so that
/// columns of one sample are not thought of.
pub fn alike(one: &Quantity, other: &Quantity) -> bool {
    one.of == other.of && one.of != Of::Flow
}

/// Set for reading.
pub fn table(answer: &Answer, explained: &Explained) -> String {
    if answer.global_test != GlobalTest::Reject {
        return "\nit closes: there is nothing to explain\n".to_owned();
    }
    if explained.explanations.is_empty() {
        return "\nno set of up to four faults explains it\n".to_owned();
    }
    let mut out = String::new();
    for (at, one) in explained.explanations.iter().enumerate() {
        let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), short);
        out.push_str(&format!(
            "\nexplanation {}: without these χ² is {} with {} degrees of freedom, p {}\n",
            at + 1,
            short(one.objective),
            one.dof,
            number(one.p_value)
        ));
        one.faults.iter().for_each(|fault| out.push_str(&format!("  {}\n", told(fault))));
    }
    if explained.cut {
        out.push_str("the search was cut short: there may be others\n");
    }
    out
}

fn told(fault: &Fault) -> String {
    let name = |of: &Quantity| format!("{} of {}", of.of, of.stream);
    let what = match &fault.what {
        Cause::Exchange { one, other } => format!("{} and {} are exchanged", name(one), name(other)),
        Cause::Bias(of) => format!("{} is biased", name(of)),
        Cause::Leak { node } => format!("{node} leaks"),
    };
    let size = fault.estimate.map_or_else(String::new, |size| format!(" by {}", short(size)));
    let sd = fault.sd.map_or_else(String::new, |sd| format!(" (sd {})", short(sd)));
    let ties: Vec<String> = fault.ties.iter().map(blamed).collect();
    let ties = if ties.is_empty() { String::new() } else { format!("; just as well: {}", ties.join(", ")) };
    format!("{what}{size}{sd}{ties}")
}
