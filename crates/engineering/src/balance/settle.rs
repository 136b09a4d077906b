//! From what somebody gives to a figure in the unit of the flowsheet, with a standard deviation that says
//! where it comes from. Pure; decimals throughout.

use kernel::{Code, LotId, MeasurementId, ResultId};
use measure::{Analyte, Basis, Decimal, Unit};
use serde::{Deserialize, Serialize};

use super::rules::BalanceRefused;
use crate::flowsheet::Definition;
use crate::flowsheet::rules::FLOW;
use crate::given::{Figure, Sign};

/// The square root of three: a limit of error of a meter class is the half-width of a rectangular
/// distribution (JCGM 100:2008, 4.3.7).
const ROOT_3: Decimal = Decimal::from_parts(1_732_050_808, 0, 0, false, 9);

/// Where a standard deviation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The uncertainty of the method that gave the result.
    MethodUncertainty,
    /// Duplicates of the quality control.
    QcDuplicates,
    /// Gy's fundamental sampling error.
    Gy,
    /// The accuracy class of the meter.
    MeterClass,
    /// Stated by whoever gives the figure.
    Stated,
}

impl Weight {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Weight::MethodUncertainty => "method-uncertainty",
            Weight::QcDuplicates => "qc-duplicates",
            Weight::Gy => "gy",
            Weight::MeterClass => "meter-class",
            Weight::Stated => "stated",
        }
    }
}

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A laboratory result.
    Result,
    /// The mass of a lot.
    Lot,
    /// The reading of a scale or a belt weigher.
    Scale,
    /// The reading of a tank.
    Tank,
    /// Typed by hand; marked so for ever.
    Typed,
}

impl Source {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Source::Result => "result",
            Source::Lot => "lot",
            Source::Scale => "scale",
            Source::Tank => "tank",
            Source::Typed => "typed",
        }
    }
}

/// One figure as it is given: typed with its unit, or taken from a result or a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Of which stream.
    pub stream: Code,
    /// What of it: `flow`, or a component.
    pub of: Code,
    /// The figure with its digits, or a limit: `12.50`, `<0.05`. Left out where a result or a lot has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Figure>,
    /// Its unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub unit: Option<Unit>,
    /// The laboratory result it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultId>,
    /// The lot whose dry mass it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// Where it was read: scale, tank or typed; typed when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Ticket, tag or sheet it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Code>,
    /// Where the standard deviation comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
    /// Standard deviation in the unit of the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub sd: Option<Decimal>,
    /// Standard deviation as % of the figure; with `meter-class`, the class: its limit of error in %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub sd_percent: Option<Decimal>,
    /// Standard deviation of sampling in the unit of the figure, added in squares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub sampling_sd: Option<Decimal>,
}

/// A laboratory result as balances see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Which.
    pub id: ResultId,
    /// Of what.
    pub analyte: Analyte,
    /// Its value or limit.
    pub figure: Option<Figure>,
    /// In which unit.
    pub unit: Unit,
    /// On which basis.
    pub basis: Basis,
    /// Standard uncertainty: the expanded one over its coverage factor.
    pub standard_uncertainty: Option<Decimal>,
    /// Whether it stands.
    pub valid: bool,
}

/// A figure that a balance rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Which.
    pub id: MeasurementId,
    /// Of which stream.
    pub stream: String,
    /// What of it.
    pub of: String,
    /// As it was given.
    pub given: Figure,
    /// In which unit.
    pub unit: Unit,
    /// In the unit of the flowsheet.
    pub value: Decimal,
    /// Its standard deviation there; none of a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sd: Option<Decimal>,
    /// Where that comes from.
    pub weight: Weight,
    /// Where the figure comes from.
    pub source: Source,
    /// Ticket, tag or sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultId>,
    /// The lot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotId>,
    /// The figure whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<MeasurementId>,
}

/// Stock in a node at both ends of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Which.
    pub id: MeasurementId,
    /// In which node.
    pub node: String,
    /// Of what: the flow, or a component as an amount.
    pub of: String,
    /// At the beginning, in the unit it was given in.
    pub opening: Decimal,
    /// At the end.
    pub closing: Decimal,
    /// That unit.
    pub unit: Unit,
    /// What it gained, in the unit of flows.
    pub change: Decimal,
    /// The standard deviation of that.
    pub sd: Decimal,
    /// Where that comes from.
    pub weight: Weight,
    /// Survey, dip or count it stands on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The stock-take whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<MeasurementId>,
}

