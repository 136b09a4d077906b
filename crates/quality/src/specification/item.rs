//! One line of a specification: what is limited, how it is compared, and by which methods it is found.

use kernel::MethodId;
use measure::censored::Treatment;
use measure::{
    Analyte, Basis, Bound, Comparison, Decimal, DecimalText, DecisionRule, JudgementRule, Limit,
    RoundingRule, Unit,
};
use serde::{Deserialize, Serialize};

use super::sense::ItemError;
use crate::given::{Count, YesNo};

/// What several samples of one lot come to. Never the latest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SampleRule {
    /// Their arithmetic mean, with their number.
    Mean,
    /// The one that lies worst against the limit.
    Worst,
    /// Each is judged and reported by itself.
    Each,
    /// Their mean by the mass of the samples, as increments of one plan (ISO 3082:2017, 5.1).
    ByIncrement,
}

impl SampleRule {
    /// Its word, as it is given and stored.
    pub const fn word(self) -> &'static str {
        match self {
            SampleRule::Mean => "mean",
            SampleRule::Worst => "worst",
            SampleRule::Each => "each",
            SampleRule::ByIncrement => "by_increment",
        }
    }
}

/// What several results of one sample come to: duplicates and retests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RepeatRule {
    /// Their arithmetic mean.
    Mean,
    /// The one that lies worst against the limit.
    Worst,
}

impl RepeatRule {
    /// Its word, as it is given and stored.
    pub const fn word(self) -> &'static str {
        match self {
            RepeatRule::Mean => "mean",
            RepeatRule::Worst => "worst",
        }
    }
}

/// One line of a specification, as it is given and stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// What is limited: an element (`Cd`), an oxide (`La2O3`), a ratio (`La2O3/TREO`), a sum (`TREO`) or a
    /// property.
    #[schema(value_type = String)]
    pub analyte: Analyte,
    /// The least that is acceptable.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower: Option<DecimalText>,
    /// The most that is acceptable.
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper: Option<DecimalText>,
    /// Whether the limits themselves are unacceptable: `<` rather than `≤`.
    #[serde(default)]
    pub exclusive: YesNo,
    /// The unit of the limits.
    #[schema(value_type = String)]
    pub unit: Unit,
    /// The state of the material that the limits refer to: `dry`, `as_received`, `calcined`, `not_stated`.
    #[schema(value_type = String)]
    pub basis: Basis,
    /// Decimal places of the reported figure; left out, it is printed as the laboratory reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Count>,
    /// `gb8170_half_even` (the default), `half_up` or `astm_e29`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    pub rounding: RoundingRule,
    /// What is compared with the limit: `full_value` (the default) or `rounded_value` (GB/T 8170 clause 4).
    #[schema(value_type = Option<String>)]
    #[serde(default = "full_value")]
    pub comparison: Comparison,
    /// Width of the guard band in the unit of the limits; left out, the limit itself decides (ISO/IEC 17025
    /// 7.8.6).
    #[schema(value_type = Option<String>)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard_band: Option<Decimal>,
    /// For a sum: its members, or the name of a stored definition such as `TREO`, `LREO`, `TREO-without-Y`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sum_of: Vec<String>,
    /// How values below their limit count in a sum, ratio or mean, and what is said of it: `upper_bound`
    /// (`<0.03`),
    /// `lower_bound` (`≥45.2`), or a fraction such as `0.5`, which is named on the certificate. Left out, it
    /// is the bound that matters: the lower one where there is a lower limit only, else the upper one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<String>,
    /// What several samples of a lot come to: `mean`, `worst`, `each` or `by_increment`. Left out, the
    /// edition's rule; without one, the worst against a limit, and each where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<SampleRule>,
    /// What several results of one sample come to: `mean` or `worst`. Left out, as with samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<RepeatRule>,
    /// The methods whose results count; none means any.
    #[schema(value_type = Vec<String>)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<MethodId>,
    /// Whether a lot can be released without a result for it: no, unless said.
    #[serde(default)]
    pub optional: YesNo,
}

fn full_value() -> Comparison {
    Comparison::FullValue
}

