//! Dates that do not tell day from month: the file asks, nothing is recorded, and a person answers once.
//!
//! While a file asks, none of its readings exists: no instant, calibration or authorisation is frozen onto
//! anything. Who answers is taken to have measured, under the authorisation they have at that instant and the
//! method's edition then in force, as if they had brought the file in at that moment.

use kernel::{Act, Activity, AuthorisationId, Edge, EdgeRole, ImportId, MethodVersionId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::refusals::NoImport;
use super::rows;
use crate::given::{Reason, words};
use crate::method;

words! {
    /// In which order dates name day and month.
    DateOrder {
        /// 31/12/2026.
        DayFirst = "day_first",
        /// 12/31/2026.
        MonthFirst = "month_first",
        /// 2026/12/31.
        YearFirst = "year_first",
    }
}

impl DateOrder {
    /// As the reader of files has it.
    pub fn of_file(self) -> intake::DateOrder {
        match self {
            DateOrder::DayFirst => intake::DateOrder::DayFirst,
            DateOrder::MonthFirst => intake::DateOrder::MonthFirst,
            DateOrder::YearFirst => intake::DateOrder::YearFirst,
        }
    }

    fn from_file(order: intake::DateOrder) -> Self {
        match order {
            intake::DateOrder::DayFirst => DateOrder::DayFirst,
            intake::DateOrder::MonthFirst => DateOrder::MonthFirst,
            intake::DateOrder::YearFirst => DateOrder::YearFirst,
        }
    }
}

/// A date of the file, and what it says in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateMeaning {
    /// Row of the file.
    pub place: String,
    /// As written.
    pub text: String,
    /// In this order.
    pub order: DateOrder,
    /// It says this, on the instrument's clock.
    pub means: String,
}

/// What is asked of a person about the dates of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateQuestion {
    /// How many rows have a date that can be read in two ways.
    pub rows: u64,
    /// Examples of them, with each meaning.
    pub doubtful: Vec<DateMeaning>,
    /// Dates that can be read in one order only: what the file itself says.
    pub certain: Vec<DateMeaning>,
}

impl DateQuestion {
    /// As the reader of files asks it.
    pub(super) fn of(found: &intake::DateQuestion) -> Self {
        let flat = |all: &[intake::DateExample]| {
            let each = all.iter().flat_map(|one| one.means.iter().map(move |means| (one, means)));
            let each = each.map(|(one, means)| DateMeaning {
                place: one.row.clone(),
                text: one.text.clone(),
                order: DateOrder::from_file(means.order),
                means: means.at.clone(),
            });
            each.collect()
        };
        DateQuestion { rows: found.rows, doubtful: flat(&found.examples), certain: flat(&found.certain) }
    }

    /// The orders that can be answered: those in which a doubtful date means something, each once.
    pub fn orders(&self) -> Vec<DateOrder> {
        let all = self.doubtful.iter().map(|one| one.order);
        all.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }

    /// Whether an order can be true of the whole file; if not, a date that contradicts it.
    pub fn allows(&self, order: DateOrder) -> Result<(), NoDateOrder> {
        if !self.orders().contains(&order) {
            return Err(NoDateOrder::Fits(order));
        }
        match self.certain.iter().find(|one| one.order != order) {
            Some(one) => Err(NoDateOrder::Contradicts { order, date: one.clone() }),
            None => Ok(()),
        }
    }
}

/// Why an order cannot be stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoDateOrder {
    /// No date of the file can be read in it.
    Fits(DateOrder),
    /// A date of the file can only be read otherwise.
    Contradicts {
        /// What was stated.
        order: DateOrder,
        /// The date.
        date: DateMeaning,
    },
}

/// Ask for the date order of a file.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskDateOrder {
    /// The import.
    pub import: ImportId,
    /// What is asked.
    pub question: DateQuestion,
}

impl Command for AskDateOrder {
    const NAME: &'static str = "import.ask_date_order";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"import": "import-20", "question": {"rows": 57, "certain": [],
        "doubtful": [{"place": "2", "text": "08/02/2016", "order": "day_first", "means": "2016-02-08"},
        {"place": "2", "text": "08/02/2016", "order": "month_first", "means": "2016-08-02"}]}}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        let import = rows::known(db, self.import)?;
        if import.finished_at.is_some() {
            return Err(NoImport::Finished(import.id).into());
        }
        if import.recorded > 0 || import.date_order.is_some() {
            return Err(NoImport::NoDateQuestion(import.id).into());
        }
        if import.date_question.is_some() {
            return Ok(Facts::new());
        }
        Ok(Facts::one(DateOrderAsked { import: self.import, question: self.question.clone() }))
    }
}