/// Brings a line to the flowsheet's unit.
///
/// # Errors
/// A quantity the flowsheet does not have, a unit or basis that does not convert, a result that no longer
/// stands or is of something else, no standard deviation.
pub fn settle(
    definition: &Definition,
    line: &Line,
    result: Option<&Found>,
    lot_kg_dry: Option<Decimal>,
    id: MeasurementId,
) -> Result<Measured, BalanceRefused> {
    let of = format!("{} {}", line.stream, line.of);
    if definition.stream(line.stream.as_str()).is_none() {
        return Err(BalanceRefused::Unknown(line.stream.to_string()));
    }
    let Some(target) = definition.unit_of(line.of.as_str()) else {
        return Err(BalanceRefused::Unknown(line.of.to_string()));
    };
    let wrong = |why: String| BalanceRefused::Figure { of: of.clone(), why };
    let (given, unit, own, source, factor) = match (result, lot_kg_dry) {
        (Some(found), _) => {
            if !found.valid {
                return Err(BalanceRefused::ResultVoid { of, result: found.id.into() });
            }
            let (figure, factor) = of_result(line, found).map_err(&wrong)?;
            (figure, found.unit, found.standard_uncertainty, Source::Result, factor)
        }
        (None, Some(kg)) if line.of.as_str() == FLOW => {
            let number = measure::DecimalText::from_decimal(kg);
            (Figure { sign: Sign::Equal, number }, Unit::Kilogram, None, Source::Lot, Decimal::ONE)
        }
        (None, Some(_)) => return Err(wrong("the mass of a lot is a flow, not a share".to_owned())),
        (None, None) => {
            let figure = line.value.clone().ok_or_else(|| wrong("no figure was given".to_owned()))?;
            let unit = line.unit.ok_or_else(|| wrong("a value without a unit is refused".to_owned()))?;
            (figure, unit, None, line.source.unwrap_or(Source::Typed), Decimal::ONE)
        }
    };
    let convert = |number: Decimal| -> Result<Decimal, BalanceRefused> {
        let number = number.checked_mul(factor).ok_or_else(|| wrong("it is too large".to_owned()))?;
        Unit::convert(number, unit, target).map_err(|why| wrong(why.to_string()))
    };
    if given.sign == Sign::Equal && given.decimal() < Decimal::ZERO {
        return Err(wrong("it is below zero".to_owned()));
    }
    let (sd, weight) = spread(line, &given, own).ok_or_else(|| BalanceRefused::NoWeight(of.clone()))?;
    let sd = sd.map(&convert).transpose()?;
    let value = convert(given.decimal())?;
    Ok(Measured {
        id,
        stream: line.stream.to_string(),
        of: line.of.to_string(),
        unit,
        value,
        sd,
        weight,
        source,
        reading: line.reading.as_ref().map(ToString::to_string),
        result: result.map(|found| found.id),
        lot: line.lot,
        replaces: None,
        given,
    })
}

/// The figure of a result, and the factor from its analyte to the component.
fn of_result(line: &Line, found: &Found) -> Result<(Figure, Decimal), String> {
    let figure = found.figure.clone().ok_or("the result has no number")?;
    if line.of.as_str() == FLOW {
        return Err("a laboratory result is a share, not a flow".to_owned());
    }
    if found.basis == Basis::AsReceived {
        return Err("the result is on the basis as received; balances are of dry mass".to_owned());
    }
    let component = Analyte::parse(line.of.as_str());
    if found.analyte == component {
        return Ok((figure, Decimal::ONE));
    }
    let factor = found.analyte.whole_factor_to(&component);
    factor
        .map(|factor| (figure, factor))
        .map_err(|why| format!("{} is not {}: {why}", found.analyte, line.of))
}

/// The standard deviation in the given unit, and where it comes from. A limit has none.
fn spread(line: &Line, given: &Figure, own: Option<Decimal>) -> Option<(Option<Decimal>, Weight)> {
    let weight = line.weight.or(own.map(|_| Weight::MethodUncertainty));
    if given.sign != Sign::Equal {
        return Some((None, weight.unwrap_or(Weight::Stated)));
    }
    let weight = weight?;
    let percent = |percent: Decimal| given.decimal().checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED);
    let base = match (line.sd, line.sd_percent, weight) {
        (Some(sd), None, _) => Some(sd),
        (None, Some(class), Weight::MeterClass) => percent(class)?.checked_div(ROOT_3),
        (None, Some(relative), _) => percent(relative),
        (None, None, Weight::MethodUncertainty) => own,
        _ => None,
    }?;
    let sd = match line.sampling_sd {
        Some(sampling) => measure::uncertainty::combine_sum(&[base, sampling]).ok()?,
        None => base,
    };
    (sd > Decimal::ZERO).then_some((Some(sd), weight))
}