impl Item {
    /// The limit, absent when the figure is only reported.
    ///
    /// # Errors
    /// Bounds without room between them.
    pub fn limit(&self) -> Result<Option<Limit>, ItemError> {
        let inclusive = !self.exclusive.0;
        let bound = |value: &Option<DecimalText>| value.clone().map(|value| Bound { value, inclusive });
        let (lower, upper) = (bound(&self.lower), bound(&self.upper));
        if lower.is_none() && upper.is_none() {
            return Ok(None);
        }
        Ok(Some(Limit::new(lower, upper, self.unit, self.basis)?))
    }

    /// How it is judged.
    pub fn rule(&self) -> JudgementRule {
        let decision = self.guard_band.map_or(DecisionRule::SimpleAcceptance, DecisionRule::GuardBand);
        JudgementRule { comparison: self.comparison, rounding: self.rounding, decision }
    }

    /// How censored members count.
    ///
    /// # Errors
    /// A word that names no treatment.
    pub fn treatment(&self) -> Result<Treatment, ItemError> {
        let from_below = self.lower.is_some() && self.upper.is_none();
        let unsaid = if from_below { Treatment::LowerBound } else { Treatment::UpperBound };
        let Some(text) = self.treatment.as_deref() else { return Ok(unsaid) };
        match text.trim() {
            "" => Ok(unsaid),
            "upper_bound" => Ok(Treatment::UpperBound),
            "lower_bound" => Ok(Treatment::LowerBound),
            other => match other.parse::<Decimal>() {
                Ok(fraction) if (Decimal::ZERO..=Decimal::ONE).contains(&fraction) => {
                    Ok(Treatment::Substitution(fraction))
                }
                _ => Err(ItemError::Treatment(other.to_owned())),
            },
        }
    }

    /// The members of a sum, or of a ratio's whole: those listed, or those of the definition it names; none
    /// when it is no sum.
    ///
    /// # Errors
    /// A name that no definition has.
    pub fn members(&self) -> Result<Vec<Analyte>, ItemError> {
        let definition = |name: &str| {
            let all = measure::rare_earth::Definition::standard();
            all.into_iter().find(|definition| definition.name() == name)
        };
        let oxides = |definition: measure::rare_earth::Definition| {
            let oxide = |element| measure::rare_earth::oxide(element).ok().map(|of| of.to_string());
            definition.members().iter().copied().filter_map(oxide).map(|of| Analyte::parse(&of)).collect()
        };
        let summed = match &self.analyte {
            Analyte::Ratio { whole, .. } => whole.as_ref(),
            other => other,
        };
        match (self.sum_of.as_slice(), summed) {
            ([], Analyte::Group(name) | Analyte::Other(name)) => {
                Ok(definition(name).map(oxides).unwrap_or_default())
            }
            ([], _) => Ok(Vec::new()),
            ([name], _) => match (definition(name), Analyte::parse(name)) {
                (Some(found), _) => Ok(oxides(found)),
                (None, Analyte::Group(_) | Analyte::Other(_)) => Err(ItemError::Definition(name.clone())),
                (None, single) => Ok(vec![single]),
            },
            (names, _) => Ok(names.iter().map(|name| Analyte::parse(name)).collect()),
        }
    }

    /// Whether it lists other members than its name is defined by: then a result for that name is of another
    /// sum.
    pub(crate) fn redefines(&self) -> bool {
        let plain = Item { sum_of: Vec::new(), ..self.clone() };
        let (own, listed) = (plain.members().unwrap_or_default(), self.members().unwrap_or_default());
        let differs = own.len() != listed.len() || listed.iter().any(|one| !own.contains(one));
        !self.sum_of.is_empty() && !own.is_empty() && differs
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn item(json: &str) -> Item {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_sum_knows_its_members_by_definition_or_by_list() {
        let treo = item(r#"{"analyte":"TREO","lower":"92","unit":"%","basis":"dry"}"#);
        assert_eq!(treo.members().unwrap().len(), 15);
        let listed = item(r#"{"analyte":"Ca+Mg","upper":"1","unit":"%","basis":"dry","sum_of":["Ca","Mg"]}"#);
        assert_eq!(listed.members().unwrap(), [Analyte::parse("Ca"), Analyte::parse("Mg")]);
        let named = item(r#"{"analyte":"TREO-without-Y","lower":"92","unit":"%","basis":"dry"}"#);
        assert_eq!(named.members().unwrap().len(), 14);
        assert!(item(r#"{"analyte":"Cd","unit":"%","basis":"dry"}"#).members().unwrap().is_empty());
    }
}