/// A file's dates do not tell day from month; nothing of it is recorded until a person says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DateOrderAsked {
    /// The import.
    pub import: ImportId,
    /// What is asked.
    pub question: DateQuestion,
}

impl Fact for DateOrderAsked {
    const KIND: &'static str = "import.date_order_asked";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.import.into()]
    }

    fn apply(&self, db: &mut Db, _: &Applied) -> Result<(), StoreError> {
        rows::ask_date_order(db, self)
    }

    fn samples() -> Vec<Self> {
        let command: AskDateOrder = serde_json::from_str(AskDateOrder::EXAMPLE).expect("the example parses");
        vec![DateOrderAsked { import: command.import, question: command.question }]
    }
}

/// State in which order the dates of a file name day and month; its readings are then recorded.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StateDateOrder {
    /// The import that asks.
    pub import: ImportId,
    /// The order.
    pub order: DateOrder,
    /// How you know: the setting of the instrument's computer, the day of the run.
    pub why: Option<Reason>,
}

impl Command for StateDateOrder {
    const NAME: &'static str = "import.state_date_order";
    const ROLES: &'static [Role] = &[Role::Analyst, Role::LaboratoryHead];
    const EXAMPLE: &'static str =
        r#"{"import": "import-20", "order": "month_first", "why": "the instrument's computer says so"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        let import = rows::by_id(db, self.import)?;
        let act = |method: kernel::MethodId| Act { activity: Activity::Test, scope: Some(method.into()) };
        Ok(import.map(|import| act(import.method)).into_iter().collect())
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let import = rows::known(db, self.import)?;
        if import.finished_at.is_some() {
            return Err(NoImport::Finished(import.id).into());
        }
        let Some(question) = import.date_question.filter(|_| import.date_order.is_none()) else {
            return Err(NoImport::NoDateQuestion(import.id).into());
        };
        question.allows(self.order).map_err(|why| NoImport::DateOrder(import.id, why))?;
        // A worksheet was opened on an edition; if another is in force by now, it cannot be entered on.
        let edition = import.worksheet.map(|_| import.version);
        let today = crate::day(db, cx.at)?;
        let version = method::rows::to_enter_on(db, import.method, edition, today)?;
        Ok(Facts::one(DateOrderStated {
            import: self.import,
            order: self.order,
            why: self.why.as_ref().map(|why| why.as_str().to_owned()),
            version: version.id,
            authorisation: cx.authorisations.first().copied(),
        }))
    }
}

/// The date order of a file was stated: from here on it is imported, by and under whom this says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DateOrderStated {
    /// The import.
    pub import: ImportId,
    /// The order.
    pub order: DateOrder,
    /// How the person knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The method's edition in force at this instant.
    pub version: MethodVersionId,
    /// The authorisation of the person who stated it.
    pub authorisation: Option<AuthorisationId>,
}

impl Fact for DateOrderStated {
    const KIND: &'static str = "import.date_order_stated";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.import.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let edge = |from| Edge::new(from, self.import, EdgeRole::Authorisation);
        self.authorisation.map(edge).into_iter().collect()
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::state_date_order(db, self, applied)?;
        store::jobs::enqueue(db, "import.continue", self.import.into(), applied)
    }

    fn samples() -> Vec<Self> {
        vec![DateOrderStated {
            import: ImportId(20),
            order: DateOrder::MonthFirst,
            why: Some("the instrument's computer says so".to_owned()),
            version: MethodVersionId(2),
            authorisation: Some(AuthorisationId(11)),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str, order: DateOrder) -> DateMeaning {
        DateMeaning { place: "2".into(), text: text.into(), order, means: String::new() }
    }

    #[test]
    fn an_order_is_taken_that_no_date_of_the_file_contradicts() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        let doubtful = vec![meaning("08/02/2016", DayFirst), meaning("08/02/2016", MonthFirst)];
        let certain = meaning("13/02/2016", DayFirst);
        let contradicts = |order| Err(NoDateOrder::Contradicts { order, date: certain.clone() });
        for (known, order, expected) in [
            (vec![], DayFirst, Ok(())),
            (vec![], MonthFirst, Ok(())),
            (vec![], YearFirst, Err(NoDateOrder::Fits(YearFirst))),
            (vec![certain.clone()], DayFirst, Ok(())),
            (vec![certain.clone()], MonthFirst, contradicts(MonthFirst)),
        ] {
            let question = DateQuestion { rows: 1, doubtful: doubtful.clone(), certain: known };
            assert_eq!(question.allows(order), expected, "{order}");
        }
    }
}