#[cfg(test)]
mod tests {
    use kernel::Refuse;

    use super::*;
    use crate::flowsheet::rules::tests::drawn;

    fn found(analyte: &str, figure: &str, unit: &str) -> Found {
        Found {
            id: ResultId(9),
            analyte: Analyte::parse(analyte),
            figure: figure.parse().ok(),
            unit: unit.parse().unwrap(),
            basis: Basis::Dry,
            standard_uncertainty: "0.10".parse().ok(),
            valid: true,
        }
    }

    fn told(json: &str, result: Option<&Found>, lot: Option<&str>) -> String {
        let line: Line = serde_json::from_str(json).unwrap();
        let lot = lot.map(|kg| kg.parse().unwrap());
        match settle(&drawn("f:>a p:a>"), &line, result, lot, MeasurementId(1)) {
            Ok(m) => {
                let sd =
                    m.sd.map(|sd| {
                        crate::solve::text::rounded(sd, 6).into_text().decimal().normalize().to_string()
                    })
                    .unwrap_or_default();
                format!("{} ± {sd} {}", m.value.normalize(), m.weight.word())
            }
            Err(refused) => refused.refusal().code,
        }
    }

    #[test]
    fn every_figure_has_a_unit_and_a_weight_with_its_source() {
        let mn = found("Mn", "21.40", "%");
        let mno = found("MnO", "10.00", "%");
        let void = Found { valid: false, ..mn.clone() };
        let wet = Found { basis: Basis::AsReceived, ..mn.clone() };
        let table: [(&str, Option<&Found>, Option<&str>, &str); 13] = [
            (
                r#"{"stream":"f","of":"flow","value":"1200","unit":"kg","sd":"6","weight":"stated"}"#,
                None,
                None,
                "1.2 ± 0.006 stated",
            ),
            (
                r#"{"of":"flow","stream":"f","value":"9","unit":"t","sd_percent":"1",
                    "weight":"meter-class"}"#,
                None,
                None,
                "9 ± 0.051962 meter-class",
            ),
            (r#"{"stream":"f","of":"flow","value":"1200","unit":"t"}"#, None, None, "balance-no-weight"),
            (
                r#"{"stream":"f","of":"flow","value":"1200","unit":"t","sd":"0","weight":"stated"}"#,
                None,
                None,
                "balance-no-weight",
            ),
            (
                r#"{"stream":"f","of":"flow","value":"1200","sd":"1","weight":"stated"}"#,
                None,
                None,
                "balance-figure",
            ),
            (
                r#"{"stream":"f","of":"flow","value":"-1","unit":"t","sd":"1","weight":"stated"}"#,
                None,
                None,
                "balance-figure",
            ),
            (
                r#"{"stream":"x","of":"flow","value":"1","unit":"t","sd":"1","weight":"stated"}"#,
                None,
                None,
                "balance-unknown",
            ),
            (
                r#"{"stream":"f","of":"Mn","result":"result-9"}"#,
                Some(&mn),
                None,
                "21.4 ± 0.1 method-uncertainty",
            ),
            (
                r#"{"stream":"f","of":"Mn","result":"result-9","sampling_sd":"0.24"}"#,
                Some(&mn),
                None,
                "21.4 ± 0.26 method-uncertainty",
            ),
            (r#"{"stream":"f","of":"Mn","result":"result-9"}"#, Some(&void), None, "balance-result-void"),
            (r#"{"stream":"f","of":"Mn","result":"result-9"}"#, Some(&wet), None, "balance-figure"),
            (r#"{"stream":"f","of":"Mn","value":"<0.05","unit":"%"}"#, None, None, "0.05 ±  stated"),
            (
                r#"{"stream":"f","of":"flow","lot":"lot-3","sd_percent":"0.1","weight":"stated"}"#,
                None,
                Some("25000"),
                "25 ± 0.025 stated",
            ),
        ];
        for (json, result, lot, expected) in table {
            assert_eq!(told(json, result, lot), expected, "{json}");
        }
        let oxide = told(r#"{"stream":"f","of":"Mn","result":"result-9"}"#, Some(&mno), None);
        assert!(oxide.starts_with("7.74"), "{oxide}: MnO is counted as Mn");
    }
}
