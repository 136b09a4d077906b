//! What a flowsheet version says beside its streams: shares that add up, totals of parts, what is known of a
//! stream whatever is measured, and equations between streams. Pure.

use std::str::FromStr;

use ::balance as contract;
use contract::{Bound, Constraint, Fixed, Given, Name, Of};
use kernel::Code;
use measure::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

use super::rules::{Definition, FLOW, FlowsheetRefused};
use crate::given::NameList;
use crate::solve::text::float;

/// Shares of a stream that add up: solids and water, size classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Which components.
    pub components: NameList,
    /// To what, in their unit; to the whole (100 of %) when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub to: Option<Decimal>,
    /// In which streams; in all when left out.
    #[serde(default, skip_serializing_if = "NameList::is_empty")]
    pub streams: NameList,
}

/// A component that is the sum of others: the assay of the whole from those of its size classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// The component that is the sum.
    pub component: Code,
    /// What it is the sum of: shares of the same, or shares of its size classes.
    pub parts: NameList,
    /// In which streams; in all when left out.
    #[serde(default, skip_serializing_if = "NameList::is_empty")]
    pub streams: NameList,
}

/// What is known of a stream whatever is measured: a closed valve, the water of a dry feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The stream.
    pub stream: Code,
    /// The flow or a component.
    pub of: Code,
    /// It is exactly this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub exactly: Option<Decimal>,
    /// It is not less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub at_least: Option<Decimal>,
    /// It is not more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub at_most: Option<Decimal>,
}

/// An equation between streams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Equation {
    /// `left:flow = 0.4 main:flow`: terms with factors, `+` and `-` between blanks, one `=`.
    pub equation: Linear,
}

/// Σ factor × quantity = a number, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    text: String,
    means: Constraint,
}

// floats that were read from one text are the same
impl Eq for Linear {}

impl FromStr for Linear {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Linear { means: text.parse()?, text: text.trim().to_owned() })
    }
}

impl std::fmt::Display for Linear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Linear {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Linear {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::ToSchema for Linear {}
impl utoipa::PartialSchema for Linear {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(3));
        RefOr::T(Schema::Object(text.examples([serde_json::json!("left:flow = 0.4 main:flow")]).build()))
    }
}

impl Definition {
    /// The components that multiplied with the flow give the amount of a quantity, the outermost first: of
    /// the metal in the solids, `solids` and the metal; none of the flow itself.
    pub fn chain<'a>(&'a self, of: &'a str) -> Vec<&'a str> {
        let mut chain = Vec::new();
        let mut next = Some(of).filter(|of| *of != FLOW);
        while let Some(of) = next.filter(|of| !chain.contains(of)) {
            chain.push(of);
            next = self.component(of).and_then(|part| part.of.as_ref()).map(Code::as_str);
        }
        chain.reverse();
        chain
    }

    /// Whether flows are of slurry and not of dry mass: some sum has, beside what has shares of its own (the
    /// solids), something that has none (the water).
    pub fn is_slurry(&self) -> bool {
        let has_shares =
            |name: &str| self.components.iter().any(|p| p.of.as_ref().is_some_and(|of| of.as_str() == name));
        self.sums
            .iter()
            .any(|sum| sum.components.iter().any(has_shares) && !sum.components.iter().all(has_shares))
    }

    /// What is wrong with the statements, if anything is.
    ///
    /// # Errors
    /// The first fault, by list and line.
    pub(super) fn check_statements(&self) -> Result<(), FlowsheetRefused> {
        self.check_shares()?;
        for (at, sum) in self.sums.iter().enumerate() {
            self.known("sums", at, sum.streams.iter(), sum.components.iter())?;
            self.one_unit("sums", at, sum.components.iter())?;
        }
        for (at, total) in self.totals.iter().enumerate() {
            let own = std::iter::once(total.component.as_str());
            self.known("totals", at, total.streams.iter(), total.parts.iter().chain(own.clone()))?;
            self.one_unit("totals", at, total.parts.iter())?;
            self.one_unit("totals", at, own.chain(total.parts.iter()))?;
        }
        let mut said = std::collections::BTreeSet::new();
        for (at, limit) in self.limits.iter().enumerate() {
            let (stream, of) = (limit.stream.as_str(), limit.of.as_str());
            self.known("limits", at, std::iter::once(stream), std::iter::once(of))?;
            let range = limit.at_least.zip(limit.at_most).is_none_or(|(least, most)| least <= most);
            let bounded = limit.at_least.is_some() || limit.at_most.is_some();
            if !said.insert((stream, of)) || !range || bounded == limit.exactly.is_some() {
                return Err(FlowsheetRefused::Limit {
                    line: at + 1,
                    stream: stream.to_owned(),
                    of: of.to_owned(),
                });
            }
        }
        for (at, equation) in self.equations.iter().enumerate() {
            let terms = &equation.equation.means.terms;
            let of: Vec<String> = terms.iter().map(|term| term.of.to_string()).collect();
            let streams = terms.iter().map(|term| term.stream.0.as_str());
            self.known("equations", at, streams, of.iter().map(String::as_str))?;
        }
        Ok(())
    }

    /// Shares of shares end at the flow, and exceptions are nodes.
    fn check_shares(&self) -> Result<(), FlowsheetRefused> {
        for (at, part) in self.components.iter().enumerate() {
            let unknown = |name: &str| FlowsheetRefused::Unknown {
                list: "components",
                line: at + 1,
                name: name.to_owned(),
            };
            if let Some(of) = part.of.as_ref().filter(|of| self.component(of.as_str()).is_none()) {
                return Err(unknown(of.as_str()));
            }
            if let Some(node) = part.except.iter().find(|node| self.node(node).is_none()) {
                return Err(unknown(node));
            }
            let first = self.chain(part.name.as_str()).first().and_then(|of| self.component(of));
            if first.is_some_and(|first| first.of.is_some()) {
                return Err(FlowsheetRefused::Circle(part.name.to_string()));
            }
        }
        Ok(())
    }

    fn known<'a>(
        &self,
        list: &'static str,
        at: usize,
        mut streams: impl Iterator<Item = &'a str>,
        of: impl Iterator<Item = &'a str>,
    ) -> Result<(), FlowsheetRefused> {
        let line = at + 1;
        let mut of = of.peekable();
        if of.peek().is_none() {
            return Err(FlowsheetRefused::SaysNothing { list, line });
        }
        let flows = matches!(list, "limits" | "equations");
        let stranger = streams
            .find(|name| self.stream(name).is_none())
            .or_else(|| of.find(|name| self.component(name).is_none() && !(flows && *name == FLOW)));
        match stranger {
            Some(name) => Err(FlowsheetRefused::Unknown { list, line, name: name.to_owned() }),
            None => Ok(()),
        }
    }

    fn one_unit<'a>(
        &self,
        list: &'static str,
        at: usize,
        parts: impl Iterator<Item = &'a str>,
    ) -> Result<(), FlowsheetRefused> {
        let mut units = parts.filter_map(|name| self.unit_of(name));
        let first = units.next();
        match units.find(|unit| Some(*unit) != first) {
            Some(unit) => {
                let (line, unit) = (at + 1, unit.symbol().to_owned());
                Err(FlowsheetRefused::Units { list, line, unit })
            }
            None => Ok(()),
        }
    }

    /// What a share of 1 is in the unit of a component: 100 of %.
    fn whole(&self, of: &str) -> f64 {
        let whole = |unit| measure::Unit::convert(Decimal::ONE, measure::Unit::One, unit).ok();
        self.unit_of(of).and_then(whole).map_or(1.0, float)
    }

    /// Adds the statements to what the solver is given.
    pub(crate) fn state(&self, given: &mut Given) {
        let streams = |names: &NameList| {
            (!names.is_empty()).then(|| names.iter().map(Name::from).collect::<Vec<Name>>())
        };
        given.sums.extend(self.sums.iter().map(|sum| contract::Sum {
            components: sum.components.iter().map(Name::from).collect(),
            to: sum.to.map_or_else(|| sum.components.iter().next().map_or(1.0, |of| self.whole(of)), float),
            streams: streams(&sum.streams),
        }));
        given.totals.extend(self.totals.iter().map(|total| {
            let between = total.parts.iter().find_map(|part| self.component(part)?.of.as_ref());
            contract::Total {
                component: Name::from(total.component.as_str()),
                parts: total.parts.iter().map(Name::from).collect(),
                whole: between.map_or(1.0, |of| self.whole(of.as_str())),
                streams: streams(&total.streams),
            }
        }));
        for limit in &self.limits {
            let (stream, of) = (Name::from(limit.stream.as_str()), Of::from(limit.of.as_str()));
            match limit.exactly {
                Some(value) => given.fixed.push(Fixed { stream, of, value: float(value) }),
                None => {
                    let (lower, upper) = (limit.at_least.map(float), limit.at_most.map(float));
                    given.bounds.push(Bound { stream, of, lower, upper });
                }
            }
        }
        given.constraints.extend(self.equations.iter().map(|equation| equation.equation.means.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::rules::tests::{component, drawn};
    use kernel::Refuse;

    fn names(text: &str) -> NameList {
        NameList(text.split_whitespace().map(|name| Code::parse(name).unwrap()).collect())
    }

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    /// A cyclone: slurry with solids and water, metal in two classes of the solids.
    fn slurry() -> Definition {
        let mut of = drawn("feed:>cyclone over:cyclone> under:cyclone>");
        let share = |name: &str, of: Option<&str>| crate::flowsheet::Component {
            of: of.map(code),
            ..component(name)
        };
        of.components = vec![
            share("solids", None),
            share("water", None),
            share("fine", Some("solids")),
            share("coarse", Some("solids")),
            share("Mn-fine", Some("fine")),
            share("Mn-coarse", Some("coarse")),
            share("Mn", Some("solids")),
        ];
        let all = NameList::default;
        of.sums = vec![
            Sum { components: names("solids water"), to: None, streams: all() },
            Sum { components: names("fine coarse"), to: None, streams: all() },
        ];
        of.totals = vec![Total { component: code("Mn"), parts: names("Mn-fine Mn-coarse"), streams: all() }];
        of
    }

    fn limit(stream: &str, of: &str, [exactly, at_least, at_most]: [Option<i64>; 3]) -> Limit {
        let number = |of: Option<i64>| of.map(Decimal::from);
        let (exactly, at_least, at_most) = (number(exactly), number(at_least), number(at_most));
        Limit { stream: code(stream), of: code(of), exactly, at_least, at_most }
    }

    #[test]
    fn what_a_statement_cannot_mean_is_refused_by_list_and_line() {
        type Change = fn(&mut Definition);
        let table: [(Change, &str); 15] = [
            (|_| (), "fine"),
            (|of| of.limits = vec![limit("over", "solids", [None, Some(1), Some(30)])], "fine"),
            (|of| of.limits = vec![limit("over", "flow", [Some(0), None, None])], "fine"),
            (|of| of.components[2].of = Some(code("rock")), "flowsheet-unknown components 3 rock"),
            (|of| of.components[0].of = Some(code("fine")), "flowsheet-circle"),
            (|of| of.components[2].except = names("mill"), "flowsheet-unknown components 3 mill"),
            (|of| of.sums[1].components = names("fine dust"), "flowsheet-unknown sums 2 dust"),
            (|of| of.sums[0].components = names("solids flow"), "flowsheet-unknown sums 1 flow"),
            (|of| of.sums[0].streams = names("sand"), "flowsheet-unknown sums 1 sand"),
            (|of| of.sums[0].components = names(""), "flowsheet-says-nothing sums 1"),
            (|of| of.components[1].unit = measure::Unit::MilligramPerKilogram, "flowsheet-sum-units sums 1"),
            (|of| of.totals[0].component = code("Fe"), "flowsheet-unknown totals 1 Fe"),
            (|of| of.limits = vec![limit("over", "flow", [None, None, None])], "flowsheet-limit 1"),
            (|of| of.limits = vec![limit("over", "flow", [None, Some(3), Some(2)])], "flowsheet-limit 1"),
            (
                |of| of.equations = vec![Equation { equation: "over:flow = 2 sand:flow".parse().unwrap() }],
                "flowsheet-unknown equations 1 sand",
            ),
        ];
        for (change, expected) in table {
            let mut of = slurry();
            change(&mut of);
            let found = of.check().map_or_else(
                |refused| {
                    let refusal = refused.refusal();
                    let arg = |key: &str| refusal.args.get(key).map(|text| format!(" {text}"));
                    let args = ["list", "line", "name"].map(|key| arg(key).unwrap_or_default());
                    format!("{}{}", refusal.code, args.concat())
                },
                |()| "fine".to_owned(),
            );
            assert!(found.starts_with(expected), "{found} is not {expected}");
        }
    }

    #[test]
    fn the_solver_is_given_wholes_in_the_units_of_the_components() {
        let mut given = Given::default();
        let mut of = slurry();
        of.limits =
            vec![limit("over", "flow", [Some(40), None, None]), limit("feed", "Mn", [None, Some(1), None])];
        of.equations = vec![Equation { equation: "under:flow = 2 over:flow".parse().unwrap() }];
        of.state(&mut given);
        assert_eq!((given.sums[0].to, given.totals[0].whole), (100.0, 100.0));
        assert_eq!(
            (given.fixed[0].value, given.bounds[0].lower, given.bounds[0].upper),
            (40.0, Some(1.0), None)
        );
        let factors: Vec<f64> = given.constraints[0].terms.iter().map(|term| term.factor).collect();
        assert_eq!((factors, given.constraints[0].equals), (vec![1.0, -2.0], 0.0));
        assert_eq!(of.chain("Mn-fine"), ["solids", "fine", "Mn-fine"]);
        assert!(of.is_slurry());
        of.sums.remove(0);
        assert!(!of.is_slurry(), "size classes are all of the solids");
        assert_eq!(of.chain(FLOW), Vec::<&str>::new());
    }
}
